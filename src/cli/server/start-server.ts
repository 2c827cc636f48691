import { hostname } from 'node:os';
import type { AuditEventType } from '#audit/event.ts';
import {
  type ConfigurationManager,
  createConfigurationManager,
} from '#broker/configuration/configuration-manager.ts';
import type { ConfigurationFiles } from '#broker/configuration/configuration.ts';
import { createBroker } from '#broker/create-broker.ts';
import { sweepDueLeases, sweepOrphans } from '#broker/sweep.ts';
import { createBoundedFetch } from '#core/bounded-fetch.ts';
import type { Clock } from '#core/clock.ts';
import type { ConfigurationProblem } from '#core/config/problem.ts';
import { readSecretReference } from '#core/config/secret-reference.ts';
import { AppError } from '#core/errors.ts';
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

/** Puts all rooms together. The order matters: nothing listens before the record is writable and the keys are there. */
export async function startServer(options: ServerOptions): Promise<RunningServer> {
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
  const files = await readAndApply(manager, options);
  const state = files.length === 0 ? 'applied' : (await manager.restore()) ? 'restored' : 'none';
  const publicUrl = manager.configuration()?.url ?? fallbackUrl(options);
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
    readiness: () => checkReadiness(storage, manager),
    clock,
    log,
    publicUrl,
    trustedProxies: manager.configuration()?.trustedProxies ?? [],
    ...(options.tls === undefined ? {} : { tls: options.tls }),
  });
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
    problems: files,
    configuration: state,
    reload: () => readAndApply(manager, options),
    adminLink: () => createAdminLink(storage.sessions, publicUrl, clock),
    async close() {
      await timers.stop();
      await server.close({ graceMs: CLOSE_GRACE_MS });
      await manager.close();
      await ring.close();
      await record('server.stopped', { host: hostname() }).catch(() => undefined);
      await storage.close();
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

/** Never throws for bad files: they are problems, and the server goes on with what it has. */
async function readAndApply(
  manager: ConfigurationManager,
  options: ServerOptions,
): Promise<readonly ConfigurationProblem[]> {
  try {
    const application = await manager.apply(await options.readFiles());
    if (!application.applied) return application.problems;
    for (const warning of application.changed ? application.configuration.warnings : []) {
      options.log.warn('configuration.warning', { ...warning });
    }
    return [];
  } catch (error) {
    if (!(error instanceof AppError)) throw error;
    const { message, remedy, location } = error;
    return [{ file: location ?? '', line: 1, column: 1, message, remedy: remedy ?? '' }];
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

async function checkReadiness(storage: Storage, manager: ConfigurationManager): Promise<void> {
  await storage.check();
  if (manager.current() === undefined) {
    throw new AppError('configuration_missing', 'No valid configuration is in force.', {
      remedy: 'Mend vouchgate.yaml; `vouchgate policy check` says what is wrong.',
    });
  }
}

function fallbackUrl(options: ServerOptions): string {
  const { host, port } = options.listen;
  return `${options.tls === undefined ? 'http' : 'https'}://${host}:${port}`;
}
