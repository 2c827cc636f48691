import { describe, expect, test } from 'vitest';
import { metricCatalogue } from './metric-catalogue.ts';
import { createMetrics } from './metric-registry.ts';

const catalogue = {
  requests_total: { kind: 'counter', help: 'Requests \\ and\nmore.', labels: { outcome: ['ok', 'bad'] } },
  queue: { kind: 'gauge', help: 'Queue.', labels: { name: 'configured' } },
  plain_total: { kind: 'counter', help: 'Plain.', labels: {} },
  seconds: { kind: 'histogram', help: 'Time.', labels: { kind: ['a'] }, buckets: [0.1, 1] },
} as const;

function linesOf(text: string, name: string): string[] {
  return text.split('\n').filter((line) => line.startsWith(name));
}

describe('metrics', () => {
  test('are written in the text format, each with its help and type', () => {
    const metrics = createMetrics(catalogue);
    metrics.count('requests_total', { outcome: 'ok' });
    metrics.count('requests_total', { outcome: 'ok' }, 2);
    metrics.set('queue', { name: 'a"b\\c\nd' }, 1.5);
    expect(metrics.expose()).toBe(
      [
        '# HELP requests_total Requests \\\\ and\\nmore.',
        '# TYPE requests_total counter',
        'requests_total{outcome="ok"} 3',
        '# HELP queue Queue.',
        '# TYPE queue gauge',
        'queue{name="a\\"b\\\\c\\nd"} 1.5',
        '# HELP plain_total Plain.',
        '# TYPE plain_total counter',
        'plain_total 0',
        '# HELP seconds Time.',
        '# TYPE seconds histogram',
        '',
      ].join('\n'),
    );
  });

  test('cumulate the buckets of a histogram, bounds included', () => {
    const metrics = createMetrics(catalogue);
    for (const value of [0.05, 0.1, 0.5, 7]) metrics.observe('seconds', { kind: 'a' }, value);
    expect(linesOf(metrics.expose(), 'seconds')).toEqual([
      'seconds_bucket{kind="a",le="0.1"} 2',
      'seconds_bucket{kind="a",le="1"} 3',
      'seconds_bucket{kind="a",le="+Inf"} 4',
      'seconds_sum{kind="a"} 7.65',
      'seconds_count{kind="a"} 4',
    ]);
  });

  test('stay bounded whatever a label is made of', () => {
    const metrics = createMetrics(catalogue);
    for (let at = 0; at < 2_000; at += 1) metrics.set('queue', { name: `name-${at}` }, at);
    const lines = linesOf(metrics.expose(), 'queue');
    expect(lines).toHaveLength(501);
    expect(lines.at(-1)).toBe('queue{name="other"} 1999');
    metrics.set('queue', { name: `${'x'.repeat(1_000_000)}\uD800` }, 1);
    expect(metrics.expose().length).toBeLessThan(20_000);
  });

  test('count what is not on a closed list as something else, `__proto__` too', () => {
    const metrics = createMetrics(catalogue);
    const labels: { outcome: 'ok' | 'bad' } = JSON.parse('{"outcome":"__proto__"}');
    metrics.count('requests_total', labels);
    expect(linesOf(metrics.expose(), 'requests')).toEqual(['requests_total{outcome="other"} 1']);
  });

  test('forget a gauge that is filled again', () => {
    const metrics = createMetrics(catalogue);
    metrics.set('queue', { name: 'gone' }, 1);
    metrics.reset('queue');
    metrics.set('queue', { name: 'here' }, 2);
    expect(linesOf(metrics.expose(), 'queue')).toEqual(['queue{name="here"} 2']);
  });
});

describe('the catalogue', () => {
  test('names units and kinds as Prometheus wants them', () => {
    for (const [name, { kind, help, labels, ...rest }] of Object.entries(metricCatalogue)) {
      expect(name).toMatch(/^(?:vouchgate|process|nodejs)_[a-z0-9]+(?:_[a-z0-9]+)*$/);
      expect(name.endsWith('_total')).toBe(kind === 'counter');
      expect(help).toMatch(/^[A-Z0-9].*\.$/);
      expect('buckets' in rest).toBe(kind === 'histogram');
      for (const label of Object.keys(labels)) expect(label).not.toBe('le');
    }
  });

  test('has no label that could hold a person, a repository or a workload', () => {
    const allowed = new Set([
      'version',
      'outcome',
      'reason',
      'result',
      'answer',
      'kind',
      'operation',
      'status_class',
      'state',
      'sink',
      'severity',
      'input',
    ]);
    const labels = Object.values(metricCatalogue).flatMap((definition) => Object.keys(definition.labels));
    expect(labels.filter((label) => !allowed.has(label))).toEqual([]);
  });
});
