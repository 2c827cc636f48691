import type { Job, Platform, Step, Variable } from '#pipeline/model.ts';
import type { SourceText, Span } from '#pipeline/source.ts';
import type { CredentialKind } from '../../../shared/static-credentials.ts';

/** Where a stored value is handed to the pipeline. */
export type UsePlace =
  | 'input'
  | 'step-variable'
  | 'job-variable'
  | 'pipeline-variable'
  | 'script'
  | 'call'
  | 'image';

/** One place at which a pipeline reads a stored credential. */
export interface StoredUse {
  readonly kind: CredentialKind;
  /** Name of the stored value; empty when only the run knows it. */
  readonly secret: string;
  /** Name of the variable or input that takes it; empty inside of a script. */
  readonly holder: string;
  readonly place: UsePlace;
  readonly step: Step | undefined;
  readonly variable: Variable | undefined;
  /** Its name where it is read: `secrets.NAME` inside of an expression, or `$NAME`. */
  readonly span: Span;
  readonly source: SourceText;
}

/** One job and one kind of credential: what goes away together. */
export interface StoredCredential {
  readonly platform: Platform;
  readonly kind: CredentialKind;
  readonly job: Job;
  readonly uses: readonly [StoredUse, ...StoredUse[]];
}

export function storedNames({ uses }: Pick<StoredCredential, 'uses'>): string[] {
  return [...new Set(uses.flatMap(({ secret }) => (secret === '' ? [] : [secret])))];
}
