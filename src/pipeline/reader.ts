import type { Definition, Platform } from './model.ts';
import type { Problem } from './problem.ts';
import type { ReadFile } from './read-file.ts';
import type { SourceText } from './source.ts';
import type { ContentNode } from './yaml/node.ts';

/** What a file is for its platform. */
export type DefinitionKind = 'workflow' | 'action' | 'template' | 'dependency-updates' | 'cluster-agent';

/** What was read from a file that is no YAML. */
export interface SourceDefinitions {
  readonly definitions: readonly Definition[];
  /** Without those of the definitions themselves. */
  readonly problems: readonly Problem[];
}

/** Everything that the scanner must know of a platform: which files are its own, and what they say. */
export interface PlatformReader {
  readonly platform: Platform;
  /** From the path alone, relative to the repository; decides what is opened. */
  kindOfPath(file: string): DefinitionKind | undefined;
  /** For a file that was named by hand and lies elsewhere. */
  kindOfContent(root: ContentNode): DefinitionKind | undefined;
  /** Undefined when the root is no definition at all; never throws. */
  read(source: SourceText, root: ContentNode, kind: DefinitionKind): Definition | undefined;
  /** For files that are no YAML; when it answers, `read` is not called. Never throws. */
  readSource?(source: SourceText, kind: DefinitionKind): SourceDefinitions | undefined;
  /** All files of a repository again, for definitions that lead to one another; never throws. */
  link?(files: readonly ReadFile[]): readonly ReadFile[];
}
