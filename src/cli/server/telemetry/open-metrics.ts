import type { TelemetrySection } from '#broker/configuration/telemetry-section.ts';
import type { SecretReference } from '#core/config/secret-reference.ts';
import type { Secret } from '#core/secret.ts';
import type { MetricsDependencies } from '#server/metrics.ts';
import type { Storage } from '#storage/storage.ts';
import { createAnswerCounter } from './count-answers.ts';
import { createFigureCollector, type FigureSources } from './collect-figures.ts';

export interface OpenMetricsOptions extends FigureSources {
  storage: FigureSources['storage'] & Pick<Storage, 'activity'>;
  section: () => TelemetrySection | undefined;
  /** Names of the inputs that are asked. */
  polled: () => readonly string[];
  resolveSecret: (reference: SecretReference) => Promise<Secret>;
}

/** What `/metrics` answers, and to whom. */
export function openMetrics(options: OpenMetricsOptions): MetricsDependencies & { close(): void } {
  const { metrics, section, resolveSecret } = options;
  const collector = createFigureCollector(options);
  return {
    // Like all that stands around a request: what is configured when the server starts counts until it stops.
    onAnswer: section()?.metrics === undefined ? undefined : createAnswerCounter(metrics),
    async access() {
      const wanted = section()?.metrics;
      if (wanted === undefined) return undefined;
      if (wanted.access === 'loopback') return { kind: 'loopback' };
      return { kind: 'token', token: await resolveSecret(wanted.token) };
    },
    async expose() {
      await Promise.all([collector.collect(), collectInputs(options)]);
      return metrics.expose();
    },
    close: () => collector.close(),
  };
}

/** Every server tells how long ago any of them read an input to its end: the position is shared. */
async function collectInputs({ metrics, storage, polled, clock }: OpenMetricsOptions): Promise<void> {
  metrics.reset('vouchgate_input_seconds_since_success');
  for (const input of polled()) {
    const cursor = await storage.activity.cursor(input);
    if (cursor === undefined || cursor.readAtMs === 0) continue;
    const seconds = Math.max(0, clock.nowMs() - cursor.readAtMs) / 1_000;
    metrics.set('vouchgate_input_seconds_since_success', { input }, seconds);
  }
}
