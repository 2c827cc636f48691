import { memoize } from '../memoize.ts';
import type { Repository } from '../repository.ts';
import type { Layer } from './configuration.ts';
import { baseOf, candidatesOf, isPattern, matchesCandidate } from './include-paths.ts';
import { type GitlabPipeline, type Include, isGitlabPipeline } from './model.ts';
import { readGitlabPipeline } from './read-pipeline.ts';

/** GitLab's own limit for the includes of one pipeline. */
const INCLUDES_MAX = 150;
/** Child pipelines that start child pipelines; GitLab allows two levels. */
const CHILDREN_MAX = 200;

class Resolution {
  readonly used = new Set<GitlabPipeline>();
  readonly #all: readonly GitlabPipeline[];
  readonly #byFile: ReadonlyMap<string, GitlabPipeline[]>;

  constructor(all: readonly GitlabPipeline[]) {
    this.#all = all;
    this.#byFile = Map.groupBy(all, ({ file }) => file);
  }

  find(base: string, include: Include): readonly GitlabPipeline[] {
    for (const candidate of candidatesOf(include, base)) {
      const found = isPattern(candidate)
        ? this.#all.filter(({ file }) => matchesCandidate(file, candidate))
        : (this.#byFile.get(candidate) ?? []);
      if (found.length > 0) return found;
    }
    return [];
  }

  /** The files in the order in which they are merged: what is included stands before what includes it. */
  layers(pipeline: GitlabPipeline, base: string, seen = new Set([pipeline])): GitlabPipeline[] {
    const before: GitlabPipeline[] = [];
    for (const include of pipeline.includes) {
      for (const target of this.find(base, include)) {
        if (seen.has(target) || seen.size > INCLUDES_MAX) continue;
        seen.add(target);
        this.used.add(target);
        before.push(...this.layers(target, base, seen));
      }
    }
    return [...before, pipeline];
  }

  /** Whether all that a configuration is made of lies in this repository, so that what is missing is missing. */
  isComplete(layers: readonly GitlabPipeline[], base: string): boolean {
    return layers.every(({ includes }) =>
      includes.every((each) => each.kind === 'local' && this.find(base, each).length > 0),
    );
  }
}

function toLayer({ source, node }: GitlabPipeline): Layer {
  return { source, root: node };
}

/** `spec:` stands in a document of its own in front of the rest. */
function isHeader(pipeline: GitlabPipeline): boolean {
  return pipeline.jobs.length === 0 && pipeline.node.entries.length > 0 && pipeline.isHeader;
}

const depthOf = ({ file }: GitlabPipeline): number => file.split('/').length;

interface Start {
  readonly pipeline: GitlabPipeline;
  readonly base: string;
}

class Resolver {
  readonly resolved: GitlabPipeline[] = [];
  readonly #resolution: Resolution;
  readonly #started = new Set<GitlabPipeline>();
  readonly #children: Start[] = [];

  constructor(resolution: Resolution) {
    this.#resolution = resolution;
  }

  #resolve({ pipeline, base }: Start): void {
    this.#started.add(pipeline);
    const resolution = this.#resolution;
    const layers = resolution.layers(pipeline, base);
    const [first, ...others] = layers;
    if (first === undefined) return;
    const complete = resolution.isComplete(layers, base);
    const whole = readGitlabPipeline([toLayer(first), ...others.map(toLayer)], pipeline.kind, complete);
    this.resolved.push(whole);
    for (const { trigger } of whole.jobs) {
      for (const include of trigger?.includes ?? []) {
        for (const child of resolution.find(base, include)) this.#children.push({ pipeline: child, base });
      }
    }
  }

  /** Shallow files first: a `.gitlab-ci.yml` that another one includes is a part of it. */
  resolve(all: readonly GitlabPipeline[]): GitlabPipeline[] {
    const roots = all.filter(({ kind }) => kind === 'workflow');
    for (const pipeline of roots.toSorted((left, right) => depthOf(left) - depthOf(right))) {
      if (!this.#resolution.used.has(pipeline)) this.#resolve({ pipeline, base: baseOf(pipeline.file) });
    }
    for (let next = 0; next < this.#children.length && next < CHILDREN_MAX; next += 1) {
      const child = this.#children[next];
      if (child !== undefined && !this.#started.has(child.pipeline)) this.#resolve(child);
    }
    const left = () => all.filter((each) => !this.#started.has(each) && !this.#resolution.used.has(each));
    // Of files that nobody here includes, those with includes are asked first, so that these have a place.
    for (const pipeline of left().toSorted((one, other) => other.includes.length - one.includes.length)) {
      if (!this.#resolution.used.has(pipeline)) this.#resolve({ pipeline, base: baseOf(pipeline.file) });
    }
    return this.resolved;
  }
}

/**
 * The configurations of a repository with their local includes put in, as GitLab would run them: those of
 * `.gitlab-ci.yml`, the child pipelines that they start, and files that nothing here includes. What lies in other
 * projects stays a reference.
 */
export const resolveConfigurations = memoize((repository: Repository): readonly GitlabPipeline[] => {
  const all = repository.pipelines.filter(isGitlabPipeline).filter((each) => !isHeader(each));
  return new Resolver(new Resolution(all)).resolve(all);
});
