import type { PostureOpener } from '#broker/configuration/posture-opener.ts';
import type { PostureSource } from '#broker/posture-source.ts';
import { messageOf } from '#core/errors.ts';
import { checkGatePolicy } from './check-gate-policy.ts';
import { defaultGatePolicy, type LoadedGatePolicy, readGatePolicy } from './gate-policy.ts';
import type { InspectionThreads } from './inspection-threads.ts';
import type { openSources, PostureOpenerOptions } from './open-sources.ts';

const THREADS = 2;
const WAITING_MAX = 64;

interface Loaded {
  readonly threads: InspectionThreads;
  readonly open: typeof openSources;
}

/**
 * Opens what a configuration asks for. Readers, rules and threads are loaded with the first section of a
 * configuration that inspects pipelines, and serve all that come after it: other servers do without them.
 */
export function createPostureOpener(
  options: PostureOpenerOptions,
): PostureOpener & { close(): Promise<void> } {
  let loading: Promise<Loaded> | undefined;
  return {
    check: checkGatePolicy,
    open(section, policyText, reach) {
      loading ??= load(options);
      const opening = loading.then(({ threads, open }) =>
        open(section, policyOf(policyText), reach, threads, options),
      );
      return untilOpened(opening, options);
    },
    async close() {
      const loaded = await loading?.catch(() => undefined);
      await loaded?.threads.close();
    },
  };
}

async function load({ log }: PostureOpenerOptions): Promise<Loaded> {
  const { createInspectionThreads } = await import('./inspection-threads.ts');
  const threads = createInspectionThreads({ threads: THREADS, waitingMax: WAITING_MAX, log });
  // The first job need not wait for the rules; should they fail to load, its inspection says so.
  threads.ready().catch((error: unknown) => log.debug('posture.not_ready', { error: messageOf(error) }));
  const sources = await import('./open-sources.ts');
  return { threads, open: sources.openSources };
}

/** Answers at once as soon as it is there. */
function untilOpened(opening: Promise<PostureSource>, { log }: PostureOpenerOptions): PostureSource {
  let source: PostureSource | undefined;
  const keep = async (): Promise<void> => {
    source = await opening;
  };
  keep().catch((error: unknown) => log.error('posture.not_opened', { error: messageOf(error) }));
  return {
    postureOf: (identity) =>
      source === undefined
        ? opening.then((opened) => opened.postureOf(identity))
        : source.postureOf(identity),
    async close() {
      const opened = await opening.catch(() => undefined);
      await opened?.close();
    },
  };
}

/** It was checked when the configuration was read; what cannot be read now is judged by the default policy. */
function policyOf(text: string | undefined): LoadedGatePolicy {
  const reading = text === undefined ? undefined : readGatePolicy('', text);
  return reading?.ok === true ? reading.policy : defaultGatePolicy();
}
