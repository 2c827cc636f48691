import { cacheUseOf, savesOnly } from '#pipeline/github/caches.ts';
import type { ActionUse, Job } from '#pipeline/model.ts';
import type { Repository } from '#pipeline/repository.ts';
import type { GraphBuilder } from './graph.ts';

/** The name that upload and download take when none is given to the former. */
const DEFAULT_NAME = 'artifact';

function input(use: ActionUse, name: string): string | undefined {
  return use.inputs.find((each) => each.name.toLowerCase() === name)?.value?.value;
}

function addArtifact(file: string, name: string, graph: GraphBuilder): string {
  return graph.node('artifact', `${file}#${name}`, { label: name, trust: 'project', detail: `of ${file}` });
}

export interface Upload {
  readonly file: string;
  readonly name: string;
}

export function uploadOf(use: ActionUse, file: string): Upload | undefined {
  if (use.reference.repository !== 'actions/upload-artifact') return undefined;
  return { file, name: input(use, 'name') ?? DEFAULT_NAME };
}

/** All artifacts that pipelines of this repository leave behind. */
function listUploads({ pipelines }: Repository): Upload[] {
  return pipelines.flatMap(({ file, jobs }) =>
    jobs.flatMap(({ steps }) =>
      steps.flatMap(({ work }) => (work.kind === 'action' ? (uploadOf(work, file) ?? []) : [])),
    ),
  );
}

const DOWNLOADS = new Set(['actions/download-artifact', 'dawidd6/action-download-artifact']);

/** Artifacts that a step brings in: its own run's, or when it names another run, those of the other pipelines. */
function downloadsOf(use: ActionUse, file: string, uploads: readonly Upload[]): Upload[] {
  const { repository } = use.reference;
  if (!DOWNLOADS.has(repository)) return [];
  const elsewhere = repository.startsWith('dawidd6/') || input(use, 'run-id') !== undefined;
  const name = input(use, 'name');
  return uploads.filter(
    (each) =>
      (each.file !== file) === elsewhere &&
      (name === undefined || name.includes('${{') || name === each.name),
  );
}

/** Adds the caches and artifacts of jobs; the list of all uploads is made once. */
export function createStores(repository: Repository, graph: GraphBuilder): (job: Job, id: string) => void {
  const uploads = listUploads(repository);
  return (job, id) => {
    const { file } = job.pipeline;
    for (const step of job.steps) {
      const { work } = step;
      if (work.kind !== 'action') continue;
      const place = graph.place(work.text.source, work.text.node);
      const upload = uploadOf(work, file);
      if (upload !== undefined) graph.edge(id, 'writes', addArtifact(file, upload.name, graph), { place });
      for (const each of downloadsOf(work, file, uploads))
        graph.edge(addArtifact(each.file, each.name, graph), 'feeds', id, { place });
      const cache = cacheUseOf(step);
      if (cache === undefined) continue;
      const label = 'cache that the runs of a branch share';
      const node = graph.node('cache', 'branch', { label, trust: 'project' });
      if (!cache.readsOnly) graph.edge(id, 'writes', node, { place });
      if (!savesOnly(cache.use)) graph.edge(node, 'feeds', id, { place });
    }
  };
}
