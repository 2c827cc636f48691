import type { Job, Pipeline, Step } from './model.ts';
import type { PlatformSettings } from './platform-settings.ts';
import type { ReadFile } from './read-file.ts';
import type { ActionReference } from './reference.ts';

/** Where a pipeline of this repository is called from. */
export interface CallSite {
  readonly job: Job;
  /** Undefined when the job itself is the call. */
  readonly step: Step | undefined;
}

/** Definitions of another repository: what is called there, and what calls from there. */
export interface Neighbour {
  /** `owner/name` in lower case; file names begin with it. */
  readonly address: string;
  readonly files: readonly ReadFile[];
}

/** What is known of a repository beside its files. */
export interface RepositorySurroundings {
  /** `owner/name` in lower case; empty when that is not known. */
  readonly address?: string;
  readonly neighbours?: readonly Neighbour[];
  readonly settings?: PlatformSettings;
}

/** Everything that one repository says about its pipelines, and how its files lead to one another. */
export class Repository {
  /** Absolute, or empty for files that belong to none. */
  readonly root: string;
  readonly files: readonly ReadFile[];
  readonly pipelines: readonly Pipeline[];
  readonly settings: PlatformSettings;
  readonly #byPath = new Map<string, Pipeline>();
  readonly #neighbours = new Map<string, Repository>();
  /** What others call this repository; empty when that is not known. */
  readonly #address: string;
  #callers: Map<Pipeline, CallSite[]> | undefined;

  constructor(
    root: string,
    files: readonly ReadFile[],
    { address = '', neighbours = [], settings = {} }: RepositorySurroundings = {},
  ) {
    this.root = root;
    this.#address = address;
    this.settings = settings;
    for (const each of neighbours) this.#neighbours.set(each.address, new Repository(root, each.files));
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

  /** What another repository's file is, as it stands there now: which commit a tag means is not known here. */
  #resolveForeign({ repository, path }: ActionReference): Pipeline | undefined {
    if (this.#address !== '' && repository === this.#address) return this.resolveLocal(path);
    const inner = path === '' ? repository : `${repository}/${path}`;
    return this.#neighbours.get(repository)?.resolveLocal(inner);
  }

  resolveStep(step: Step): Pipeline | undefined {
    const { work } = step;
    if (work.kind !== 'action') return undefined;
    if (work.reference.kind === 'repository') return this.#resolveForeign(work.reference);
    return work.reference.kind === 'local' ? this.resolveLocal(work.reference.path) : undefined;
  }

  resolveCall(job: Job): Pipeline | undefined {
    if (job.call === undefined) return undefined;
    const { reference } = job.call;
    if (reference.kind === 'repository') return this.#resolveForeign(reference);
    return reference.kind === 'local' ? this.resolveLocal(reference.path) : undefined;
  }

  /** Calls of this pipeline from inside of the repository, and from its neighbours. */
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
    const foreign = [...this.#neighbours.values()].flatMap(({ pipelines }) => pipelines);
    for (const pipeline of [...this.pipelines, ...foreign]) {
      for (const job of pipeline.jobs) {
        link(this.resolveCall(job), { job, step: undefined });
        for (const step of job.steps) link(this.resolveStep(step), { job, step });
      }
    }
    return callers;
  }
}
