import { AppError } from '#core/errors.ts';
import type { LintId } from './lint-catalogue.ts';

/** What can be wrong with a set of policies. Codes are API; lint ids are codes as well. */
export type PolicyProblemCode =
  | 'policy_file_too_large'
  | 'policies_too_many'
  | 'policy_too_complex'
  | 'policy_syntax'
  | 'policy_template'
  | 'policy_id_missing'
  | 'policy_id_duplicate'
  | 'policy_id_invalid'
  | 'attribute_unknown'
  | 'attribute_may_be_absent'
  | 'tag_may_be_absent'
  | 'entity_type_unknown'
  | 'action_unknown'
  | 'resource_unknown'
  | 'role_unknown'
  | 'team_unknown'
  | 'policy_invalid'
  | 'policy_impossible'
  | 'policy_confusable'
  | 'waiver_invalid'
  | LintId;

export interface PolicyProblem {
  code: PolicyProblemCode;
  severity: 'error' | 'warning';
  file: string;
  /** From 1. */
  line: number;
  /** From 1, in UTF-16 code units as editors count. */
  column: number;
  message: string;
  remedy: string;
  /** The `@id` of the policy, where it has one. */
  policyId?: string;
}

/** One policy, for lists and for the pages about a decision. */
export interface PolicySummary {
  id: string;
  file: string;
  line: number;
  effect: 'permit' | 'forbid';
  /** Name of the one resource that the scope names; undefined when it names none. */
  resource?: string;
  annotations: Readonly<Record<string, string>>;
}

/** `policy_compiler_failed`: the Cedar library itself broke; nothing was put in force. */
export type PolicyErrorCode = 'policy_compiler_failed' | 'policy_evaluation_failed';

export class PolicyError extends AppError<PolicyErrorCode> {}
