import path from 'node:path';
import type { Repository } from '../repository.ts';
import type { Layer } from './configuration.ts';
import { type GitlabPipeline, type Include, isGitlabPipeline } from './model.ts';
import { readGitlabPipeline } from './read-pipeline.ts';

/** GitLab's own limit for the includes of one pipeline. */
const INCLUDES_MAX = 150;
/** More stars than anybody writes make a pattern slow to match. */
const GLOB = /^[^*]*(?:\*{1,2}[^*]*){1,4}$/;
const GLOB_CHARACTERS_MAX = 300;

/** The folder that local paths of a file start from: that of the nearest `.gitlab-ci.yml` above. */
function baseOf(file: string): string {
  const folder = /^(.*?)\/?(?:\.gitlab(?:-ci)?\/.*|[^/]*)$/.exec(file)?.[1];
  return folder ?? '';
}

function pathOf(base: string, include: Include): string {
  return path.posix.join(base, include.text.value.replace(/^\/+/, ''));
}

class Resolution {
  readonly used = new Set<GitlabPipeline>();
  readonly #all: readonly GitlabPipeline[];

  constructor(all: readonly GitlabPipeline[]) {
    this.#all = all;
  }

  #find(base: string, include: Include): GitlabPipeline[] {
    if (include.kind !== 'local') return [];
    const target = pathOf(base, include);
    const isGlob = target.includes('*');
    if (isGlob && (target.length > GLOB_CHARACTERS_MAX || !GLOB.test(target))) return [];
    return this.#all.filter(({ file }) => (isGlob ? path.posix.matchesGlob(file, target) : file === target));
  }

  /** The files in the order in which they are merged: what is included stands before what includes it. */
  layers(
    pipeline: GitlabPipeline,
    base: string,
    seen: Set<GitlabPipeline> = new Set([pipeline]),
  ): GitlabPipeline[] {
    const before: GitlabPipeline[] = [];
    for (const include of pipeline.includes) {
      for (const target of this.#find(base, include)) {
        if (seen.has(target) || seen.size > INCLUDES_MAX) continue;
        seen.add(target);
        this.used.add(target);
        before.push(...this.layers(target, base, seen));
      }
    }
    return [...before, pipeline];
  }
}

function toLayer({ source, node }: GitlabPipeline): Layer {
  return { source, root: node };
}

/** `spec:` stands in a document of its own in front of the rest. */
function isHeader(pipeline: GitlabPipeline): boolean {
  return pipeline.jobs.length === 0 && pipeline.inputs.length > 0;
}

/**
 * The configurations of a repository with their local includes put in, as GitLab would run them; and files that
 * nothing here includes by themselves. What lies in other projects stays a reference.
 */
export function resolveConfigurations(repository: Repository): GitlabPipeline[] {
  const all = repository.pipelines.filter(isGitlabPipeline).filter((each) => !isHeader(each));
  const resolution = new Resolution(all);
  const roots = all.filter(({ kind }) => kind === 'workflow');
  const resolved = roots.map((root) => {
    const [first, ...others] = resolution.layers(root, baseOf(root.file));
    if (first === undefined || others.length === 0) return root;
    return readGitlabPipeline([toLayer(first), ...others.map(toLayer)], 'workflow');
  });
  const alone = all.filter((each) => each.kind !== 'workflow' && !resolution.used.has(each));
  return [...resolved, ...alone];
}
