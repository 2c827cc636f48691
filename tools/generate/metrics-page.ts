import type { MetricDefinition } from '#core/telemetry/metric-registry.ts';
import { code, page, table } from './markdown.ts';
import type { Generator } from './output.ts';

const CATALOGUE = 'src/core/telemetry/metric-catalogue.ts';

function labelsOf({ labels }: MetricDefinition): string {
  const described = Object.entries(labels).map(([name, values]) =>
    values === 'configured' ? code(name) : `${code(name)}: ${values.map(code).join(', ')}`,
  );
  return described.join('; ');
}

export const metricsPage: Generator = {
  path: 'docs/reference/metrics.md',
  sources: [CATALOGUE],
  generate: async () => {
    const { metricCatalogue } = await import('#core/telemetry/metric-catalogue.ts');
    const catalogue: Readonly<Record<string, MetricDefinition>> = metricCatalogue;
    return page(
      'Metrics',
      'Every figure of `GET /metrics`; [Monitoring](../guides/monitoring.md) says how to get them. A label without values has codes of ours, kinds, or names of the configuration; there are never more than 500 series of one figure.',
      table(
        ['figure', 'kind', 'labels', ''],
        Object.entries(catalogue).map(([name, definition]) => [
          code(name),
          definition.kind,
          labelsOf(definition),
          definition.help,
        ]),
      ),
    );
  },
};
