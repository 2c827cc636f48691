import { hostname } from 'node:os';
import { isDeepStrictEqual } from 'node:util';
import type { AuditEventType } from '#audit/event.ts';
import {
  type ConfigurationManager,
  createConfigurationManager,
} from '#broker/configuration/configuration-manager.ts';
import type { ConfigurationFiles } from '#broker/configuration/configuration.ts';
import { CONFIGURATION_FILE } from '#broker/configuration/load-configuration.ts';
import { createBroker } from '#broker/create-broker.ts';
import { sweepDueLeases, sweepOrphans } from '#broker/sweep.ts';
import { createBoundedFetch } from '#core/bounded-fetch.ts';
import type { Clock } from '#core/clock.ts';
import type { ConfigurationProblem } from '#core/config/problem.ts';
import { readSecretReference } from '#core/config/secret-reference.ts';
import { AppError, messageOf } from '#core/errors.ts';
import { newId } from '#core/ids.ts';
import type { Logger } from '#core/log.ts';
import { createKeyRing, type KeyRing } from '#credentials/issuer/key-ring.ts';
import { createLeaseTokens } from '#credentials/lease-tokens.ts';
import { createSealer } from '#credentials/sealing/envelope.ts';
import { createSealedSecrets } from '#credentials/sealed-secrets.ts';
import { createServer } from '#server/server.ts';
import type { Secret } from '#core/secret.ts';
import type { Storage } from '#storage/storage.ts';
import type { Environment } from '../command.ts';
import { createAdminLink } from './admin-link.ts';
import { firstUrl } from './listen-address.ts';
import { shareWaiting } from './share-waiting.ts';
import { createTimers } from './timers.ts';

const KEY_ROTATION_SECONDS = 90 * 86_400;
/** The longest token that we sign lives 12 hours; a relying party's clock may be late. */
const KEY_OVERLAP_SECONDS = 13 * 3_600;
const SWEEP_SECONDS = 5;
const ORPHAN_SWEEP_SECONDS = 600;
const KEY_CHECK_SECONDS = 60;
const CLOSE_GRACE_MS = 10_000;

export interface ServerOptions {
  storage: Storage;
  masterKey: Buffer;
  readFiles: () => Promise<ConfigurationFiles>;
  listen: { host: string; port: number };
  tls: { certPem: string; keyPem: Secret } | undefined;
  /** For `{ env: NAME }` references and the outbound proxy. */
  env: Environment;
  clock: Clock;
  log: Logger;
}

export interface RunningServer {
  /** Where it listens; the public URL stands in the configuration. */
  url: string;
  publicUrl: string;
  /** What is wrong with the files on disk; empty when they are in force. */
  problems: readonly ConfigurationProblem[];
  /** `restored`: the files are bad, the last good version is in force. `none`: everything is denied. */
  configuration: 'applied' | 'restored' | 'none';
  reload(): Promise<readonly ConfigurationProblem[]>;
  adminLink(): Promise<string>;
  close(): Promise<void>;
}

type Closer = () => Promise<unknown>;

/**
 * Puts all rooms together. The order matters: nothing listens before the record is writable and the keys are
 * there. When anything fails, all that was opened is closed again, the storage too: half a server serves nobody.
 */
export async function startServer(options: ServerOptions): Promise<RunningServer> {
  const closers: Closer[] = [() => options.storage.close()];
  try {
    return await start(options, closers);
  } catch (error) {
    await closeAll(closers, options.log);
    throw error;
  }
}

/** In the reverse order of opening. One that fails does not keep the others open. */
async function closeAll(closers: readonly Closer[], log: Logger): Promise<void> {
  for (const close of closers.toReversed()) {
    try {
      await close();
    } catch (error) {
      log.warn('server.close_failed', { error });
    }
  }
}

