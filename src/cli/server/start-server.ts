import { hostname, tmpdir } from 'node:os';
import { join } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import {
  type ConfigurationManager,
  createConfigurationManager,
} from '#broker/configuration/configuration-manager.ts';
import type { ConfigurationFiles } from '#broker/configuration/configuration.ts';
import { sweepDueLeases, sweepOrphans } from '#broker/sweep.ts';
import { type BoundedFetch, createBoundedFetch } from '#core/bounded-fetch.ts';
import type { Clock } from '#core/clock.ts';
import type { ConfigurationProblem } from '#core/config/problem.ts';
import { readSecretReference, type SecretReference } from '#core/config/secret-reference.ts';
import { AppError } from '#core/errors.ts';
import type { Logger } from '#core/log.ts';
import { createKeyRing, type KeyRing } from '#credentials/issuer/key-ring.ts';
import { createSealer } from '#credentials/sealing/envelope.ts';
import { createSealedSecrets } from '#credentials/sealed-secrets.ts';
import { createServer } from '#server/server.ts';
import type { Secret } from '#core/secret.ts';
import { createPostureOpener } from '#posture/open-postures.ts';
import type { Storage } from '#storage/storage.ts';
import type { Environment } from '../command.ts';
import { createAdminLink } from './admin-link.ts';
import { applyFiles } from './apply-files.ts';
import { type ConsoleOptions, openConsole } from './console/open-console.ts';
import { createFindings } from './findings/create-findings.ts';
import { createReportedFindings } from './findings/reported-findings.ts';
import { firstUrl } from './listen-address.ts';
import { lateSigner } from './late-signer.ts';
import { createRecorder } from './record-event.ts';
import { openBroker } from './open-broker.ts';
import { openLog } from './open-log.ts';
import { openSinks } from './open-sinks.ts';
import { shareWaiting } from './share-waiting.ts';
import { createTimers, type Timers } from './timers.ts';
import { openTelemetry, type StoreCommits } from './telemetry/open-telemetry.ts';
import type { Telemetry } from './telemetry/create-telemetry.ts';
import { readToolVersion } from '../tool-version.ts';

const KEY_ROTATION_SECONDS = 90 * 86_400;
/** The longest token that we sign lives 12 hours; a relying party's clock may be late. */
const KEY_OVERLAP_SECONDS = 13 * 3_600;
const SWEEP_SECONDS = 5;
const ORPHAN_SWEEP_SECONDS = 600;
const KEY_CHECK_SECONDS = 60;
const CLOSE_GRACE_MS = 10_000;
const DEFAULT_BRANCHES = ['main', 'master'];

