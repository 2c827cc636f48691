import type { Include } from '#pipeline/gitlab/model.ts';
import { isGitlabPipeline } from '#pipeline/gitlab/model.ts';
import { memoize } from '#pipeline/memoize.ts';
import type { ActionUse, Call, ImageUse, Job, Pipeline } from '#pipeline/model.ts';
import type { ActionReference, ImageReference } from '#pipeline/reference.ts';
import type { ImportUse, Place } from '#pipeline/surface.ts';
import type { Text } from '#pipeline/text.ts';
import { toolsOfScript } from './tool-downloads.ts';

/** Something of others in a pipeline, and the job that runs it. */
export interface JobImport {
  readonly use: ImportUse;
  /** Undefined for what the whole definition is made of. */
  readonly job: Job | undefined;
  /** What it is written as, where it is a reference of GitHub. */
  readonly reference?: ActionReference;
  readonly text?: Text;
}

/** Made by the platform itself: whoever can change them owns the runner anyway. */
const PLATFORM_OWNERS = new Set(['actions', 'github']);
const IMPORTS_MAX = 5_000;

function fromImage(image: ImageReference | undefined, place: Place): ImportUse[] {
  if (image === undefined || image.name === '') return [];
  const { name, tag, digest, pin } = image;
  const origin = 'third-party';
  return [
    {
      kind: 'image',
      name,
      version: digest ?? tag,
      pin,
      immutable: false,
      origin,
      source: place.source,
      span: place.span,
    },
  ];
}

function fromReference(kind: 'action' | 'workflow', { text, reference }: ActionUse | Call): ImportUse[] {
  const place = { source: text.source, span: text.node };
  if (reference.kind === 'image') return fromImage(reference.image, place);
  if (reference.kind !== 'repository') return [];
  const { repository, path, ref, pin, owner } = reference;
  const name = path === '' ? repository : `${repository}/${path}`;
  const origin = PLATFORM_OWNERS.has(owner) ? 'platform' : 'third-party';
  return [{ kind, name, version: ref, pin, immutable: false, origin, ...place }];
}

function imagesOf(images: readonly (ImageUse | undefined)[]): ImportUse[] {
  return images.flatMap((each) =>
    each === undefined ? [] : fromImage(each.reference, { source: each.text.source, span: each.text.node }),
  );
}

function toolsOf(job: Job): ImportUse[] {
  return job.steps.flatMap(({ work }) => (work.kind === 'script' ? toolsOfScript(work) : []));
}

function readGithub({ jobs }: Pipeline): JobImport[] {
  return jobs.flatMap((job) => {
    const { call } = job;
    const actions = job.steps.flatMap(({ work }): JobImport[] =>
      work.kind === 'action'
        ? fromReference('action', work).map((use) => ({
            use,
            job,
            reference: work.reference,
            text: work.text,
          }))
        : [],
    );
    const called = call === undefined ? [] : fromReference('workflow', call);
    const others = [...imagesOf([job.container, ...job.services]), ...toolsOf(job)];
    return [
      ...actions,
      ...called.map((use) => ({
        use,
        job,
        ...(call === undefined ? {} : { reference: call.reference, text: call.text }),
      })),
      ...others.map((use) => ({ use, job })),
    ];
  });
}

/** Files that GitLab itself ships, and those of other projects, servers and the catalogue. */
function fromInclude(include: Include): ImportUse[] {
  const { kind, text, files, ref, integrity, pin, source, span } = include;
  if (kind === 'local') return [];
  const within = files.length === 0 ? '' : `:${files.slice(0, 3).join(',')}`;
  const [component = '', version] = kind === 'component' ? text.value.split('@') : [];
  return [
    {
      kind: 'template',
      name: (kind === 'component'
        ? component
        : `${text.value.replace(/^https?:\/\/(?:[^/@]*@)?/, '')}${within}`
      ).slice(0, 160),
      version: ref?.value ?? version ?? integrity,
      pin: integrity === undefined ? pin : 'digest',
      immutable: false,
      origin: kind === 'template' ? 'platform' : 'third-party',
      source,
      span,
    },
  ];
}

function readGitlab(pipeline: Pipeline): JobImport[] {
  if (!isGitlabPipeline(pipeline)) return [];
  const jobs = pipeline.jobs.filter(({ hidden }) => !hidden);
  return [
    ...pipeline.includes.flatMap(fromInclude).map((use) => ({ use, job: undefined })),
    ...jobs.flatMap((job) => [...imagesOf(job.images), ...toolsOf(job)].map((use) => ({ use, job }))),
  ];
}

function jobAt({ source, span }: ImportUse, { jobs, source: own }: Pipeline): Job | undefined {
  if (source !== own) return undefined;
  return jobs.find(({ node }) => node.start <= span.start && span.start < node.end);
}

function readSurface(pipeline: Pipeline, imports: readonly ImportUse[]): JobImport[] {
  const named = imports.filter(({ pin }) => pin !== 'local');
  const others = pipeline.jobs.flatMap((job) =>
    [...imagesOf([job.container, ...job.services]), ...toolsOf(job)].map((use) => ({ use, job })),
  );
  // A reader may have seen an image or a download, too.
  const seen = new Set(named.map(({ kind, name }) => `${kind} ${name}`));
  return [
    ...named.map((use) => ({ use, job: jobAt(use, pipeline) })),
    ...others.filter(({ use }) => !seen.has(`${use.kind} ${use.name}`)),
  ];
}

/** All that a definition takes from others, with the jobs that run it; a bounded number. */
export const jobImportsOf = memoize((pipeline: Pipeline): readonly JobImport[] => {
  const imports = pipeline.surface?.imports;
  if (imports !== undefined) return readSurface(pipeline, imports.slice(0, IMPORTS_MAX));
  return (pipeline.platform === 'github' ? readGithub(pipeline) : readGitlab(pipeline)).slice(0, IMPORTS_MAX);
});
