import type { Job, Pipeline, Step } from './model.ts';
import type { ReadFile } from './read-file.ts';

/** Where a pipeline of this repository is called from. */
export interface CallSite {
  readonly job: Job;
  /** Undefined when the job itself is the call. */
  readonly step: Step | undefined;
}

/** Everything that one repository says about its pipelines, and how its files lead to one another. */
export class Repository {
  /** Absolute, or empty for files that belong to none. */
  readonly root: string;
  readonly files: readonly ReadFile[];
  readonly pipelines: readonly Pipeline[];
  readonly #byPath = new Map<string, Pipeline>();
  #callers: Map<Pipeline, CallSite[]> | undefined;

  constructor(root: string, files: readonly ReadFile[]) {
    this.root = root;
    this.files = files;
    this.pipelines = files.flatMap((file) =>
      file.definitions.flatMap((each) => (each.kind === 'pipeline' ? [each.pipeline] : [])),
    );
    for (const pipeline of this.pipelines) {
      this.#byPath.set(pipeline.file, pipeline);
      // An action is called by its folder.
      const folder = /^(.*?)\/?action\.ya?ml$/.exec(pipeline.file)?.[1];
      if (folder !== undefined) this.#byPath.set(`${folder}/`, pipeline);
    }
  }

  /** What a reference into the same repository points at. */
  resolveLocal(path: string): Pipeline | undefined {
    return this.#byPath.get(path) ?? this.#byPath.get(`${path}/`);
  }

  resolveStep(step: Step): Pipeline | undefined {
    const { work } = step;
    if (work.kind !== 'action' || work.reference.kind !== 'local') return undefined;
    return this.resolveLocal(work.reference.path);
  }

  resolveCall(job: Job): Pipeline | undefined {
    if (job.call === undefined || job.call.reference.kind !== 'local') return undefined;
    return this.resolveLocal(job.call.reference.path);
  }

  /** Calls of this pipeline from inside of the repository. */
  callersOf(pipeline: Pipeline): readonly CallSite[] {
    this.#callers ??= this.#linkCallers();
    return this.#callers.get(pipeline) ?? [];
  }

  #linkCallers(): Map<Pipeline, CallSite[]> {
    const callers = new Map<Pipeline, CallSite[]>();
    const link = (target: Pipeline | undefined, site: CallSite): void => {
      if (target === undefined) return;
      const sites = callers.get(target);
      if (sites === undefined) callers.set(target, [site]);
      else sites.push(site);
    };
    for (const pipeline of this.pipelines) {
      for (const job of pipeline.jobs) {
        link(this.resolveCall(job), { job, step: undefined });
        for (const step of job.steps) link(this.resolveStep(step), { job, step });
      }
    }
    return callers;
  }
}
