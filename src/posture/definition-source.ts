import { AppError } from '#core/errors.ts';

export type DefinitionSourceErrorCode =
  /** The source has no such repository or commit: a mirror that is behind, a name that is wrong. */
  | 'definition_absent'
  /** It does not answer, or too slowly. */
  | 'definition_source_unavailable'
  /** It answers what cannot be used, or refuses our credential. */
  | 'definition_source_refused'
  /** There is more of it than we read. */
  | 'definition_too_large';

/** The message is a part of a sentence for the developer whose job was refused: no host, no path, no secret. */
export class DefinitionSourceError extends AppError<DefinitionSourceErrorCode> {}

/** True when the same question may be answered a little later. */
export function isPassing(error: unknown): boolean {
  return error instanceof DefinitionSourceError && error.code !== 'definition_source_refused';
}

export interface DefinitionFile {
  readonly file: string;
  /** Git's name of the content. */
  readonly objectId: string;
}

/** The files of one commit. Nothing is checked out: names and contents are read from git's objects. */
export interface CommitSnapshot {
  readonly commit: string;
  /** Regular files below a folder (`''`: all, as far as definitions may lie there), by name. */
  list(folder: string): Promise<readonly DefinitionFile[]>;
  /** Texts in the order of the files; undefined for what is larger than `bytesMax`. */
  read(files: readonly DefinitionFile[], bytesMax: number): Promise<readonly (string | undefined)[]>;
}

/** Where the definitions of an identity provider's repositories are read from. */
export interface DefinitionSource {
  /** @throws {DefinitionSourceError} */
  open(repository: string, commit: string, signal: AbortSignal): Promise<CommitSnapshot>;
  /**
   * The newest commit of the default branch; undefined when the source does not know one.
   * @throws {DefinitionSourceError}
   */
  defaultCommit(repository: string, signal: AbortSignal): Promise<string | undefined>;
}
