import { access, constants } from 'node:fs/promises';
import { setTimeout as delay } from 'node:timers/promises';
import type { ConfiguredInput } from '#broker/configuration/inputs-section.ts';
import type { Configuration } from '#broker/configuration/configuration.ts';
import type { PostureSourceEntry } from '#broker/configuration/posture-section.ts';
import type { ConfiguredSink } from '#broker/configuration/sinks-section.ts';
import type { BoundedFetch } from '#core/bounded-fetch.ts';
import type { Clock } from '#core/clock.ts';
import type { SecretReference } from '#core/config/secret-reference.ts';
import { AppError, messageOf } from '#core/errors.ts';
import { silentLogger } from '#core/log.ts';
import type { Secret } from '#core/secret.ts';
import { type Check, ok, problem } from './check.ts';

const TIMEOUT_MS = 15_000;
const ANSWER_BYTES_MAX = 1_000_000;
const NETWORK_REMEDY = 'Check the network from here; a private host needs `network.allowPrivateHosts`.';

export interface Outside {
  readonly fetch: BoundedFetch;
  readonly resolveSecret: (reference: SecretReference) => Promise<Secret>;
  readonly clock: Clock;
}

/** What of it is configured, for one line. */
export function summarise({ posture, sinks, log, inputs, telemetry }: Configuration): string {
  const telling = [telemetry.metrics && 'metrics', telemetry.traces && 'traces'].filter(Boolean);
  return [
    `inspection of pipelines: ${posture === undefined ? 'off' : 'on'}`,
    `sinks: ${sinks.length}`,
    `witnesses of the log: ${log.witnesses.length}`,
    `inputs: ${inputs.sources.length}`,
    `telemetry: ${telling.length === 0 ? 'off' : telling.join(' and ')}`,
  ].join(', ');
}

/** Reaches where pipelines are read, where the record goes, who signs it, and what is read in. Leaves nothing anywhere. */
export async function checkRecord(configuration: Configuration, outside: Outside): Promise<Check[]> {
  const { posture, sinks, log, inputs, allowPrivateHosts } = configuration;
  const sources = Object.entries(posture?.section.sources ?? {});
  const checks = await Promise.all([
    ...sources.map(([name, source]) => checkSource(name, source, outside)),
    ...sinks.map((sink) => checkSink(sink, allowPrivateHosts, outside)),
    ...log.witnesses.map(({ key, url }) =>
      reach(`witness ${key.split('+', 1)[0] ?? ''}`, url, outside.fetch, 'it may sign'),
    ),
    ...inputs.sources.map((input) => checkInput(input, configuration.url, outside)),
  ]);
  return checks.flat();
}

async function reach(area: string, url: string, fetch: BoundedFetch, means: string): Promise<Check[]> {
  try {
    const { status } = await fetch(url, { timeoutMs: TIMEOUT_MS, bodyBytesMax: ANSWER_BYTES_MAX });
    if (status < 500) return [ok(area, `${url} answers: ${means}`)];
    return [problem(area, `${url} answers with status ${status}.`, 'Ask whoever operates it.')];
  } catch (error) {
    return [problem(area, messageOf(error), NETWORK_REMEDY)];
  }
}

/** What cannot be had here may be had by the server: sealed secrets are its own. */
function faultOf(area: string, error: unknown, remedy: string): Check[] {
  return [problem(area, messageOf(error), (error instanceof AppError ? error.remedy : undefined) ?? remedy)];
}

async function checkSource(name: string, source: PostureSourceEntry, outside: Outside): Promise<Check[]> {
  const area = `pipelines of ${name}`;
  try {
    if (source.type === 'mirror') {
      await access(source.folder, constants.R_OK);
      return [ok(area, `${source.folder} can be read`)];
    }
    if (source.token !== undefined) await outside.resolveSecret(source.token);
    if (source.type !== 'git') return await reach(area, source.url, outside.fetch, 'definitions can be read');
    return [ok(area, `are read from ${source.url}, which only a repository’s name can show`)];
  } catch (error) {
    return faultOf(area, error, 'Check `posture.sources` in vouchgate.yaml.');
  }
}

async function checkSink(
  { name, kind, settings }: ConfiguredSink,
  allowPrivateHosts: readonly string[],
  outside: Outside,
): Promise<Check[]> {
  const area = `sink ${name}`;
  const context = {
    ...outside,
    allowPrivateHosts,
    log: silentLogger,
    sleep: (ms: number, signal: AbortSignal) => delay(ms, undefined, { signal }),
  };
  try {
    const sink = await kind.open(settings, context);
    await sink.close();
    const faults = await kind.check?.(settings, context, AbortSignal.timeout(TIMEOUT_MS));
    if (faults === undefined || faults.length === 0) return [ok(area, `${kind.title}: can be reached`)];
    return faults.map((fault) => problem(area, fault, 'docs/reference/sinks.md says what it needs.'));
  } catch (error) {
    return faultOf(area, error, 'docs/reference/sinks.md says what it needs.');
  }
}

/** What is asked is asked once, from the beginning, and forgotten; what delivers can only be waited for. */
async function checkInput(
  { name, kind, settings }: ConfiguredInput,
  url: string,
  outside: Outside,
): Promise<Check[]> {
  const area = `input ${name}`;
  if (kind.mode === 'receive')
    return [ok(area, `${kind.title}: takes deliveries at ${url}/v1/inputs/${name}`)];
  try {
    const poller = kind.open(settings, outside);
    const { records } = await poller.poll(undefined, AbortSignal.timeout(TIMEOUT_MS));
    return [ok(area, `${kind.title}: answers, with ${records.length} records at once`)];
  } catch (error) {
    return faultOf(area, error, 'docs/reference/inputs.md says what it needs.');
  }
}
