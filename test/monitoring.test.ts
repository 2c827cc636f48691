import { describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { metricCatalogue } from '#core/telemetry/metric-catalogue.ts';
import type { MetricDefinition } from '#core/telemetry/metric-registry.ts';
import { readProjectFile } from '../tools/source/project-files.ts';

const catalogue: Readonly<Record<string, MetricDefinition>> = metricCatalogue;

interface Panel {
  id: number;
  title: string;
  targets?: { expr: string }[];
}

const dashboard: { panels: Panel[]; templating: { list: { name: string }[] } } = JSON.parse(
  readProjectFile('templates/monitoring/grafana-dashboard.json'),
);
const rules: { groups: { rules: Rule[] }[] } = parse(
  readProjectFile('templates/monitoring/prometheus-rules.yaml'),
);

interface Rule {
  alert: string;
  expr: string;
  labels: { severity: string };
  annotations: { summary: string; action: string };
}

const alerts = rules.groups.flatMap((group) => group.rules);
const dashboardQueries = dashboard.panels.flatMap(({ title, targets = [] }) =>
  targets.map(({ expr }) => [title, expr] as const),
);

/** Names of figures in a query, as the catalogue has them: without what a histogram adds. */
function figuresIn(query: string): string[] {
  const names = query.match(/\b(?:vouchgate|process|nodejs)_\w+/g) ?? [];
  return names.map((name) =>
    Object.hasOwn(catalogue, name) ? name : name.replace(/_(?:bucket|sum|count)$/, ''),
  );
}

/** What is wrong with a query: a figure that is not there, a label or a value that none of its figures has. */
function mistakesIn(query: string): string[] {
  const figures = figuresIn(query);
  const unknown = figures.filter((name) => !Object.hasOwn(catalogue, name));
  const definitions = figures.flatMap((name) => catalogue[name] ?? []);
  const suffixed = figures.filter(
    (name) => catalogue[name]?.kind === 'histogram' && !query.includes(`${name}_bucket`),
  );
  const matchers = [...query.matchAll(/[{,]\s*(\w+)(=~|!~|=|!=)"([^"]*)"/g)];
  const wrong = matchers.flatMap(([, label = '', operator = '', value = '']) => {
    if (label === 'instance' || label === 'job') return [];
    const lists = definitions.flatMap(({ labels }) => labels[label] ?? []);
    if (!definitions.some(({ labels }) => Object.hasOwn(labels, label))) return [`no label ${label}`];
    const values = operator.endsWith('~') ? value.split('|') : [value];
    const closed = definitions.every(({ labels }) => labels[label] !== 'configured');
    return closed ? values.filter((each) => !lists.includes(each)).map((each) => `no ${label}=${each}`) : [];
  });
  const grouped = [...query.matchAll(/\bby \(([^)]*)\)/g)].flatMap(([, names = '']) => names.split(/,\s*/));
  const strange = grouped.filter(
    (label) =>
      label !== 'le' &&
      label !== 'instance' &&
      !definitions.some(({ labels }) => Object.hasOwn(labels, label)),
  );
  return [
    ...unknown,
    ...suffixed.map((name) => `${name} is a histogram`),
    ...wrong,
    ...strange.map((label) => `no label ${label} to group by`),
  ];
}

describe('the alert rules', () => {
  test.each(alerts.map((rule) => [rule.alert, rule.expr] as const))(
    '%s asks for what there is',
    (_, expr) => {
      expect(figuresIn(expr).length).toBeGreaterThan(0);
      expect(mistakesIn(expr)).toEqual([]);
    },
  );

  test('say what happened, what to do, and how bad it is', () => {
    expect(new Set(alerts.map(({ alert }) => alert)).size).toBe(alerts.length);
    for (const { alert, labels, annotations } of alerts) {
      expect(alert).toMatch(/^Vouchgate[A-Z][A-Za-z]+$/);
      expect(['critical', 'warning', 'info']).toContain(labels.severity);
      expect(annotations.summary).toMatch(/\.$/);
      expect(annotations.action).toMatch(/\.$/);
    }
  });
});

describe('the dashboard', () => {
  test.each(dashboardQueries)('%s asks for what there is: %s', (_title, query) => {
    expect(figuresIn(query).length).toBeGreaterThan(0);
    expect(mistakesIn(query)).toEqual([]);
  });

  test('shows every figure, and no panel twice', () => {
    const shown = new Set(dashboardQueries.flatMap(([, query]) => figuresIn(query)));
    expect(Object.keys(catalogue).filter((name) => !shown.has(name))).toEqual([]);
    expect(new Set(dashboard.panels.map(({ id }) => id)).size).toBe(dashboard.panels.length);
  });
});

describe('the check finds what is planted', () => {
  test.each([
    ['vouchgate_exchange_total', 'vouchgate_exchange_total'],
    ['rate(vouchgate_exchanges_total{result="issued"}[5m])', 'no label result'],
    ['vouchgate_exchanges_total{outcome="granted"}', 'no outcome=granted'],
    ['vouchgate_leases{state=~"active|lost"}', 'no state=lost'],
    ['sum by (sink) (vouchgate_leases)', 'no label sink to group by'],
    ['rate(vouchgate_exchange_duration_seconds[5m])', 'vouchgate_exchange_duration_seconds is a histogram'],
  ])('%s', (query, mistake) => {
    expect(mistakesIn(query)).toContain(mistake);
  });
});
