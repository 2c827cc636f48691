import type { Definition } from './model.ts';
import type { Problem } from './problem.ts';
import type { DefinitionKind, PlatformReader, SourceDefinitions } from './reader.ts';
import { platformReaders } from './readers.ts';
import type { SourceText } from './source.ts';
import type { ContentNode } from './yaml/node.ts';
import { parseYaml } from './yaml/parse.ts';

/** A file of one or more platforms' own, read as far as it could be. */
export interface ReadFile {
  readonly source: SourceText;
  readonly documents: readonly ContentNode[];
  readonly definitions: readonly Definition[];
  readonly problems: readonly Problem[];
}

export interface Recognised {
  readonly reader: PlatformReader;
  readonly kind: DefinitionKind;
}

/** The platform that a path belongs to. */
export function recognisePath(file: string): Recognised | undefined {
  for (const reader of platformReaders) {
    const kind = reader.kindOfPath(file);
    if (kind !== undefined) return { reader, kind };
  }
  return undefined;
}

function recogniseContent(root: ContentNode): Recognised | undefined {
  for (const reader of platformReaders) {
    const kind = reader.kindOfContent(root);
    if (kind !== undefined) return { reader, kind };
  }
  return undefined;
}

/**
 * Parses a file and reads every document of it. Never throws: what went wrong stands in `problems`. `known` says what
 * the file is where that does not show in its path, because another file includes it.
 */
export function readDefinitions(source: SourceText, known?: Recognised): ReadFile {
  const byPath = known ?? recognisePath(source.file);
  const other = byPath?.reader.readSource?.(source, byPath.kind);
  if (other !== undefined) return { source, documents: [], ...withOwnProblems(other) };
  const { documents, problems } = parseYaml(source);
  const definitions = documents.flatMap((root) => {
    const recognised = byPath ?? recogniseContent(root);
    return recognised?.reader.read(source, root, recognised.kind) ?? [];
  });
  return { source, documents, ...withOwnProblems({ definitions, problems }) };
}

function withOwnProblems({ definitions, problems }: SourceDefinitions): SourceDefinitions {
  const own = definitions.flatMap((definition) =>
    definition.kind === 'pipeline' ? definition.pipeline.problems : definition.configuration.problems,
  );
  return { definitions, problems: [...problems, ...own] };
}

/** Files in which definitions know what leads to them from the others. */
export function linkDefinitions(files: readonly ReadFile[]): readonly ReadFile[] {
  return platformReaders.reduce((linked, reader) => reader.link?.(linked) ?? linked, files);
}
