import type { TextEdit } from '../../../fix/apply-edits.ts';

/** A way out of a version that something is known against. */
export interface Update {
  readonly kind: string;
  readonly name: string;
  /** `file:line`. */
  readonly place: string;
  readonly from: string;
  /** The smallest version that no advisory is about; undefined where none is known. */
  readonly to: string | undefined;
  /** The commit of that version, for what is pinned to one. */
  readonly commit: string | undefined;
  /** Ids of the advisories that it closes. */
  readonly closes: readonly string[];
  /** What is left to do by hand; undefined when the patch does it. */
  readonly todo: string | undefined;
}

/** An update, and where it is to be written. */
export interface Draft {
  readonly update: Update;
  /** In the file of the scan, without the prefix of its repository. */
  readonly file: string;
  readonly edits: readonly TextEdit[];
}
