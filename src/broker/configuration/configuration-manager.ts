import type { AuditEventType } from '#audit/event.ts';
import type { EventStore } from '#audit/ports.ts';
import type { ConfigurationProblem } from '#core/config/problem.ts';
import { AppError, messageOf } from '#core/errors.ts';
import { newId } from '#core/ids.ts';
import type { ConfigurationStatus } from '../broker.ts';
import type { ConfigurationStore } from '../configuration-store.ts';
import type { RuntimeSource } from '../runtime.ts';
import { buildRuntime, closeReplaced, type LiveRuntime, type RuntimeDependencies } from './build-runtime.ts';
import type { Configuration, ConfigurationFiles } from './configuration.ts';
import { statusOf } from './configuration-status.ts';
import { CONFIGURATION_FILE, digestOf, loadConfiguration } from './load-configuration.ts';

const PROBLEMS_RECORDED_MAX = 20;
/** Requests that began under the replaced version may still be asking its back-ends. */
const CLOSE_REPLACED_AFTER_MS = 60_000;

export interface ConfigurationManagerDependencies extends RuntimeDependencies {
  store: ConfigurationStore;
  events: EventStore;
}

export type Application =
  | { applied: true; configuration: Configuration; changed: boolean }
  | { applied: false; problems: readonly ConfigurationProblem[] };

export interface ConfigurationManager extends RuntimeSource {
  /**
   * Puts the files in force if all of them are valid; else the version before stays in force. Rejects with a
   * `StoreError` when that cannot be recorded: then nothing changed.
   */
  apply(files: ConfigurationFiles): Promise<Application>;
  /** Puts the last good version of the store in force: after a start with bad files. False when there is none. */
  restore(): Promise<boolean>;
  /** From here on only configurations with this `url` are accepted: what was given out names it as issuer. */
  pinUrl(url: string): void;
  configuration(): Configuration | undefined;
  close(): Promise<void>;
}

interface Refusal {
  /** Of files that are refused whenever they are read; undefined when trying again may help. */
  digest: string | undefined;
  atMs: number;
  problems: readonly ConfigurationProblem[];
}

type Version = NonNullable<ConfigurationStatus['inForce']>;

