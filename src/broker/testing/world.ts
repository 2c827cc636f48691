import { createDpopKey, type DpopKey } from '#cli/client/dpop-key.ts';
import type { Telemetry } from '#cli/server/telemetry/create-telemetry.ts';
import type { EventStore } from '#audit/ports.ts';
import type { Clock } from '#core/clock.ts';
import { silentLogger } from '#core/log.ts';
import { createLeaseTokens } from '#credentials/lease-tokens.ts';
import type { CredentialProvider } from '#credentials/provider.ts';
import type { Verification } from '#identity/refusal.ts';
import type { VerifiedToken } from '#identity/workload-identity.ts';
import type { AccessRequest, PolicyDecision } from '#policy/access-request.ts';
import { openMemoryStorage } from '#storage/memory/open-memory-storage.ts';
import type { Storage } from '#storage/storage.ts';
import type { Broker } from '../broker.ts';
import { createBroker } from '../create-broker.ts';
import type { ExchangeRequest } from '../exchange.ts';
import type { FreezeAnswer } from '../freeze/freeze-guard.ts';
import type { FreezeSubject } from '../freeze/freeze.ts';
import type { BrokerStore } from '../ports.ts';
import type { PostureInspection } from '../posture-source.ts';
import type { BrokerRuntime, RuntimeCredentialProvider, RuntimeResource, RuntimeSource } from '../runtime.ts';
import { sweepDueLeases, sweepOrphans } from '../sweep.ts';
import { createFakeBackend, createFakeProvider, type FakeBackend } from './fake-backend.ts';
import { externalKind, irrevocableKind, mintedKind } from './fake-backend.ts';
import { createFaultPlan, type FaultPlan } from './fault-plan.ts';

export const START_MS = Date.UTC(2026, 10, 1, 12);
const TOKEN_URL = 'https://vouchgate.acme.example/oauth2/token';

export interface TestServer {
  broker: Broker;
  faults: FaultPlan;
  sweep(): Promise<number>;
  sweepOrphans(): Promise<string[]>;
}

/** Everything that lasts when a server dies: the store, the back-end, the time; and what servers are made of. */
export interface World {
  clock: Clock & { advance(ms: number): void };
  storage: Storage;
  backend: FakeBackend;
  /** Policy: allows everything until a test says otherwise. */
  decide: (request: AccessRequest) => PolicyDecision;
  /** Names of credential providers that the configuration does not have any more. */
  gone: Set<string>;
  /** Policies ask for posture as soon as this is set. */
  posture: (() => PostureInspection) | undefined;
  isConfigured: boolean;
  /** Nothing is frozen until a test says otherwise. */
  freeze: ((subject: FreezeSubject) => FreezeAnswer) | undefined;
  /** Put around the parts of each server that is made from then on. */
  instruments: Pick<Telemetry, 'around' | 'aroundBroker'> | undefined;
  server(faults?: FaultPlan): TestServer;
}

export const allow: PolicyDecision = { outcome: 'allow', determining: ['p'], policyVersion: 'v1' };

export function deny(reason: 'no_permit' | 'forbidden' | 'evaluation_error'): PolicyDecision {
  return { outcome: 'deny', reason, determining: ['p'], facts: [], policyVersion: 'v1' };
}

function resource(name: string, credentialProvider: string): RuntimeResource {
  return {
    name,
    uri: `https://${name}.acme.example/`,
    privileged: false,
    tags: {},
    ttlSeconds: 600,
    ttlSecondsMax: 1_800,
    proofRequired: name === 'guarded',
    credentialProvider,
    parameters: {},
    environment: undefined,
  };
}

const resources = new Map(
  [
    resource('shop-db', 'database'),
    resource('shop-db-2', 'database'),
    resource('guarded', 'database'),
    resource('cloud', 'cloud'),
    resource('registry', 'minted'),
  ].map((each) => [each.name, each]),
);

/** `job-1` is a valid token with that `jti`, `job-1/nojti` one without; anything else is refused. */
function verifyFake(clock: Clock): BrokerRuntime['verify'] {
  return async (token): Promise<Verification<VerifiedToken>> => {
    const match = /^(job-[\w-]+)(\/nojti)?$/.exec(token);
    if (match === null) {
      const message = 'Not a token.';
      return {
        ok: false,
        refusal: { code: 'token_malformed', message, facts: [], remedy: 'Send one.', retryable: false },
      };
    }
    const issuedAtSeconds = Math.floor(clock.nowMs() / 1_000);
    return {
      ok: true,
      value: {
        identity: {
          provider: 'github',
          platform: 'github-actions',
          issuer: 'https://issuer.example',
          subject: 'repo:acme/shop',
          org: { id: '1' },
          project: { id: '2', path: 'acme/shop' },
          claims: {},
        },
        tokenId: match[2] === undefined ? match[1] : undefined,
        tokenDigest: `digest-of-${token}`,
        issuedAtSeconds,
        expiresAtSeconds: issuedAtSeconds + 300,
      },
    };
  };
}

