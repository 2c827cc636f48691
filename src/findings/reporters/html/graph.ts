import { severities } from '../../severity.ts';
import { escapeMarkup } from '../markup.ts';
import type { ReportEdge, ReportGraph, ReportNode } from '../report-graph.ts';
import { foldGraph, type FoldedGraph } from './fold-graph.ts';
import { layoutGraph, type Spot } from './layout-graph.ts';

const BOX = { width: 180, height: 40, gapX: 70, gapY: 14, margin: 12 };
const LABEL_CHARS_MAX = 25;
const LIST_MAX = 400;

const KINDS: Readonly<Record<string, string>> = {
  actor: 'who',
  trigger: 'event',
  job: 'job',
  file: 'file',
  code: 'code',
  secret: 'secret',
  token: 'token',
  identity: 'identity',
  environment: 'environment',
  runner: 'machine',
  cache: 'cache',
  artifact: 'artifact',
};

const WORDS: Readonly<Record<string, string>> = {
  'is-followed-by': 'is followed by',
  precedes: 'comes before',
  'checks-out': 'checks out',
  'runs-on': 'runs on',
  'leads-to': 'leads an attack to',
};

/** Capitals are wider: names of secrets have nothing else. */
function widthOf(char: string): number {
  return /[A-Z@%]/.test(char) ? 1.3 : 1;
}

/** As much of a text as a box has room for. */
function shorten(text: string, room = LABEL_CHARS_MAX): string {
  let width = 0;
  const shown: string[] = [];
  for (const char of text) {
    width += widthOf(char);
    if (width > room) return `${shown.slice(0, -1).join('')}…`;
    shown.push(char);
  }
  return text;
}

function describeNode({ kind, label, place }: ReportNode): string {
  const where = place === undefined ? '' : ` (${place.file}:${place.line})`;
  return `${KINDS[kind] ?? kind} ${label}${where}`;
}

const GAINS = new Set(['secret', 'token', 'identity', 'environment', 'cache', 'artifact', 'runner']);

/** Nodes on the way of an attack: jobs that findings lead through, what starts them, and what they reach. */
function findHot(graph: ReportGraph): ReadonlySet<string> {
  const byId = new Map(graph.nodes.map((node) => [node.id, node]));
  const hot = new Set(graph.nodes.flatMap(({ id, attacked }) => (attacked === undefined ? [] : [id])));
  for (const { from, to } of graph.edges) {
    const gain = GAINS.has(byId.get(to)?.kind ?? '');
    if (hot.has(from) && gain && byId.get(from)?.kind !== 'cache') hot.add(to);
  }
  // Back to who causes it: one that follows another run, that run's event, and who fires that.
  for (const causes of [['starts'], ['is-followed-by'], ['fires']]) {
    for (const { from, to, kind } of graph.edges)
      if (causes.includes(kind) && hot.has(to) && byId.get(from)?.trust === 'outsider') hot.add(from);
  }
  return hot;
}

function xOf({ column }: Spot): number {
  return BOX.margin + column * (BOX.width + BOX.gapX);
}

function yOf({ row }: Spot): number {
  return BOX.margin + row * (BOX.height + BOX.gapY);
}

function drawEdge(edge: ReportEdge, spots: ReadonlyMap<string, Spot>, hot: ReadonlySet<string>): string {
  const [from, to] = [spots.get(edge.from), spots.get(edge.to)];
  if (from === undefined || to === undefined) return '';
  const back = to.column <= from.column;
  const [x1, y1] = [xOf(from) + BOX.width, yOf(from) + BOX.height / 2];
  const [x2, y2] = [back ? xOf(to) + BOX.width : xOf(to), yOf(to) + BOX.height / 2];
  const bend = back ? BOX.gapX / 2 : Math.max(BOX.gapX / 2, (x2 - x1) / 2);
  const curve = `M${x1} ${y1}C${x1 + bend} ${y1} ${back ? x2 + bend : x2 - bend} ${y2} ${x2} ${y2}`;
  const tone = hot.has(edge.from) && hot.has(edge.to) ? ' class="hot"' : '';
  return `<path d="${curve}"${tone}/>`;
}

