import { z } from 'zod';
import { count } from './inventory.ts';
import { Moment } from './parameters.ts';

/** What a pipeline used of what it could reach, by the decisions of the last 30 days. */
export const PipelineAccess = z.object({
  since: Moment,
  resources: z.array(
    z.object({
      name: z.string(),
      issued: count,
      denied: count,
      lastAt: Moment.nullable(),
      storedSecret: z.boolean().describe('It stands for a value that is stored, so it is not secretless.'),
    }),
  ),
  runs: z.array(
    z.object({
      run: z.string(),
      at: Moment,
      ref: z.string().nullable(),
      commit: z.string().nullable(),
      decisions: count,
      denied: count,
      decision: z.string().describe('Id of the newest decision of the run.'),
    }),
  ),
  reachable: z
    .array(
      z.object({
        kind: z.enum(['resource', 'stored-secret']),
        name: z.string(),
        used: z.boolean().nullable().describe('Null: no decision can tell.'),
        because: z.string(),
      }),
    )
    .describe('What it could reach, and whether it did.'),
  complete: z.boolean().describe('False when there were more decisions than were counted.'),
});
export type PipelineAccess = z.infer<typeof PipelineAccess>;