export interface ServerOptions extends Pick<ConsoleOptions, 'consoleFolder' | 'editable'> {
  storage: Storage;
  /** For metrics; what `storage` was opened to tell. */
  storeCommits?: StoreCommits;
  masterKey: Buffer;
  readFiles: () => Promise<ConfigurationFiles>;
  /** The folder that `readFiles` reads, where this server may change it. */
  listen: { host: string; port: number };
  tls: { certPem: string; keyPem: Secret } | undefined;
  /** For git objects of pipelines that are inspected; nothing in it is needed after a restart. */
  definitionsFolder?: string;
  /** For `{ env: NAME }` references and the outbound proxy. */
  env: Environment;
  clock: Clock;
  log: Logger;
  /** In place of those of the machine's clock, where `clock` is another one. */
  timers?: Timers;
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
  const network = (allowPrivateHosts: readonly string[]) => openFetch(options, allowPrivateHosts);
  await storage.check();
  const record = createRecorder(storage, clock);
  const sealer = createSealer(options.masterKey);
  const sealedSecrets = createSealedSecrets({ store: storage.sealedSecrets, sealer, clock, log });
  const issuer: { ring?: KeyRing } = {};
  const applied: { manager?: ConfigurationManager; telemetry?: Telemetry } = {};
  const findingsSection = () => applied.manager?.configuration()?.findings;
  const posture = createPostureOpener({
    searchPath: options.env['PATH'],
    cacheFolder: options.definitionsFolder ?? join(tmpdir(), 'vouchgate-definitions'),
    reported: createReportedFindings({
      store: storage.findings,
      clock,
      defaultBranches: () => findingsSection()?.defaultBranches ?? DEFAULT_BRANCHES,
    }),
    version: readToolVersion(),
    clock,
    log,
  });
  closers.push(() => posture.close());
  const resolveSecret = async (reference: SecretReference): Promise<Secret> => {
    if (!('sealed' in reference)) return readSecretReference(reference, options.env);
    const secret = await sealedSecrets.read(reference.sealed);
    if (secret !== undefined) return secret;
    throw new AppError('secret_reference_missing', `There is no sealed secret ${reference.sealed}.`, {
      remedy: `vouchgate secret set ${reference.sealed}`,
    });
  };
  const manager = createConfigurationManager({
    posture,
    store: storage.configurations,
    events: storage.events,
    clock,
    log,
    sealedSecrets,
    signer: lateSigner(issuer),
    resolveSecret,
    openFetch: (allowPrivateHosts) => {
      const open = network(allowPrivateHosts);
      // Made after the first configuration, which says where traces go.
      const traced: BoundedFetch = (url, request) =>
        (applied.telemetry?.propagate(open.fetch) ?? open.fetch)(url, request);
      return { fetch: traced, close: () => open.close() };
    },
  });
  applied.manager = manager;
  closers.push(() => manager.close());
  const problems = await applyFiles(manager, options);
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
  const telemetry = await openTelemetry({
    storage,
    manager,
    openFetch: network,
    resolveSecret,
    storeCommits: options.storeCommits,
    version: readToolVersion(),
    clock,
    log,
  });
  applied.telemetry = telemetry;
  closers.push(() => telemetry.close());
  const { broker, ports, freezes } = await openBroker({ ...options, telemetry, manager });
  const auditLog = openLog({
    storage,
    masterKey: options.masterKey,
    publicUrl,
    configuration: () => manager.configuration(),
    openFetch: network,
    clock,
    log,
  });
  closers.push(() => auditLog.close());
  const copies = openSinks({
    storage,
    manager,
    origin: auditLog.transparencyLog.origin,
    openFetch: network,
    resolveSecret,
    record,
    clock,
    log,
  });
  closers.push(() => copies.close());
  const findings = createFindings({
    storage,
    clock,
    log,
    env: options.env,
    section: findingsSection,
    isPrivileged: (resource) => manager.configuration()?.resources.get(resource)?.privileged === true,
  });
  const parts = { manager, broker, findings, publicUrl, resolveSecret, openFetch: network };
  const people = openConsole({ ...options, freezes, ...parts });
  closers.push(() => people.close());
  const server = createServer({
    ...people.dependencies,
    findings,
    broker,
    events: storage.events,
    transparencyLog: auditLog.transparencyLog,
    witness: auditLog.witness,
    sinks: copies.sinks,
    ...telemetry.exposed(() => copies.sinks.list()),
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

  const timers = options.timers ?? createTimers(log);
  const sweeping = { ...ports, clock, log };
  timers.every(SWEEP_SECONDS, 'leases', () => sweepDueLeases(sweeping));
  timers.every(ORPHAN_SWEEP_SECONDS, 'orphans', () => sweepOrphans(sweeping));
  auditLog.work(timers);
  copies.work(timers);
  telemetry.work(timers);
  findings.work(timers);
  people.work(timers);
  timers.every(KEY_CHECK_SECONDS, 'signing-keys', () => ring.rotateIfDue());

  return {
    url,
    publicUrl,
    problems,
    configuration: state,
    reload: shareWaiting(async () => {
      const before = manager.configuration();
      const found = await applyFiles(manager, options);
      const now = manager.configuration();
      if (now !== before && !isDeepStrictEqual(now?.trustedProxies, trustedProxies)) {
        log.warn('configuration.restart_needed', { setting: 'network.trustedProxies' });
      }
      if (now !== before && !isDeepStrictEqual(now?.telemetry, before?.telemetry))
        log.warn('configuration.restart_needed', { setting: 'telemetry' });
      return found;
    }),
    adminLink: () => createAdminLink(storage.sessions, publicUrl, clock),
    async close() {
      const recordStop: Closer = async () => {
        await record('server.stopped', { host: hostname() });
        // The last word of this server stands in the log, too, unless another one seals it.
        await auditLog.seal();
      };
      const [closeStorage, ...others] = closers;
      const stopTimers: Closer = () => timers.stop(CLOSE_GRACE_MS);
      await closeAll([closeStorage ?? (async () => {}), recordStop, ...others, stopTimers], log);
    },
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
