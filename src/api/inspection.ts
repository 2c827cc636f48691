import { z } from 'zod';
import { figures } from './inventory.ts';
import { nameParameter } from './parameters.ts';

export const InspectionQuery = z.strictObject({
  repository: nameParameter.max(200).describe('`owner/name`.'),
  commit: z
    .string()
    .regex(/^[0-9a-f]{7,64}$/, 'a commit in hexadecimal')
    .describe('Commit that the definitions are of.'),
  branch: nameParameter
    .max(200)
    .optional()
    .describe('Without it, they count as those of the default branch.'),
});
export type InspectionQuery = z.infer<typeof InspectionQuery>;

/** Definitions that were inspected, and what came of it. */
export const Inspection = z.object({
  repository: z.string(),
  commit: z.string(),
  branch: z.string().nullable(),
  inventory: z
    .enum(['updated', 'other-branch', 'newer-there'])
    .describe('Whether the inventory shows it: it keeps the newest of the default branch.'),
  ...figures,
  problems: z.array(z.string()),
  report: z.string().describe('Id of the report under which the findings were taken in.'),
});
export type Inspection = z.infer<typeof Inspection>;
