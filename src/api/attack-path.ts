import { z } from 'zod';
import { FindingSeverity } from './finding.ts';
import { SourcePlace, choiceParameters, count, pageParameters, searchParameter } from './inventory.ts';
import { nameParameter } from './parameters.ts';

export const FixPatch = z.object({
  title: z.string(),
  safety: z.enum(['safe', 'unsafe']),
  patch: z
    .string()
    .nullable()
    .describe('A unified diff, as `git apply` takes it. Null where a secret stands beside the change.'),
});
export type FixPatch = z.infer<typeof FixPatch>;

export const Station = z.object({
  label: z.string(),
  place: SourcePlace,
  excerpt: z.array(z.string()),
  excerptLine: z.int(),
});
export type Station = z.infer<typeof Station>;

export const AttackPath = z.object({
  repository: z.string(),
  id: z.string(),
  rule: z.string(),
  severity: FindingSeverity,
  title: z.string(),
  explanation: z.string(),
  pipeline: z.string(),
  pipelines: z.array(z.string()),
  place: SourcePlace,
  startedBy: z.string(),
  complexity: z.enum(['low', 'medium', 'high']),
  needs: z.string().describe('What it takes, besides an account.'),
  reaches: z.array(z.string()),
  stations: z.array(Station),
  changes: z
    .array(
      z.object({
        kind: z.enum(['mend', 'trigger', 'authority']),
        what: z.string(),
        file: z.string(),
        line: z.int(),
        cost: z.int(),
        closes: count.describe('Attacks of the repository that this change alone ends.'),
        fix: FixPatch.nullable(),
      }),
    )
    .describe('The cheapest first.'),
});
export type AttackPath = z.infer<typeof AttackPath>;

export const AttackPathQuery = z.strictObject({
  search: searchParameter,
  repository: nameParameter.max(200).optional(),
  ...choiceParameters,
  ...pageParameters,
});

export const AttackPathPage = z.object({
  attackPaths: z.array(AttackPath).describe('Those that an attacker would take first.'),
  next: z.string().nullable(),
});
export type AttackPathPage = z.infer<typeof AttackPathPage>;