export function createConfigurationManager(deps: ConfigurationManagerDependencies): ConfigurationManager {
  let live: LiveRuntime | undefined;
  let inForce: ConfigurationStatus['inForce'];
  let refusal: Refusal | undefined;
  let recordedRefusal: string | undefined;
  let urlPinned: string | undefined;
  let turn: Promise<unknown> = Promise.resolve();
  const closing = new Map<NodeJS.Timeout, () => Promise<void>>();

  const record = (type: AuditEventType, body: Record<string, unknown>): Promise<void> =>
    deps.events.append([
      {
        id: newId('evt', deps.clock),
        timeMs: deps.clock.nowMs(),
        type,
        actor: { kind: 'server', id: 'configuration' },
        body,
      },
    ]);

  const enforce = (next: LiveRuntime, version: Version): void => {
    const previous = live;
    next.outlet.use(next.network);
    live = next;
    inForce = version;
    if (previous === undefined) return;
    const close = (): Promise<void> => closeReplaced(previous, next);
    const timer = setTimeout(() => {
      closing.delete(timer);
      void close();
    }, CLOSE_REPLACED_AFTER_MS).unref();
    closing.set(timer, close);
  };

  const refuse = async (
    digest: string | undefined,
    problems: readonly ConfigurationProblem[],
  ): Promise<Application> => {
    refusal = { digest, atMs: deps.clock.nowMs(), problems };
    const text = JSON.stringify(problems);
    if (recordedRefusal !== text) {
      await record('configuration.refused', { problems: problems.slice(0, PROBLEMS_RECORDED_MAX) });
      recordedRefusal = text;
    }
    return { applied: false, problems };
  };

  const forgetRefusal = (): void => {
    refusal = undefined;
    recordedRefusal = undefined;
  };

  /** Durable before it is in force; the same files as another server's are one version. */
  const save = async ({ digest, files, policy }: Configuration): Promise<Version & { changed: boolean }> => {
    const latest = await deps.store.latestConfiguration();
    const policyVersion = policy.version;
    // Stored by an older server, it could not be found by what decisions name.
    const isStored = latest?.digest === digest && latest.policyVersion === policyVersion;
    if (isStored) return { ...pick(latest), changed: false };
    const version = { id: newId('cfg', deps.clock), digest, appliedAtMs: deps.clock.nowMs() };
    // Recorded first: should saving fail, it is recorded again; the other way round it might never be.
    await record('configuration.applied', { id: version.id, digest });
    await deps.store.saveConfiguration({ ...version, files, policyVersion });
    return { ...version, changed: true };
  };

  const applyNow = async (files: ConfigurationFiles): Promise<Application> => {
    const digest = digestOf(files);
    // Most calls find nothing new: a watcher polls, and compiling thousands of policies takes a while.
    if (live?.configuration.digest === digest) {
      forgetRefusal();
      return { applied: true, configuration: live.configuration, changed: false };
    }
    if (refusal?.digest === digest) return refuse(digest, refusal.problems);
    const load = await loadConfiguration(files, { checkGatePolicy: deps.posture?.check });
    if (!load.ok) return refuse(digest, load.problems);
    const { configuration } = load;
    if (urlPinned !== undefined && urlPinned !== configuration.url) {
      return refuse(digest, [urlChange(urlPinned, configuration.url)]);
    }
    let next: LiveRuntime;
    try {
      next = buildRuntime(configuration, live, deps);
    } catch (error) {
      deps.log.error('configuration.not_started', { error: messageOf(error) });
      return refuse(undefined, [startProblem(error)]);
    }
    try {
      const { changed, ...version } = await save(configuration);
      enforce(next, version);
      forgetRefusal();
      for (const warning of configuration.warnings) deps.log.warn('configuration.warning', { ...warning });
      return { applied: true, configuration, changed };
    } catch (error) {
      await closeReplaced(next, live);
      throw error;
    }
  };

  const restoreNow = async (): Promise<boolean> => {
    const latest = await deps.store.latestConfiguration();
    if (latest === undefined) return false;
    const load = await loadConfiguration(latest.files, { checkGatePolicy: deps.posture?.check });
    if (!load.ok) {
      // It was valid when it was stored, under another version of ours.
      const [first] = load.problems;
      deps.log.error('configuration.not_restored', { id: latest.id, ...first });
      return false;
    }
    try {
      enforce(buildRuntime(load.configuration, live, deps), pick(latest));
    } catch (error) {
      deps.log.error('configuration.not_restored', { id: latest.id, error: messageOf(error) });
      return false;
    }
    return true;
  };

  const inTurn = <T>(work: () => Promise<T>): Promise<T> => {
    const result = turn.then(work);
    turn = result.catch(() => undefined);
    return result;
  };

  return {
    current: () => live,
    configuration: () => live?.configuration,
    status: () => statusOf(live?.configuration, inForce, refusal),
    apply: (files) => inTurn(() => applyNow(files)),
    restore: () => inTurn(restoreNow),
    pinUrl(url) {
      urlPinned = url;
    },
    close: () =>
      inTurn(async () => {
        const closers = [...closing.values()];
        for (const timer of closing.keys()) clearTimeout(timer);
        closing.clear();
        await Promise.allSettled(closers.map((close) => close()));
        if (live !== undefined) await closeReplaced(live, undefined);
        live = undefined;
      }),
  };
}

function pick({ id, digest, appliedAtMs }: Version): Version {
  return { id, digest, appliedAtMs };
}

function startProblem(error: unknown): ConfigurationProblem {
  return {
    file: CONFIGURATION_FILE,
    line: 1,
    column: 1,
    message: messageOf(error),
    remedy: (error instanceof AppError ? error.remedy : undefined) ?? 'The log of the server tells more.',
  };
}

function urlChange(from: string, to: string): ConfigurationProblem {
  return {
    file: CONFIGURATION_FILE,
    line: 1,
    column: 1,
    message: `\`url\` is ${to}, but the server runs as ${from}: it is the issuer of its tokens.`,
    remedy: 'Restart the server to change it, and tell the relying parties of the new issuer.',
  };
}
