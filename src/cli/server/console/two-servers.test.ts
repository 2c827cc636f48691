import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { routes, type RouteId } from '#api/routes.ts';
import { systemClock } from '#core/clock.ts';
import { silentLogger } from '#core/log.ts';
import {
  type DevelopmentIssuer,
  githubActionsClaims,
  startDevelopmentIssuer,
} from '#identity/emulator/development-issuer.ts';
import { openPostgresStorage } from '#storage/postgres/open-postgres-storage.ts';
import { findPostgres } from '../../local-postgres/find-postgres.ts';
import { type LocalPostgres, startLocalPostgres } from '../../local-postgres/start-local-postgres.ts';
import { type EditableFolder, openEditableFolder } from '../editable-folder.ts';
import { type RunningServer, startServer } from '../start-server.ts';

const binaries = findPostgres();
const URL_OF_SERVERS = 'http://127.0.0.1:8440';
const SEEN_WITHIN_MS = 2_000;

const claims = githubActionsClaims({ repository: 'acme/shop' });
const policy = `@id("shop-publish")
permit (
  principal in Project::"github/${String(claims['repository_id'])}",
  action == Action::"issue",
  resource == Resource::"registry"
);
`;

function configurationFor(issuer: string): string {
  return `version: 1
url: ${URL_OF_SERVERS}
changes: { approvals: 0 }
identityProviders:
  github: { type: github-actions, issuer: ${issuer}, required: { repository: acme/shop } }
credentialProviders:
  own: { type: oidc-token }
resources:
  registry:
    credentialProvider: own
    parameters: { audience: https://packages.example }
network: { allowPrivateHosts: ["${new URL(issuer).host}"] }
`;
}

describe.skipIf(binaries === undefined)('two servers on one PostgreSQL', () => {
  let database: LocalPostgres;
  let issuer: DevelopmentIssuer;
  let folder: string;
  let owner: RunningServer;
  let other: RunningServer;
  let token: string;

  const start = async (editable: EditableFolder, writes: boolean): Promise<RunningServer> =>
    startServer({
      storage: await openPostgresStorage({
        url: database.url.reveal(),
        log: silentLogger,
        clock: systemClock,
        connectionsMax: 4,
      }),
      masterKey: Buffer.alloc(32, 1),
      readFiles: () => editable.read(),
      ...(writes ? { editable } : {}),
      listen: { host: '127.0.0.1', port: 0 },
      tls: undefined,
      env: {},
      clock: systemClock,
      log: silentLogger,
    });

  /** By hand, as this is about two servers and not about clients. */
  const call = async (server: RunningServer, id: RouteId, body?: object, path: string = routes[id].path) => {
    const answer = await fetch(`${server.url}${path}`, {
      method: routes[id].method,
      headers: {
        ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      signal: AbortSignal.timeout(10_000),
    });
    return { status: answer.status, json: JSON.parse(await answer.text()) };
  };

  const exchange = async (server: RunningServer) => {
    const subject = issuer.issueToken({
      ...claims,
      aud: URL_OF_SERVERS,
      jti: crypto.randomUUID(),
    });
    const answer = await fetch(`${server.url}/oauth2/token`, {
      method: 'POST',
      body: new URLSearchParams({
        grant_type: 'urn:ietf:params:oauth:grant-type:token-exchange',
        subject_token: subject,
        subject_token_type: 'urn:ietf:params:oauth:token-type:jwt',
        audience: 'registry',
      }),
      signal: AbortSignal.timeout(10_000),
    });
    const json = JSON.parse(await answer.text());
    return answer.status === 200 ? 'issued' : json.reason;
  };

  /** What it is in the end, and after how long at most it had to be. */
  const becomes = async (probe: () => Promise<unknown>, wanted: unknown, withinMs: number) => {
    const until = systemClock.nowMs() + withinMs;
    for (;;) {
      const value = await probe();
      if (value === wanted || systemClock.nowMs() > until) return value;
      await wait(50);
    }
  };

  beforeAll(async () => {
    database = await startLocalPostgres({ binaries: binaries ?? '', settings: { fsync: 'off' } });
    issuer = await startDevelopmentIssuer({ port: 0, clock: systemClock });
    folder = await mkdtemp(join(tmpdir(), 'vouchgate-servers-'));
    await mkdir(join(folder, 'policies'));
    await writeFile(join(folder, 'vouchgate.yaml'), configurationFor(issuer.issuer));
    await writeFile(join(folder, 'policies/shop.cedar'), policy);
    owner = await start(openEditableFolder(folder), true);
    other = await start(openEditableFolder(folder), false);
    expect([...owner.problems, ...other.problems]).toEqual([]);
    const link = new URL(await owner.adminLink()).hash.replace('#link=', '');
    const session = await call(other, 'openSession', { link });
    token = session.json.token;
  }, 60_000);
  afterAll(async () => {
    await Promise.all([owner?.close(), other?.close()]);
    await issuer?.close();
    await database?.stop();
    await rm(folder, { recursive: true, force: true });
  }, 30_000);

  it('both refuse within two seconds what one of them was told to freeze, and both go on after it', async () => {
    expect([await exchange(owner), await exchange(other)]).toEqual(['issued', 'issued']);
    const target = { kind: 'identityProvider', name: 'github' };
    const frozen = await call(owner, 'createFreeze', { target, reason: 'drill' });
    expect(frozen.status).toBe(201);
    expect(await exchange(owner)).toBe('frozen');
    expect(await becomes(() => exchange(other), 'frozen', SEEN_WITHIN_MS)).toBe('frozen');
    await call(other, 'liftFreeze', undefined, `/v1/freezes/${frozen.json.id}`);
    expect(await exchange(other)).toBe('issued');
    expect(await becomes(() => exchange(owner), 'issued', SEEN_WITHIN_MS)).toBe('issued');
  });

  it('a proposal that is approved at one is put in force by the one that owns the folder', async () => {
    const { json: files } = await call(other, 'getConfigurationFiles');
    expect(files.changes.appliedBy).toBe('checkout');
    const narrowed = policy.replace(
      ');\n',
      ') when { principal has trigger && principal.trigger == "never" };\n',
    );
    const { json: proposal } = await call(other, 'createProposal', {
      title: 'Nobody',
      baseDigest: files.digest,
      changes: { 'policies/shop.cedar': narrowed },
    });
    const path = `/v1/configuration/proposals/${proposal.id}`;
    const body = { resultDigest: proposal.resultDigest };
    const approved = await call(other, 'approveProposal', body, `${path}/approve`);
    expect(approved.json.state).toBe('approved');
    const state = async () => (await call(other, 'getProposal', undefined, path)).json.state;
    expect(await becomes(state, 'applied', 15_000)).toBe('applied');
    expect(await readFile(join(folder, 'policies/shop.cedar'), 'utf8')).toBe(narrowed);
    expect(await exchange(owner)).toBe('no_permit');
  }, 30_000);
});
