import type { SourceText, Span } from '#pipeline/source.ts';
import type { TokenIssuer } from './issuers.ts';
import type { Judgement } from './openness.ts';

/** How a policy is written down, which is how what is better has to be written. */
export type TrustNotation =
  | 'terraform-document'
  | 'terraform-json'
  | 'json'
  | 'cloudformation'
  | 'azure'
  | 'azure-flexible'
  | 'google-provider'
  | 'google-binding';

/** One thing that accepts identities of pipelines: a statement of a role, a provider, a federated credential. */
export interface DeclaredTrust extends Judgement {
  /** `aws_iam_role.deploy`. */
  readonly name: string;
  readonly cloud: 'AWS' | 'Azure' | 'Google Cloud';
  readonly notation: TrustNotation;
  readonly issuer: TokenIssuer;
  /** The issuer's address as far as it stands there. */
  readonly address: string;
  /** False where only the name of a reference tells whose tokens these are. */
  readonly sure: boolean;
  /** What lets too many in; the block where something is missing. */
  readonly at: Span;
  /** The first line of the block, or the key of the resource. */
  readonly head: Span;
  /** Something in it is bound to one branch or environment, too: it is meant for more than reading. */
  readonly alsoExact: boolean;
  /** The audience of the token is not compared. */
  readonly withoutAudience: boolean;
  /** What it is called and given, where that tells of production or of everything. */
  readonly privilege: string | undefined;
  /** Its name speaks of plans, tests or staging. */
  readonly isForLooking: boolean;
}

export interface FoundTrust extends DeclaredTrust {
  readonly source: SourceText;
}
