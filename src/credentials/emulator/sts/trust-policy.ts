import { z } from 'zod';
import { conditionHolds, type ConditionContext, isKnownOperator } from './condition.ts';
import { matchesPattern } from './string-pattern.ts';

/** IAM takes one text wherever it takes a list. */
const textOrList = (text: z.ZodType<string>) =>
  z.union([text.transform((value) => [value]), z.array(text).min(1).max(100)]);

const Text = z
  .string()
  .min(1)
  .max(2_048)
  .refine((text) => !text.includes('${'), 'Policy variables are not emulated.');

const ConditionValue = z.union([Text, z.boolean().transform(String)]);

const Principal = z.union([
  z.literal('*').transform(() => ({ Federated: ['*'] })),
  z
    .strictObject({
      Federated: textOrList(Text).optional(),
      // Legal, and never a web identity.
      AWS: textOrList(Text).optional(),
      Service: textOrList(Text).optional(),
    })
    .transform(({ Federated = [] }) => ({ Federated })),
]);

/**
 * Strict: a member that this emulator does not know (`NotPrincipal`, `NotAction`, a condition operator on dates)
 * is refused, never skipped, as skipping it would say yes where AWS says no. `Resource` AWS itself refuses here.
 */
const Statement = z.strictObject({
  Sid: z.string().max(128).optional(),
  Effect: z.enum(['Allow', 'Deny']),
  Principal,
  Action: textOrList(Text),
  Condition: z
    .record(
      z.string().refine(isKnownOperator, 'A condition operator that is not emulated.'),
      z.record(Text, textOrList(ConditionValue)),
    )
    .default({}),
});

export const TrustPolicy = z.strictObject({
  Version: z.enum(['2012-10-17', '2008-10-17']).optional(),
  Id: z.string().max(128).optional(),
  Statement: z.union([Statement.transform((statement) => [statement]), z.array(Statement).min(1).max(50)]),
});
export type TrustPolicy = z.infer<typeof TrustPolicy>;

export interface TrustRequest {
  /** ARN of the identity provider in IAM. */
  federated: string;
  action: 'sts:AssumeRoleWithWebIdentity' | 'sts:TagSession' | 'sts:SetSourceIdentity';
  context: ConditionContext;
}

/** A statement that denies wins over all that allow; without one that allows the answer is no. */
export function isTrusted(policy: TrustPolicy, { federated, action, context }: TrustRequest): boolean {
  const applying = policy.Statement.filter(
    (statement) =>
      statement.Principal.Federated.some((principal) => principal === '*' || principal === federated) &&
      statement.Action.some((pattern) => matchesPattern(action.toLowerCase(), pattern.toLowerCase())) &&
      conditionHolds(statement.Condition, context),
  );
  return applying.length > 0 && applying.every(({ Effect }) => Effect === 'Allow');
}
