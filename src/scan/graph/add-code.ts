import { findHeadCheckout, findHeadFetch } from '#pipeline/github/head-references.ts';
import type { ActionUse, ImageUse, Job, Step } from '#pipeline/model.ts';
import type { ActionReference, Pin } from '#pipeline/reference.ts';
import type { Repository } from '#pipeline/repository.ts';
import type { Span } from '#pipeline/source.ts';
import type { CodeRevision } from '#pipeline/trigger.ts';
import type { GraphBuilder, GraphNode } from './graph.ts';

const COMMIT_CHARS = 12;

function nameOf({ kind, repository, path, ref }: ActionReference, text: string): string {
  if (kind !== 'repository') return text;
  const folder = path === '' ? '' : `/${path}`;
  const short = ref !== undefined && /^[0-9a-f]{40,}$/.test(ref) ? ref.slice(0, COMMIT_CHARS) : ref;
  return `${repository}${folder}${short === undefined ? '' : `@${short}`}`;
}

/** How firmly it is named; what stands in the same commit needs no pin. */
function describePin(pin: Pin): { detail?: string } {
  if (pin === 'local') return {};
  if (pin === 'none') return { detail: 'newest' };
  return { detail: pin === 'computed' ? 'computed' : `by ${pin}` };
}

/** Code of others, or a file of this repository that is run as an action or called as a pipeline. */
export function addReference(reference: ActionReference, text: string, graph: GraphBuilder): string {
  const trust: GraphNode['trust'] = reference.kind === 'local' ? 'project' : 'third-party';
  const label = nameOf(reference, text);
  return graph.node('code', label, { label, trust, ...describePin(reference.pin) });
}

const HEAD = { label: 'code of the pull request', trust: 'outsider' } as const;
const OWN = { label: 'code of this repository', trust: 'project' } as const;

/** What a checkout without a ref takes, for each of the events that start the job. */
function checkedOut(revisions: ReadonlySet<CodeRevision>): (typeof HEAD | typeof OWN)[] {
  const proposed = revisions.has('merge') || revisions.has('head');
  const own = [...revisions].some((revision) => revision !== 'merge' && revision !== 'head');
  return [...(proposed ? [HEAD] : []), ...(own ? [OWN] : [])];
}

function addCheckout(
  use: ActionUse,
  step: Step,
  id: string,
  revisions: ReadonlySet<CodeRevision>,
  graph: GraphBuilder,
): void {
  const place = graph.place(use.text.source, use.text.node);
  const other = use.inputs.find(({ name }) => name.toLowerCase() === 'repository')?.value?.value;
  const head = findHeadCheckout(use, step);
  if (head !== undefined) {
    const detail = head.certain ? undefined : 'as its name says';
    const node = graph.node('code', HEAD.label, HEAD);
    const facts = { place: graph.place(use.text.source, head.span) };
    graph.edge(id, 'checks-out', node, detail === undefined ? facts : { ...facts, detail });
  } else if (other !== undefined && !other.includes('${{')) {
    const node = graph.node('code', other, { label: `code of ${other}`, trust: 'third-party' });
    graph.edge(id, 'checks-out', node, { place });
  } else {
    for (const code of checkedOut(revisions))
      graph.edge(id, 'checks-out', graph.node('code', code.label, code), { place });
  }
}

/** Actions that an action of this repository runs in its turn. */
function addInnerSteps(
  step: Step,
  from: string,
  repository: Repository,
  graph: GraphBuilder,
  seen: Set<string>,
): void {
  if (seen.has(from)) return;
  seen.add(from);
  for (const inner of repository.resolveStep(step)?.jobs.flatMap(({ steps }) => steps) ?? []) {
    const { work } = inner;
    if (work.kind !== 'action') continue;
    const node = addReference(work.reference, work.text.value, graph);
    graph.edge(from, 'runs', node, { place: graph.place(work.text.source, work.text.node) });
    addInnerSteps(inner, node, repository, graph, seen);
  }
}

function addImage(image: ImageUse, id: string, graph: GraphBuilder): void {
  const label = image.text.value;
  const pin = describePin(image.reference?.pin ?? 'none');
  const node = graph.node('code', label, { label, trust: 'third-party', ...pin });
  graph.edge(id, 'runs', node, { place: graph.place(image.text.source, image.text.node) });
}

/** What runs in a job: actions, images, and what it checks out. */
export function addCode(
  job: Job,
  id: string,
  revisions: ReadonlySet<CodeRevision>,
  repository: Repository,
  graph: GraphBuilder,
): void {
  const images = [...(job.container === undefined ? [] : [job.container]), ...job.services];
  for (const image of images) addImage(image, id, graph);
  const seen = new Set<string>();
  for (const step of job.steps) {
    const { work } = step;
    if (work.kind === 'script') {
      const head = findHeadFetch(work, step);
      if (head === undefined) continue;
      const place: Span = head.span;
      graph.edge(id, 'checks-out', graph.node('code', HEAD.label, HEAD), {
        place: graph.place(work.text.source, place),
      });
    }
    if (work.kind !== 'action') continue;
    if (work.reference.repository === 'actions/checkout') addCheckout(work, step, id, revisions, graph);
    const node = addReference(work.reference, work.text.value, graph);
    graph.edge(id, 'runs', node, { place: graph.place(work.text.source, work.text.node) });
    addInnerSteps(step, node, repository, graph, seen);
  }
}
