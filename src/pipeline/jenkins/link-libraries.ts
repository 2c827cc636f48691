import type { ReadFile } from '../read-file.ts';
import { isJenkinsPipeline, type JenkinsPipeline } from './model.ts';
import { readJenkinsPipeline, readUnit } from './read-pipeline.ts';
import type { GroovyFunction } from './symbols.ts';

function jenkinsPipelineOf({ definitions: [first] }: ReadFile): JenkinsPipeline | undefined {
  return first?.kind === 'pipeline' && isJenkinsPipeline(first.pipeline) ? first.pipeline : undefined;
}

/** `vars/name.groovy` is the step `name`; its other functions are `name.function`. */
function addFunctions(file: ReadFile, library: Map<string, GroovyFunction>): void {
  const name = /([\w-]+)\.groovy$/.exec(file.source.file)?.[1];
  if (name === undefined) return;
  for (const each of readUnit(file.source).unit.functions.values()) {
    library.set(each.name === 'call' ? name : `${name}.${each.name}`, each);
  }
}

/**
 * Reads the Jenkinsfiles of a repository again where it has the shared library that they may take steps from: what
 * they hand to a step is followed into it, and what it does counts as theirs.
 */
export function linkLibraries(files: readonly ReadFile[]): readonly ReadFile[] {
  const library = new Map<string, GroovyFunction>();
  for (const file of files) if (jenkinsPipelineOf(file)?.kind === 'template') addFunctions(file, library);
  if (library.size === 0) return files;
  return files.map((file) => {
    if (jenkinsPipelineOf(file)?.kind !== 'workflow') return file;
    const pipeline = readJenkinsPipeline(readUnit(file.source), 'workflow', library);
    return { ...file, definitions: [{ kind: 'pipeline', pipeline }] };
  });
}
