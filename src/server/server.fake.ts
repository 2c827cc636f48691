import { deepStrictEqual, match, strictEqual } from 'node:assert/strict';
import { Agent, request } from 'undici';
import { Problem } from '#api/problem.ts';
import type { Route } from '#api/route.ts';
import { routes, type RouteId, type Routes } from '#api/routes.ts';
import type { z } from 'zod';
import { TokenError } from '#api/token-exchange.ts';
import { MemoryWitnessStore } from '#audit/log/memory-witness-store.fake.ts';
import { createWitness } from '#audit/log/witness.ts';
import { textsOf } from '#audit/log/event-texts.fake.ts';
import { MemoryLogStore } from '#audit/log/memory-log-store.fake.ts';
import { readLogStanding } from '#audit/log/log-standing.ts';
import { createNoteSigner } from '#audit/log/note-key.ts';
import { deriveLogKey, logOriginOf } from '#audit/log/log-key.ts';
import { createSealer } from '#audit/log/sealer.ts';
import { createTransparencyLog } from '#audit/log/transparency-log.ts';
import { newId } from '#core/ids.ts';
import { createJsonLogger } from '#core/log.ts';
import type { StoredSession } from '#people/ports.ts';
import { FakeBroker, NOW_MS } from './broker.fake.ts';
import { exampleFiles } from './access/access-example.fake.ts';
import { createTestAccess } from './access/access.fake.ts';
import { createTestDecisions } from './decisions.fake.ts';
import type { ServerDependencies } from './dependencies.ts';
import { createTestFindings } from './findings.fake.ts';
import { createTestInventory } from './inventory/inventory.fake.ts';
import { createTestPeople, ISSUER, type TestGroup } from './people/people.fake.ts';
import { createTestSinks } from './sinks.fake.ts';
import { hashToken, newSessionToken } from './secret-tokens.ts';
import { createServer } from './server.ts';
import { FakeEventStore, FakeSealedSecrets, FakeSessionStore } from './stores.fake.ts';

export const PUBLIC_URL = 'https://vouchgate.acme.example';

export interface TestAnswer {
  status: number;
  headers: Record<string, string | string[] | undefined>;
  text: string;
  bytes: Buffer;
  json: unknown;
}

export interface TestCall {
  method?: 'GET' | 'POST' | 'PUT' | 'DELETE' | 'HEAD' | 'OPTIONS' | 'PATCH';
  path: string;
  headers?: Record<string, string>;
  token?: string;
  json?: unknown;
  form?: Record<string, string> | string;
  body?: string | Buffer;
}

