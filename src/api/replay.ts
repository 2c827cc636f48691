import { z } from 'zod';
import { FileChanges } from './configuration-change.ts';
import { Fact } from './fact.ts';
import { integerParameter, Moment } from './parameters.ts';

export const REPLAY_DAYS_MAX = 90;
const replayDays = integerParameter(1, REPLAY_DAYS_MAX).default(30);

export const ReplayRequest = z.strictObject({ changes: FileChanges, days: replayDays });
export type ReplayRequest = z.infer<typeof ReplayRequest>;

/** Kind of run: same workload, ref, trigger and so on. `runs` were recorded; the newest stands for all of them. */
export const ReplayedUse = z.object({
  workload: z.string(),
  principal: z.string(),
  repository: z.string().nullable(),
  resource: z.string(),
  runs: z.int(),
  lastSeen: Moment,
  lastDecision: z.string(),
  before: z.array(z.string()).describe('Policies that decide it now.'),
  after: z.array(z.string()).describe('Policies that would decide it.'),
  reason: z.string().nullable().describe('Code of the denial, before or after.'),
  facts: z.array(Fact).describe('What makes the difference.'),
});
export type ReplayedUse = z.infer<typeof ReplayedUse>;

export const Replay = z.object({
  from: Moment.describe('The oldest moment that is covered.'),
  days: z.int(),
  runs: z.int().describe('Recorded decisions that were replayed.'),
  kinds: z.int().describe('Kinds of run that they were of.'),
  lose: z.array(ReplayedUse),
  gain: z.array(ReplayedUse),
  unclear: z.array(ReplayedUse).describe('Depends on a posture that nobody asked for at the time.'),
  unchanged: z.object({ allowed: z.int(), denied: z.int() }).describe('Kinds of run.'),
  omitted: z.int().describe('Kinds that lose, gain or are unclear beyond those listed.'),
  erased: z.int().describe('Kinds replayed without the person who started them: that part is erased.'),
  notReplayed: z.object({
    unreadable: z.int().describe('Of another version of Vouchgate.'),
    unverified: z.int().describe('The token was refused, so there was nobody to decide about.'),
    isCut: z.boolean().describe('There were more kinds; the most recently seen were replayed.'),
  }),
  notes: z.array(z.string()).describe('What a replay cannot see of this change, in words.'),
});
export type Replay = z.infer<typeof Replay>;
