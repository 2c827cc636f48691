import { randomBytes, randomInt } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Agent, request } from 'undici';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openStorage } from '#cli/server/open-storage.ts';
import { type RunningServer, startServer } from '#cli/server/start-server.ts';
import { systemClock } from '#core/clock.ts';
import { createJsonLogger } from '#core/log.ts';
import {
  type DevelopmentIssuer,
  githubActionsClaims,
  startDevelopmentIssuer,
} from '#identity/emulator/development-issuer.ts';
import type { Storage } from '#storage/storage.ts';
import { Canary } from './harness/canary.ts';
import { type HostileRequest, hostileRequest, type Loot, rawBytes } from './harness/hostile-request.ts';
import { watchEventLoop } from './harness/loop-watch.ts';
import { Random } from './harness/random.ts';
import { permitDeploys } from './harness/site.ts';
import { findFreePort } from './harness/wait.ts';

/** 100,000 for the acceptance run. */
const RUNS = Number(process.env['VOUCHGATE_FUZZ_RUNS'] ?? 3_000);
const SEED = Number(process.env['VOUCHGATE_FUZZ_SEED'] ?? randomInt(2 ** 31));
const AT_ONCE = 16;
const TOKENS_MAX = 200;
const RAW_TIMEOUT_MS = 10_000;
const BLOCKED_MS_MAX = 500;

let folder: string;
let issuer: DevelopmentIssuer;
let storage: Storage;
let server: RunningServer;
const canary = new Canary();
const masterKey = randomBytes(32);
const logged: string[] = [];
const log = createJsonLogger({
  level: 'debug',
  now: () => systemClock.nowMs(),
  write: (line) => void logged.push(line),
});

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'vouchgate-fuzz-'));
  issuer = await startDevelopmentIssuer({ port: 0, clock: systemClock });
  const port = await findFreePort();
  storage = await openStorage({
    database: undefined,
    path: join(folder, 'vouchgate.db'),
    clock: systemClock,
    log,
  });
  const yaml = `version: 1
url: http://127.0.0.1:${port}
identityProviders: { github: { type: github-actions, issuer: "${issuer.issuer}" } }
credentialProviders: { tokens: { type: oidc-token } }
resources: { partner-api: { credentialProvider: tokens, parameters: { audience: "https://partner.example" } } }
network: { allowPrivateHosts: ["${new URL(issuer.issuer).host}"] }
`;
  server = await startServer({
    storage,
    masterKey,
    readFiles: async () => ({
      'vouchgate.yaml': yaml,
      'policies/partner-api.cedar': permitDeploys('partner-api'),
    }),
    listen: { host: '127.0.0.1', port },
    tls: undefined,
    env: {},
    clock: systemClock,
    log,
  });
  expect(server.problems).toEqual([]);
}, 30_000);
afterAll(async () => {
  await server?.close();
  await issuer?.close();
  await rm(folder, { recursive: true, force: true });
});

async function openLoot(agent: Agent): Promise<Loot> {
  const link = await server.adminLink();
  canary.add('admin link', link.slice(link.indexOf('vgl_')));
  canary.addBytes('master key', masterKey);
  const opened = await request(`${server.url}/v1/sessions`, {
    method: 'POST',
    dispatcher: agent,
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ link }),
  });
  const { token: session } = (await opened.body.json()) as { token: string };
  canary.add('session token', session);
  const sealed = randomBytes(24).toString('base64url');
  canary.add('sealed secret', sealed);
  const unused = await server.adminLink();
  canary.add('unused admin link', unused.slice(unused.indexOf('vgl_')));
  const loot: Loot = {
    issueToken(claims) {
      const token = issuer.issueToken({ ...githubActionsClaims(), aud: server.publicUrl, ...claims });
      remember(loot, token);
      return token;
    },
    url: server.publicUrl,
    tokens: [],
    secrets: [sealed, unused.slice(unused.indexOf('vgl_'))],
    leaseIds: ['lse_00000000000000000000000000'],
    session,
  };
  for (let count = 0; count < 20; count += 1) loot.issueToken({});
  return loot;
}

function remember({ tokens }: Loot, token: string): void {
  canary.addToken('subject token', token);
  if (tokens.length < TOKENS_MAX) tokens.push(token);
  else tokens[randomInt(TOKENS_MAX)] = token;
}

/** An answer that gives a credential or a session is the one that may hold it; from then on it is a secret. */
function learn(loot: Loot, { path }: HostileRequest, status: number, text: string): boolean {
  if (status === 200 && path.startsWith('/oauth2/token')) {
    const { access_token: credential, lease } = JSON.parse(text) as {
      access_token: string;
      lease: { id: string; token: string };
    };
    canary.addToken('issued credential', credential);
    canary.add('lease token', lease.token);
    if (loot.secrets.length < 20) {
      loot.secrets.push(lease.token, credential);
      loot.leaseIds.push(lease.id);
    }
    return true;
  }
  return false;
}

