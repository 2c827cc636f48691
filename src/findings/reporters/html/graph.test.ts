import { expect, it } from 'vitest';
import { readMarkup } from '../../testing/check-markup.ts';
import type { ReportEdge, ReportGraph, ReportNode } from '../report-graph.ts';
import { foldGraph } from './fold-graph.ts';
import { renderGraph } from './graph.ts';
import { layoutGraph } from './layout-graph.ts';

const node = (id: string, kind: string, facts: Partial<ReportNode> = {}): ReportNode => ({
  id,
  kind,
  label: id,
  trust: 'project',
  ...facts,
});
const edge = (from: string, kind: string, to: string, detail?: string): ReportEdge =>
  detail === undefined ? { from, to, kind } : { from, to, kind, detail };

const ANYBODY = node('anybody', 'actor', { trust: 'outsider' });
const ISSUES = node('issues', 'trigger', { trust: 'outsider', place: { file: 'a.yml', line: 1 } });

function chain(facts: Partial<ReportNode> = {}): ReportGraph {
  return {
    nodes: [ANYBODY, ISSUES, node('job', 'job', facts), node('TOKEN', 'secret')],
    edges: [
      edge('anybody', 'fires', 'issues'),
      edge('issues', 'starts', 'job'),
      edge('job', 'holds', 'TOKEN'),
    ],
    left: 0,
  };
}

/** So many jobs that the members start, beside what is of interest. */
function crowd(count: number): ReportGraph {
  const jobs = Array.from({ length: count }, (_, index) => node(`m${index}`, 'job'));
  return {
    nodes: [node('members', 'actor'), ...jobs],
    edges: jobs.map(({ id }) => edge('members', 'fires', id)),
    left: 0,
  };
}

const join = (one: ReportGraph, other: ReportGraph): ReportGraph => ({
  nodes: [...one.nodes, ...other.nodes],
  edges: [...one.edges, ...other.edges],
  left: one.left + other.left,
});
const idsOf = (graph: ReportGraph) => graph.nodes.map(({ id }) => id).toSorted();

it('draws everything of a small graph, causes to the left of what they cause', () => {
  const spots = layoutGraph(foldGraph(chain()));
  expect(['anybody', 'issues', 'job', 'TOKEN'].map((id) => spots.get(id)?.column)).toEqual([0, 1, 2, 3]);
});

it('gives each node of a column a row of its own, circles or not', () => {
  const circle = {
    ...crowd(9),
    edges: [...crowd(9).edges, edge('m1', 'feeds', 'm2'), edge('m2', 'feeds', 'm1')],
  };
  const places = [...layoutGraph(circle).values()].map(({ column, row }) => `${column} ${row}`);
  expect(new Set(places).size).toBe(10);
});

it('marks the way of an attack, and only that', () => {
  const html = renderGraph(join(chain({ attacked: 'critical' }), crowd(3)));
  expect(html.match(/<path [^>]*class="hot"/g)).toHaveLength(3);
  expect(html).toContain('job · critical');
  expect(renderGraph(chain())).not.toContain('class="hot"');
});

it('leaves out of a large graph what leads no outsider anywhere', () => {
  const folded = foldGraph(join(chain(), crowd(100)));
  expect(idsOf(folded)).toEqual(['TOKEN', 'anybody', 'issues', 'job']);
  expect(folded.notes[0]).toContain('Only ways of outsiders');
});

it('knows that conditions stop outsiders, and that forks get no secrets', () => {
  for (const detail of ['conditions stop outsiders', 'without secrets for forks']) {
    const edges = chain().edges.map((each) => (each.kind === 'starts' ? { ...each, detail } : each));
    expect(idsOf(foldGraph(join({ ...chain(), edges }, crowd(100))))).toEqual([]);
  }
});

it('follows files of a fork’s run into another workflow that has rights, but not within its own run', () => {
  const nodes = [
    ...chain().nodes,
    node('artifact:a.yml#dist', 'artifact'),
    node('job:b.yml#publish', 'job'),
    node('push', 'trigger'),
    node('NPM', 'secret'),
  ];
  const edges = [
    ...chain().edges.map((each) =>
      each.kind === 'starts' ? { ...each, detail: 'without secrets for forks' } : each,
    ),
    edge('job', 'writes', 'artifact:a.yml#dist'),
    edge('artifact:a.yml#dist', 'feeds', 'job:b.yml#publish'),
    edge('push', 'starts', 'job:b.yml#publish'),
    edge('job:b.yml#publish', 'holds', 'NPM'),
  ];
  expect(idsOf(foldGraph(join({ nodes, edges, left: 0 }, crowd(100))))).toContain('NPM');
  const same = JSON.parse(
    JSON.stringify({ nodes, edges, left: 0 }).replaceAll('b.yml', 'a.yml'),
  ) as ReportGraph;
  expect(idsOf(foldGraph(join(same, crowd(100))))).not.toContain('NPM');
});

it('names secrets that the same job holds together', () => {
  const more = ['A', 'B', 'C'].map((id) => node(id, 'secret'));
  const graph = {
    ...chain(),
    nodes: [...chain().nodes, ...more],
    edges: [...chain().edges, ...more.map(({ id }) => edge('job', 'holds', id))],
  };
  expect(foldGraph(graph).nodes.map(({ label }) => label)).toContain('TOKEN, A and 2 more');
});

it('draws files in place of jobs when there are very many, and says what had no room', () => {
  const jobs = Array.from({ length: 500 }, (_, index) =>
    node(`j${index}`, 'job', { attacked: 'high', place: { file: `${index % 300}.yml`, line: 1 } }),
  );
  const secret = node('S', 'secret');
  const folded = foldGraph({
    nodes: [...jobs, secret],
    edges: jobs.map(({ id }) => edge(id, 'holds', 'S')),
    left: 3,
  });
  expect(folded.nodes.length).toBeLessThanOrEqual(200);
  expect(folded.notes.join(' ')).toMatch(/as one\. .*had no room\. 3 more were not looked at/);
});

it('says the same in words, and says so when there is nothing to draw', () => {
  const html = renderGraph(chain());
  expect(html).toContain('<li>event issues (a.yml:1)<ul><li>starts job job</li></ul></li>');
  expect(html).toContain('role="img"');
  expect(renderGraph(crowd(100))).toContain('no way of outsiders');
  expect(renderGraph(undefined)).toBe('');
});

it('is not broken by names', () => {
  const evil = '"><script>alert(1)</script>${{ \u202e';
  const html = renderGraph(chain({ label: evil, place: { file: evil, line: 1 }, attacked: 'low' }));
  expect(readMarkup(html)).not.toContain('script');
});