async function start(options: ServerOptions, closers: Closer[]): Promise<RunningServer> {
  const { storage, clock, log } = options;
  await storage.check();
  const record = recorder(storage, clock);
  const sealer = createSealer(options.masterKey);
  const sealedSecrets = createSealedSecrets({ store: storage.sealedSecrets, sealer, clock, log });
  const issuer: { ring?: KeyRing } = {};
  const manager = createConfigurationManager({
    store: storage.configurations,
    events: storage.events,
    clock,
    log,
    sealedSecrets,
    signer: lateSigner(issuer),
    resolveSecret: async (reference) => {
      if (!('sealed' in reference)) return readSecretReference(reference, options.env);
      const secret = await sealedSecrets.read(reference.sealed);
      if (secret !== undefined) return secret;
      throw new AppError('secret_reference_missing', `There is no sealed secret ${reference.sealed}.`, {
        remedy: `vouchgate secret set ${reference.sealed}`,
      });
    },
    openFetch: (allowPrivateHosts) => openFetch(options, allowPrivateHosts),
  });
  closers.push(() => manager.close());
  const problems = await readAndApply(manager, options);
  const state = problems.length === 0 ? 'applied' : (await manager.restore()) ? 'restored' : 'none';
  const publicUrl = manager.configuration()?.url ?? firstUrl(options.listen, options.tls !== undefined);
  manager.pinUrl(publicUrl);
  const trustedProxies = manager.configuration()?.trustedProxies ?? [];
  const ring = createKeyRing({
    store: storage.signingKeys,
    sealer,
    clock,
    log,
    issuer: publicUrl,
    algorithms: ['ES256', 'RS256'],
    rotationSeconds: KEY_ROTATION_SECONDS,
    overlapSeconds: KEY_OVERLAP_SECONDS,
    onEvent: ({ type, body }) => record(type, { ...body }),
  });
  issuer.ring = ring;
  closers.push(() => ring.close());
  await ring.rotateIfDue();
  const broker = createBroker({
    runtimes: manager,
    store: storage.broker,
    events: storage.events,
    leaseTokens: createLeaseTokens(options.masterKey),
    clock,
    log,
  });
  const server = createServer({
    broker,
    events: storage.events,
    sessions: storage.sessions,
    signingKeys: ring,
    sealedSecrets,
    readiness: () => storage.check(),
    clock,
    log,
    publicUrl,
    trustedProxies,
    ...(options.tls === undefined ? {} : { tls: options.tls }),
  });
  closers.push(() => server.close({ graceMs: CLOSE_GRACE_MS }));
  const { url } = await server.listen(options.listen);
  await record('server.started', { host: hostname(), publicUrl, configuration: state });

  const timers = createTimers(log);
  const sweeping = { runtimes: manager, store: storage.broker, events: storage.events, clock, log };
  timers.every(SWEEP_SECONDS, 'leases', () => sweepDueLeases(sweeping));
  timers.every(ORPHAN_SWEEP_SECONDS, 'orphans', () => sweepOrphans(sweeping));
  timers.every(KEY_CHECK_SECONDS, 'signing-keys', () => ring.rotateIfDue());

  return {
    url,
    publicUrl,
    problems,
    configuration: state,
    reload: shareWaiting(async () => {
      const before = manager.configuration();
      const found = await readAndApply(manager, options);
      const now = manager.configuration();
      if (now !== before && !isDeepStrictEqual(now?.trustedProxies, trustedProxies)) {
        log.warn('configuration.restart_needed', { setting: 'network.trustedProxies' });
      }
      return found;
    }),
    adminLink: () => createAdminLink(storage.sessions, publicUrl, clock),
    async close() {
      const recordStop: Closer = () => record('server.stopped', { host: hostname() });
      const [closeStorage, ...others] = closers;
      const stopTimers: Closer = () => timers.stop(CLOSE_GRACE_MS);
      await closeAll([closeStorage ?? (async () => {}), recordStop, ...others, stopTimers], log);
    },
  };
}

/** The configuration may name providers that sign before the issuer's URL is known from that very configuration. */
function lateSigner(issuer: { ring?: KeyRing }): Pick<KeyRing, 'issuer' | 'sign'> {
  const ring = (): KeyRing => {
    if (issuer.ring === undefined) throw new Error('nothing is signed before the server has started');
    return issuer.ring;
  };
  return {
    get issuer() {
      return ring().issuer;
    },
    sign: (claims, algorithm) => ring().sign(claims, algorithm),
  };
}

function openFetch(
  options: ServerOptions,
  allowPrivateHosts: readonly string[],
): ReturnType<typeof createBoundedFetch> {
  const proxyUrl = options.env['HTTPS_PROXY'] ?? options.env['https_proxy'];
  return createBoundedFetch({
    clock: options.clock,
    log: options.log,
    trust: { allowPrivateHosts: [...allowPrivateHosts] },
    ...(proxyUrl === undefined ? {} : { proxyUrl }),
  });
}

/** Never throws: whatever keeps the files from being in force is a problem, and the server goes on with what it has. */
async function readAndApply(
  manager: ConfigurationManager,
  options: ServerOptions,
): Promise<readonly ConfigurationProblem[]> {
  try {
    const application = await manager.apply(await options.readFiles());
    return application.applied ? [] : application.problems;
  } catch (error) {
    if (!(error instanceof AppError)) options.log.error('configuration.not_applied', { error });
    const { remedy, location } = error instanceof AppError ? error : {};
    return [
      {
        file: location ?? CONFIGURATION_FILE,
        line: 1,
        column: 1,
        message: messageOf(error),
        remedy: remedy ?? 'The log of the server tells more.',
      },
    ];
  }
}

function recorder(
  storage: Storage,
  clock: Clock,
): (type: AuditEventType, body: Record<string, unknown>) => Promise<void> {
  return (type, body) =>
    storage.events.append([
      {
        id: newId('evt', clock),
        timeMs: clock.nowMs(),
        type,
        actor: { kind: 'server', id: hostname() },
        body,
      },
    ]);
}