function contentOf(call: TestCall): { body?: string | Buffer; type?: string } {
  if (call.json !== undefined) return { body: JSON.stringify(call.json), type: 'application/json' };
  if (call.form === undefined) return call.body === undefined ? {} : { body: call.body };
  const body = typeof call.form === 'string' ? call.form : new URLSearchParams(call.form).toString();
  return { body, type: 'application/x-www-form-urlencoded' };
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** A real server on loopback with fakes behind it, a clock that stands still until it is turned, and its log. */
export async function startTestServer(change: Partial<ServerDependencies> = {}) {
  const broker = new FakeBroker();
  const events = new FakeEventStore();
  const sessions = new FakeSessionStore();
  const sealedSecrets = new FakeSealedSecrets();
  const lines: string[] = [];
  const time = { nowMs: NOW_MS };
  const clock = { nowMs: () => time.nowMs };
  const log = createJsonLogger({ level: 'debug', now: clock.nowMs, write: (line) => lines.push(line) });
  const logStore = new MemoryLogStore();
  const logSigner = createNoteSigner(
    logOriginOf(PUBLIC_URL),
    'ed25519',
    deriveLogKey(Buffer.alloc(32, 1), 'log'),
  );
  const sealer = createSealer({
    store: logStore,
    events: textsOf(events),
    origin: logSigner.name,
    signers: () => [logSigner],
    clock,
  });
  const transparencyLog = createTransparencyLog({ store: logStore, events, key: logSigner });
  const findings = createTestFindings(clock);
  const witness = createWitness({
    store: new MemoryWitnessStore(),
    signer: createNoteSigner(
      'witness.acme.example',
      'ed25519-cosignature',
      deriveLogKey(Buffer.alloc(32, 1), 'witness'),
    ),
    logs: () => [logSigner],
    clock,
  });
  const sinks = createTestSinks();
  const access = createTestAccess(clock, events, true);
  await access.use(exampleFiles);
  const { decisions, configurations, indexDecisions, versions } = createTestDecisions(events, clock);
  const inventory = createTestInventory(findings.tracker, clock);
  const logStanding = () => readLogStanding({ store: logStore, events, witnesses: [], quorum: 1 });
  const people = await createTestPeople();
  const server = createServer({
    people: people.dependencies,
    findings,
    inventory,
    broker,
    events,
    sessions,
    sealedSecrets,
    transparencyLog,
    witness,
    sinks,
    decisions,
    access,
    configurations,
    logStanding,
    witnessedCheckpoint: async () => undefined,
    signingKeys: { jwks: () => ({ keys: [{ kty: 'EC', kid: 'k1' }] }), issuer: PUBLIC_URL },
    readiness: async () => {},
    clock,
    log,
    publicUrl: PUBLIC_URL,
    trustedProxies: [],
    ...change,
  });
  const { url } = await server.listen({ host: '127.0.0.1', port: 0 });
  const agent = new Agent({ connections: 8, pipelining: 1 });

  const call = async (wanted: TestCall): Promise<TestAnswer> => {
    const { body, type } = contentOf(wanted);
    const answer = await request(`${url}${wanted.path}`, {
      method: wanted.method ?? (body === undefined ? 'GET' : 'POST'),
      dispatcher: agent,
      headers: {
        ...(type === undefined ? {} : { 'content-type': type }),
        ...(wanted.token === undefined ? {} : { authorization: `Bearer ${wanted.token}` }),
        ...wanted.headers,
      },
      ...(body === undefined ? {} : { body }),
    });
    const bytes = Buffer.from(await answer.body.arrayBuffer());
    const text = bytes.toString('utf8');
    return { status: answer.statusCode, headers: answer.headers, text, bytes, json: parsed(text) };
  };

  /** A session that is in the store already, without the way through a link: an owner's, unless told otherwise. */
  const openSession = (change: Partial<StoredSession> = {}): string => {
    const token = newSessionToken().reveal();
    const createdAtMs = time.nowMs;
    sessions.sessions.set(hashToken(token), {
      id: 'ses_01JBTXQ4G6M7W8Z9V0R2K3N5PA',
      tokenHash: hashToken(token),
      subject: 'admin',
      name: undefined,
      signedInBy: 'link',
      issuer: undefined,
      groups: [],
      browser: false,
      client: undefined,
      sourceIp: undefined,
      createdAtMs,
      expiresAtMs: createdAtMs + 43_200_000,
      lastUsedAtMs: createdAtMs,
      revokedAtMs: undefined,
      ...change,
    });
    return token;
  };

  /** A session of somebody who signed in, with the role that the group of the same name gives. */
  const openSessionAs = (group: TestGroup, change: Partial<StoredSession> = {}): string =>
    openSession({
      id: newId('ses', clock),
      subject: `${group}-person`,
      signedInBy: 'oidc',
      issuer: ISSUER,
      groups: [group],
      ...change,
    });

  const close = async () => {
    await agent.close();
    await server.close({ graceMs: 1_000 });
  };
  return {
    url,
    server,
    broker,
    events,
    sessions,
    sealedSecrets,
    findings,
    inventory,
    lines,
    time,
    clock,
    logSigner,
    logStore,
    witness,
    sinks,
    decisions,
    access,
    configurations,
    logStanding,
    witnessedCheckpoint: async () => undefined,
    indexDecisions,
    versions,
    transparencyLog,
    sealLog: () => sealer.seal(),
    call,
    people: people.dependencies,
    testPeople: people,
    openSession,
    openSessionAs,
    close,
  };
}

export type TestServer = Awaited<ReturnType<typeof startTestServer>>;

export const exchangeForm = {
  grant_type: 'urn:ietf:params:oauth:grant-type:token-exchange',
  subject_token: 'aaa.bbb.ccc',
  subject_token_type: 'urn:ietf:params:oauth:token-type:jwt',
  audience: 'shop-db',
};

type ValueOf<Id extends RouteId> = Routes[Id]['answer'] extends { schema: infer Schema extends z.ZodType }
  ? z.output<Schema>
  : undefined;

/** The answer's value, after it was found to be exactly as the route table says: nothing missing, nothing more. */
export function valueOf<Id extends RouteId>(id: Id, answer: TestAnswer): ValueOf<Id> {
  const route: Route = routes[id];
  strictEqual(answer.status, route.answer.status, answer.text);
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- the route has no schema, so no value
  if (route.answer.schema === undefined) return undefined as ValueOf<Id>;
  strictEqual(answer.headers['content-type'], route.answer.mediaType ?? 'application/json');
  const value = route.answer.schema.parse(answer.json);
  deepStrictEqual(value, answer.json);
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- parsed by the schema of this very route
  return value as ValueOf<Id>;
}

/** The problem of an answer, after it was found to be a whole one of RFC 9457. */
export function problemIn(answer: TestAnswer): Problem {
  strictEqual(answer.headers['content-type'], 'application/problem+json', answer.text);
  const problem = Problem.parse(answer.json);
  deepStrictEqual(problem, answer.json);
  strictEqual(problem.status, answer.status);
  strictEqual(problem.type, `urn:vouchgate:error:${problem.code}`);
  return problem;
}

/** The error of a token endpoint's answer, after it was found to be a whole one of RFC 6749 §5.2. */
export function tokenErrorIn(answer: TestAnswer): TokenError {
  strictEqual(answer.headers['cache-control'], 'no-store');
  const error = TokenError.parse(answer.json);
  deepStrictEqual(error, answer.json);
  match(error.error_description, /^[\u0020-\u0021\u0023-\u005b\u005d-\u007e]+$/);
  return error;
}