function drawNode(node: ReportNode, spot: Spot, hot: ReadonlySet<string>): string {
  const [x, y] = [xOf(spot), yOf(spot)];
  const classes = [node.trust, ...(hot.has(node.id) ? ['hot'] : [])].join(' ');
  const file = node.kind === 'file' ? undefined : node.place?.file.replace(/^.*\//, '');
  const facts = [KINDS[node.kind] ?? 'node', node.attacked, file].filter((each) => each !== undefined);
  const kind = shorten(facts.join(' · '), LABEL_CHARS_MAX + 3);
  return (
    `<g class="${classes}"><title>${escapeMarkup(describeNode(node))}</title>` +
    `<rect x="${x}" y="${y}" width="${BOX.width}" height="${BOX.height}" rx="6"/>` +
    `<text x="${x + 10}" y="${y + 15}" class="kind">${escapeMarkup(kind)}</text>` +
    `<text x="${x + 10}" y="${y + 31}">${escapeMarkup(shorten(node.label.replace(/^token: |^\.github\/workflows\//, '')))}</text></g>`
  );
}

function drawPicture(graph: FoldedGraph): string {
  const spots = layoutGraph(graph);
  const hot = findHot(graph);
  const all = [...spots.values()];
  const width = Math.max(...all.map(xOf)) + BOX.width + BOX.margin + BOX.gapX / 2;
  const height = Math.max(...all.map(yOf)) + BOX.height + BOX.margin;
  // What is hot is drawn last, over the rest.
  const edges = graph.edges
    .map((edge) => drawEdge(edge, spots, hot))
    .toSorted((left, right) => Number(left.includes('class')) - Number(right.includes('class')));
  const nodes = graph.nodes.map((node) => {
    const spot = spots.get(node.id);
    return spot === undefined ? '' : drawNode(node, spot, hot);
  });
  const size = `width="${width}" height="${height}" viewBox="0 0 ${width} ${height}"`;
  return `<svg ${size} role="img" aria-label="Who can start what, and what it reaches; the list below says the same">${edges.join('')}${nodes.join('')}</svg>`;
}

/** The same in words, the worst first, for those who do not see the picture. */
function listEdges(graph: FoldedGraph): string {
  const byId = new Map(graph.nodes.map((node) => [node.id, node]));
  const rank = (id: string) => severities.indexOf(byId.get(id)?.attacked ?? 'info');
  const groups = [...Map.groupBy(graph.edges, ({ from }) => from)].toSorted(
    ([left], [right]) => rank(right) - rank(left),
  );
  const items = groups.slice(0, LIST_MAX).flatMap(([id, edges]) => {
    const node = byId.get(id);
    if (node === undefined) return [];
    const ends = edges.flatMap(({ to, kind, detail }) => {
      const end = byId.get(to);
      const more = detail === undefined ? '' : ` (${detail})`;
      return end === undefined
        ? []
        : [`<li>${escapeMarkup(`${WORDS[kind] ?? kind} ${KINDS[end.kind] ?? ''} ${end.label}${more}`)}</li>`];
    });
    return [`<li>${escapeMarkup(describeNode(node))}<ul>${ends.join('')}</ul></li>`];
  });
  return `<details><summary>The picture in words</summary><ul>${items.join('')}</ul></details>`;
}

const NO_WAY =
  'These files show no way of outsiders to a secret, an identity or a token that can write. What actions of others do, and settings of the platform, are not in them.';

/** The section with the graph; nothing when there is nothing to draw. */
export function renderGraph(graph: ReportGraph | undefined): string {
  const folded = graph === undefined ? undefined : foldGraph(graph);
  if (graph === undefined || folded === undefined || graph.nodes.length === 0) return '';
  if (folded.nodes.length === 0) return `<h2>Who reaches what</h2><p>${NO_WAY}</p>\n`;
  const notes = [
    'From left to right: who, what they start, what runs, what it reaches. Red is on the way of an attack that is found below.',
    ...folded.notes,
  ];
  return `<h2>Who reaches what</h2><figure><div class="graph" tabindex="0" role="region" aria-label="Graph">${drawPicture(folded)}</div><figcaption class="dim">${escapeMarkup(notes.join(' '))}</figcaption></figure>${listEdges(folded)}\n`;
}
