import { type ReadFile, readDefinitions } from '../read-file.ts';
import type { SourceText } from '../source.ts';
import { baseOf, candidatesOf, includesOf, matchesCandidate } from './include-paths.ts';
import { type GitlabPipeline, type Include, isGitlabPipeline } from './model.ts';
import { gitlabReader } from './reader.ts';

/** Includes may be nested; GitLab stops much earlier. */
const ROUNDS_MAX = 20;

export function gitlabPipelinesOf(file: ReadFile): GitlabPipeline[] {
  return file.definitions.flatMap((each) =>
    each.kind === 'pipeline' && isGitlabPipeline(each.pipeline) ? [each.pipeline] : [],
  );
}

export function readAsIncluded(source: SourceText): ReadFile {
  return readDefinitions(source, { reader: gitlabReader, kind: 'template' });
}

/** What the files include, as paths that may be there. */
export function localIncludesOf(files: readonly ReadFile[]): string[] {
  const targets = new Set<string>();
  for (const file of files) {
    const base = baseOf(file.source.file);
    const includes: readonly Include[] = gitlabPipelinesOf(file).flatMap(includesOf);
    for (const include of includes) for (const each of candidatesOf(include, base)) targets.add(each);
  }
  return [...targets];
}

/** `spec:` says what the other documents of a file are, whatever they look like. */
function readComponent(file: ReadFile): ReadFile {
  const isPartial = file.definitions.length < file.documents.length;
  return isPartial && gitlabPipelinesOf(file).some(({ isHeader }) => isHeader)
    ? readAsIncluded(file.source)
    : file;
}

/** Neither its name nor its content tells a file that only holds variables: its including file does. */
export function readIncluded(files: readonly ReadFile[]): readonly ReadFile[] {
  let all = files.map(readComponent);
  for (let round = 0; round < ROUNDS_MAX; round += 1) {
    const open = all.filter(({ definitions }) => definitions.length === 0);
    if (open.length === 0) return all;
    const targets = localIncludesOf(all);
    const isWanted = ({ source }: ReadFile) => targets.some((each) => matchesCandidate(source.file, each));
    const wanted = new Set(open.filter(isWanted));
    if (wanted.size === 0) return all;
    all = all.map((file) => (wanted.has(file) ? readAsIncluded(file.source) : file));
  }
  return all;
}
