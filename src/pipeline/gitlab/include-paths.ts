import path from 'node:path';
import type { GitlabPipeline, Include } from './model.ts';

/** More stars than anybody writes make a pattern slow to match. */
const GLOB = /^[^*]*(?:\*{1,2}[^*]*){1,4}$/;
const PATTERN_CHARACTERS_MAX = 300;

/** The folder that local paths of a file start from: the one that its `.gitlab-ci.yml` or `.gitlab/` lies in. */
export function baseOf(file: string): string {
  return /^(.*?)\/?(?:\.gitlab(?:-ci)?\/.*|[^/]*)$/.exec(file)?.[1] ?? '';
}

/** Includes of a pipeline and of the child pipelines that it triggers. */
export function includesOf(pipeline: GitlabPipeline): readonly Include[] {
  return [...pipeline.includes, ...pipeline.jobs.flatMap(({ trigger }) => trigger?.includes ?? [])];
}

/**
 * Where a local include may lie, most likely first. GitLab starts at the root of the repository; a copy of it may lie
 * deeper in what is scanned. Empty for what is no path, leads out, or is computed.
 */
export function candidatesOf(include: Include, base: string): string[] {
  const written = include.text.value.trim();
  if (include.kind !== 'local' || written === '' || written.length > PATTERN_CHARACTERS_MAX) return [];
  if (/[$\0\\]/.test(written) || (written.includes('*') && !GLOB.test(written))) return [];
  const relative = path.posix.normalize(written.replace(/^[/]+/, ''));
  if (relative === '.' || relative.split('/').includes('..')) return [];
  return base === '' ? [relative] : [path.posix.join(base, relative), relative];
}

export function isPattern(candidate: string): boolean {
  return candidate.includes('*');
}

/** GitLab takes `folder/**.yml` for all files below the folder. */
export function matchesCandidate(file: string, candidate: string): boolean {
  if (!isPattern(candidate)) return file === candidate;
  return path.posix.matchesGlob(file, candidate.replaceAll(/\*\*(?!\/|$)/g, '**/*'));
}
