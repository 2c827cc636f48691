import type { CredentialKindId } from '../../shared/static-credentials.ts';
import type { Binding } from './bind/binding.ts';
import type { ListedTrust } from './trust/list-trust.ts';

/** How a credential leaves the file on one of the two ways. */
export interface Outcome {
  /** Path of the patch below the folder that `--write` names; undefined where a person has to do it. */
  readonly patch: string | undefined;
  /** Why there is none. */
  readonly reason: string | undefined;
}

/** One stored credential of one job. */
export interface FederationEntry {
  readonly file: string;
  readonly line: number;
  readonly job: string;
  readonly kind: CredentialKindId;
  readonly kindName: string;
  /** Names of the stored values, never what is in them. */
  readonly secrets: readonly string[];
  readonly binding: Binding;
  /** What the other side is called: `aws-production`. */
  readonly name: string;
  readonly direct: Outcome;
  readonly brokered: Outcome;
}

export interface WrittenFile {
  readonly file: string;
  readonly text: string;
}

export interface FederationResult {
  readonly credentials: readonly FederationEntry[];
  readonly files: readonly WrittenFile[];
  /** Roles and pools in the repository’s own files that trust its pipelines. */
  readonly trust: readonly ListedTrust[];
}
