import { toJson, visible } from '#findings/reporters/plain-text.ts';
import type { AuthorityGraph, EdgeKind, GraphNode, NodeKind } from './graph.ts';

const LABEL_CHARS_MAX = 120;

/** What an edge is called in a picture. */
const WORDS: Readonly<Record<EdgeKind, string>> = {
  fires: 'fires',
  starts: 'starts',
  'is-followed-by': 'is followed by',
  precedes: 'then',
  calls: 'calls',
  runs: 'runs',
  'checks-out': 'checks out',
  holds: 'holds',
  enters: 'enters',
  'runs-on': 'on',
  writes: 'writes',
  feeds: 'feeds',
  'leads-to': 'leads an attack to',
};

function shorten(text: string): string {
  const shown = visible(text).toWellFormed();
  return shown.length <= LABEL_CHARS_MAX ? shown : `${shown.slice(0, LABEL_CHARS_MAX - 1).toWellFormed()}…`;
}

/** Letters, digits and a little punctuation; everything else by number, so that no label ends or becomes markup. */
function escapeMermaid(text: string): string {
  return shorten(text).replace(/[^\p{L}\p{N} _./:@=+,*()-]/gu, (char) => `#${char.codePointAt(0)};`);
}

function quoteDot(text: string): string {
  return `"${shorten(text).replace(/[\\"]/g, '\\$&')}"`;
}

function labelOf({ kind, label, detail }: GraphNode): string {
  const words =
    kind === 'secret' || kind === 'environment' || kind === 'artifact' ? `${kind} ${label}` : label;
  return detail === undefined ? words : `${words} (${detail})`;
}

interface Group {
  readonly file: string | undefined;
  readonly nodes: readonly GraphNode[];
}

/** Triggers and jobs stand in the box of their file; what files share stands outside. */
function groupByFile(nodes: readonly GraphNode[]): Group[] {
  const inFile = ({ kind, place }: GraphNode) =>
    kind === 'trigger' || kind === 'job' ? place?.file : undefined;
  return [...Map.groupBy(nodes, inFile)].map(([file, list]) => ({ file, nodes: list }));
}

function numberNodes({ nodes }: AuthorityGraph): (id: string) => string {
  const numbers = new Map(nodes.map(({ id }, index) => [id, `n${index}`]));
  return (id) => numbers.get(id) ?? 'n';
}

const MERMAID_SHAPES: Readonly<Record<NodeKind, readonly [string, string]>> = {
  actor: ['([', '])'],
  trigger: ['>', ']'],
  job: ['[', ']'],
  code: ['[[', ']]'],
  secret: ['{{', '}}'],
  token: ['{{', '}}'],
  identity: ['{{', '}}'],
  environment: ['[/', '/]'],
  runner: ['[/', '/]'],
  cache: ['[(', ')]'],
  artifact: ['[(', ')]'],
};

function toMermaid(graph: AuthorityGraph): string {
  const name = numberNodes(graph);
  const draw = (node: GraphNode) => {
    const [open, close] = MERMAID_SHAPES[node.kind];
    return `${name(node.id)}${open}"${escapeMermaid(labelOf(node))}"${close}:::${node.trust === 'third-party' ? 'third' : node.trust}`;
  };
  const groups = groupByFile(graph.nodes).flatMap(({ file, nodes }, index) =>
    file === undefined
      ? nodes.map((node) => `  ${draw(node)}`)
      : [
          `  subgraph f${index}["${escapeMermaid(file)}"]`,
          ...nodes.map((node) => `    ${draw(node)}`),
          '  end',
        ],
  );
  const edges = graph.edges.map(({ from, to, kind, detail }) => {
    const words = detail === undefined ? WORDS[kind] : `${WORDS[kind]}, ${detail}`;
    return `  ${name(from)} -->|"${escapeMermaid(words)}"| ${name(to)}`;
  });
  const styles = [
    '  classDef outsider stroke:#c62828,stroke-width:3px',
    '  classDef third stroke:#b26a00,stroke-width:2px',
    '  classDef project stroke:#607d8b',
  ];
  const left = graph.left > 0 ? [`  %% ${graph.left} more had no room`] : [];
  return `${['flowchart LR', ...left, ...groups, ...edges, ...styles].join('\n')}\n`;
}

const DOT_SHAPES: Readonly<Record<NodeKind, string>> = {
  actor: 'oval',
  trigger: 'cds',
  job: 'box',
  code: 'component',
  secret: 'hexagon',
  token: 'hexagon',
  identity: 'hexagon',
  environment: 'house',
  runner: 'box3d',
  cache: 'cylinder',
  artifact: 'cylinder',
};
const DOT_COLORS: Readonly<Record<GraphNode['trust'], string>> = {
  outsider: '#c62828',
  'third-party': '#b26a00',
  project: '#607d8b',
};

function toDot(graph: AuthorityGraph): string {
  const name = numberNodes(graph);
  const draw = (node: GraphNode) =>
    `${name(node.id)} [label=${quoteDot(labelOf(node))}, shape=${DOT_SHAPES[node.kind]}, color="${DOT_COLORS[node.trust]}"];`;
  const groups = groupByFile(graph.nodes).flatMap(({ file, nodes }, index) =>
    file === undefined
      ? nodes.map((node) => `  ${draw(node)}`)
      : [
          `  subgraph cluster_${index} {`,
          `    label=${quoteDot(file)};`,
          ...nodes.map((node) => `    ${draw(node)}`),
          '  }',
        ],
  );
  const edges = graph.edges.map(({ from, to, kind, detail }) => {
    const words = detail === undefined ? WORDS[kind] : `${WORDS[kind]}, ${detail}`;
    return `  ${name(from)} -> ${name(to)} [label=${quoteDot(words)}];`;
  });
  const left = graph.left > 0 ? [`  // ${graph.left} more had no room`] : [];
  const head = ['digraph authority {', '  rankdir=LR;', '  node [fontname="sans-serif"];', ...left];
  return `${[...head, ...groups, ...edges, '}'].join('\n')}\n`;
}

/** Every way to write a graph, by its value of `--graph`. */
export const graphWriters: Readonly<Record<string, (graph: AuthorityGraph) => string>> = {
  mermaid: toMermaid,
  dot: toDot,
  json: (graph) => toJson({ schema: 'vouchgate-graph/1', ...graph }),
};