export function createWorld(): World {
  let nowMs = START_MS;
  const clock = {
    nowMs: () => nowMs,
    advance(ms: number) {
      nowMs += ms;
    },
  };
  const world: World = {
    clock,
    storage: openMemoryStorage(),
    backend: createFakeBackend(),
    decide: () => allow,
    gone: new Set(),
    posture: undefined,
    freeze: undefined,
    isConfigured: true,
    instruments: undefined,
    server: (faults = createFaultPlan()) => startServer(world, faults),
  };
  return world;
}

function startServer(world: World, faults: FaultPlan): TestServer {
  const { clock, storage } = world;
  const store = withFaults<BrokerStore>('store', storage.broker, faults);
  const events = withFaults<EventStore>('events', storage.events, faults);
  const provider = (backend: FakeBackend): CredentialProvider =>
    withFaults<CredentialProvider>('provider', createFakeProvider(backend), faults, ['plan']);
  const sources: RuntimeCredentialProvider[] = [
    { name: 'database', kind: externalKind, provider: provider(world.backend) },
    // What these give ends by itself: nothing of it must be found and undone.
    { name: 'cloud', kind: irrevocableKind, provider: provider(createFakeBackend()) },
    { name: 'minted', kind: mintedKind, provider: provider(createFakeBackend()) },
  ];
  const runtimes = createRuntimeSource(world, sources);
  const leaseTokens = createLeaseTokens(Buffer.alloc(32, 7));
  const { instruments } = world;
  const ports = instruments?.around({ runtimes, store, events }) ?? { runtimes, store, events };
  const freezes = {
    check: (subject: FreezeSubject): FreezeAnswer => world.freeze?.(subject) ?? { state: 'clear' },
  };
  const deps = { ...ports, leaseTokens, freezes, clock, log: silentLogger };
  const broker = createBroker(deps);
  return {
    broker: instruments?.aroundBroker(broker) ?? broker,
    faults,
    sweep: () => sweepDueLeases(deps),
    sweepOrphans: () => sweepOrphans(deps),
  };
}

function unasked(): never {
  throw new Error('no policy asks for posture');
}

function createRuntimeSource(world: World, sources: readonly RuntimeCredentialProvider[]): RuntimeSource {
  const known = (): RuntimeCredentialProvider[] => sources.filter(({ name }) => !world.gone.has(name));
  const runtime: BrokerRuntime = {
    verify: verifyFake(world.clock),
    policy: {
      version: 'v1',
      decide: (request) => world.decide(request),
      needsPosture: () => world.posture !== undefined,
      outlook(request) {
        if (world.posture !== undefined) return 'depends-on-posture';
        return world.decide(request).outcome === 'allow' ? 'permitted' : 'denied';
      },
    },
    posture: world.posture && {
      postureOf: async () => world.posture?.() ?? unasked(),
      close: async () => {},
    },
    resourceByName: (name) => resources.get(name),
    resourceByUri: (uri) => [...resources.values()].find((each) => each.uri === uri),
    resourceNames: () => resources.keys(),
    credentialProvider: (name) => known().find((source) => source.name === name),
    credentialProviders: known,
  };
  return {
    current: () => (world.isConfigured ? runtime : undefined),
    status: () => {
      throw new Error('not asked here');
    },
  };
}

/** Each method that returns a promise becomes a step that can fail. */
function withFaults<T extends object>(
  area: string,
  target: T,
  faults: FaultPlan,
  pure: readonly string[] = [],
): T {
  return new Proxy(target, {
    get(object, key) {
      const value: unknown = Reflect.get(object, key);
      if (typeof value !== 'function' || typeof key !== 'string' || pure.includes(key)) return value;
      return (...args: unknown[]) =>
        faults.through(`${area}.${key}`, async (): Promise<unknown> => Reflect.apply(value, object, args));
    },
  });
}

export interface AskOptions {
  token?: string;
  target?: ExchangeRequest['target'];
  key?: DpopKey;
  proof?: string;
  ttlSeconds?: number;
  sourceIp?: string;
}

export function createHolderKey(world: World): DpopKey {
  return createDpopKey(world.clock);
}

/** The request of a job; with `key`, it proves that key with a fresh proof. */
export function ask(options: AskOptions = {}): ExchangeRequest {
  const jwt = options.proof ?? options.key?.proofFor('POST', TOKEN_URL);
  return {
    subjectToken: options.token ?? 'job-1',
    target: options.target ?? { name: 'shop-db' },
    ttlSeconds: options.ttlSeconds,
    proof: jwt === undefined ? undefined : { jwt, method: 'POST', url: TOKEN_URL },
    sourceIp: options.sourceIp,
  };
}