interface Report {
  statuses: Record<string, number>;
  problems: string[];
}

function judge(report: Report, what: string, status: number, text: string, where = ''): void {
  const name = `${what} ${status}`;
  report.statuses[name] = (report.statuses[name] ?? 0) + 1;
  if (status >= 500) report.problems.push(`${name} ${where}: ${text.slice(0, 500)}`);
  const leaks = canary.find(text);
  if (leaks.length > 0) report.problems.push(`${name} ${where}: the answer holds ${leaks.join(', ')}`);
}

async function sendOne(agent: Agent, loot: Loot, random: Random, report: Report): Promise<void> {
  const hostile = hostileRequest(random, loot);
  const { method, path, headers, body } = hostile;
  const answer = await request(`${server.url}${path}`, {
    method: method as 'GET',
    dispatcher: agent,
    headers,
    body: body ?? null,
  });
  const text = await answer.body.text();
  if (learn(loot, hostile, answer.statusCode, text))
    report.statuses['issued'] = (report.statuses['issued'] ?? 0) + 1;
  else judge(report, hostile.kind, answer.statusCode, text, `${method} ${path.slice(0, 100)}`);
}

/** Whatever the bytes: an answer of ours or an end of the connection, in time. */
function sendRaw(loot: Loot, random: Random, report: Report): Promise<void> {
  return new Promise((resolve) => {
    const socket = connect(Number(new URL(server.url).port), '127.0.0.1');
    let text = '';
    socket.setTimeout(RAW_TIMEOUT_MS, () => {
      report.problems.push('raw: the connection was left open');
      socket.destroy();
    });
    socket.setEncoding('latin1');
    socket.on('data', (chunk: string) => (text += chunk));
    socket.on('error', () => undefined);
    socket.on('close', () => {
      judge(report, 'raw', Number(/^HTTP\/1\.1 (\d{3})/.exec(text)?.[1] ?? 0), text);
      resolve();
    });
    socket.end(rawBytes(random, loot));
  });
}

async function attack(loot: Loot, agent: Agent, report: Report): Promise<void> {
  const random = new Random(SEED);
  let left = RUNS;
  await Promise.all(
    Array.from({ length: AT_ONCE }, async () => {
      while (left > 0) {
        left -= 1;
        if (random.chance(0.02)) await sendRaw(loot, random, report);
        else await sendOne(agent, loot, random, report);
      }
    }),
  );
}

async function recordedEvents(): Promise<string> {
  const pages: string[] = [];
  for (let after = 0; ; ) {
    const page = await storage.events.list({ afterSequence: after, limit: 1_000 });
    pages.push(JSON.stringify(page));
    const last = page.at(-1);
    if (last === undefined) return pages.join('\n');
    after = last.sequence;
  }
}

describe(`${RUNS} hostile requests (VOUCHGATE_FUZZ_SEED=${SEED})`, { timeout: 60_000 + RUNS * 10 }, () => {
  it('bring nothing down, block nothing, and no secret comes out anywhere', async () => {
    const agent = new Agent({ connections: AT_ONCE });
    const loot = await openLoot(agent);
    const report: Report = { statuses: {}, problems: [] };
    const watch = watchEventLoop();
    try {
      await attack(loot, agent, report);
    } finally {
      await agent.close();
    }
    const { blockedMsMax } = watch.stop();
    process.stderr.write(
      `fuzz: ${RUNS} requests, ${canary.count} secrets, longest turn ${blockedMsMax} ms, ${JSON.stringify(report.statuses)}\n`,
    );
    expect(report.problems.slice(0, 10)).toEqual([]);
    expect(blockedMsMax).toBeLessThan(BLOCKED_MS_MAX);

    // It still works, so all that was no accident of a server that had given up.
    const fresh = await request(`${server.url}/readyz`);
    expect(fresh.statusCode).toBe(200);
    await fresh.body.dump();
    expect(report.statuses['issued']).toBeGreaterThan(0);

    expect({ log: canary.find(logged.join('\n')) }).toEqual({ log: [] });
    expect({ events: canary.find(await recordedEvents()) }).toEqual({ events: [] });
    for (const file of ['vouchgate.db', 'vouchgate.db-wal', 'vouchgate.db-shm', 'vouchgate.db.lock']) {
      expect({ file, secrets: await canary.findInFile(join(folder, file)) }).toEqual({ file, secrets: [] });
    }
  });
});
