import type { ImageReference } from '#pipeline/reference.ts';
import { parseImageReference } from '#pipeline/reference.ts';
import type { ImportUse, Place } from '#pipeline/surface.ts';
import type { Pipeline } from '#pipeline/model.ts';
import type { Repository } from '#pipeline/repository.ts';
import type { Report } from '../../rule.ts';
import { describeCredentials, findHolder } from '../../shared/surface-credentials.ts';
import { jobsOf, nameJob, type SurfaceJob, surfacePipelines } from '../../shared/surface-jobs.ts';
import type { Candidate } from '../../shared/surface-report.ts';

type Pinned = Pick<ImageReference, 'name' | 'pin' | 'tag'>;

function judge(image: Pinned, place: Place, runs: string, held: string | undefined): Candidate[] {
  const { name, pin, tag } = image;
  if (pin === 'tag') {
    const report: Omit<Report, 'at'> = {
      message: `${runs} in the image ${name.slice(0, 80)} by the tag ${(tag ?? '').slice(0, 30)}, which can be moved`,
      severity: 'info',
      persona: 'pedantic',
      key: `${name}:${tag ?? ''}`,
    };
    return [{ ...place, report }];
  }
  if (pin !== 'none') return [];
  const report: Omit<Report, 'at'> = {
    message: `${runs} in whichever image of ${name.slice(0, 80)} is the newest${held === undefined ? '' : `, with ${held}`}`,
    severity: held === undefined ? 'low' : 'medium',
    persona: held === undefined ? 'pedantic' : 'regular',
    key: name,
  };
  return [{ ...place, report }];
}

function imagesOf(at: SurfaceJob): Candidate[] {
  const { job, surface } = at;
  const held = describeCredentials(surface, job.pipeline.platform);
  const own = job.container === undefined ? [] : [{ image: job.container, role: '', held }];
  // A service only stands beside the scripts.
  const services = job.services.map((image) => ({ image, role: 'a service of ', held: undefined }));
  return [...own, ...services].flatMap(({ image, role, held: has }) => {
    const reference = image.reference ?? parseImageReference(image.text.value);
    const place = { source: image.text.source, span: image.text.node };
    return judge(reference, place, `${role}${nameJob(job)} runs`, has);
  });
}

/** A step’s own image, or that of a plugin. */
function judgeImport(use: ImportUse, held: string | undefined): Candidate[] {
  if (use.kind !== 'image' || use.immutable) return [];
  const image = { name: use.name, pin: use.pin, tag: use.version };
  return judge(image, { source: use.source, span: use.span }, 'a step runs', held);
}

function findIn(pipeline: Pipeline): Candidate[] {
  const jobs = jobsOf(pipeline);
  const imports = pipeline.surface?.imports ?? [];
  // What a job says about its own image comes first, and a place is reported once.
  return [...jobs.flatMap(imagesOf), ...imports.flatMap((use) => judgeImport(use, heldBeside(use, jobs)))];
}

/** What the job has in whose lines the image stands, or the only one there is. */
function heldBeside({ source, span }: ImportUse, jobs: readonly SurfaceJob[]): string | undefined {
  const around = jobs.filter(
    ({ job }) => job.pipeline.source === source && job.node.start <= span.start && span.end <= job.node.end,
  );
  return findHolder(jobs.length === 1 ? jobs : around)?.held;
}

export function findOnSurfaces(repository: Repository): Candidate[] {
  return surfacePipelines(repository).flatMap(findIn);
}
