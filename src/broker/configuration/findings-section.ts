import { z } from 'zod';
import { PrioritySection } from './priority-section.ts';

const Days = z.int().min(1).max(1_000);

const AbsolutePath = z
  .string()
  .min(1)
  .max(4_096)
  .refine((text) => text.startsWith('/') || /^[A-Za-z]:[\\/]/.test(text), 'must be an absolute path');

const weekdays = ['sunday', 'monday', 'tuesday', 'wednesday', 'thursday', 'friday', 'saturday'] as const;

/** What a team decides about the findings of all its tools. */
export const FindingsSection = z.strictObject({
  serviceLevel: z
    .strictObject({
      days: z
        .strictObject({
          critical: Days.optional(),
          high: Days.optional(),
          medium: Days.optional(),
          low: Days.optional(),
          info: Days.optional(),
        })
        .default({ critical: 7, high: 30, medium: 90, low: 180 })
        .describe('Days within which it has to be mended; a severity that is not there has no limit.'),
      businessDays: z.boolean().default(false).describe('Whether only working days count.'),
      weekend: z.array(z.enum(weekdays)).max(6).default(['saturday', 'sunday']),
      holidays: z
        .array(z.iso.date())
        .max(1_000)
        .default([])
        .describe('Days that do not count either, as `2026-12-25`.'),
      utcOffset: z
        .string()
        .regex(/^[+-](?:0\d|1[0-4]):[0-5]\d$/, 'must be an offset such as +01:00')
        .default('+00:00')
        .describe('Where a day begins.'),
    })
    .prefault({}),
  trustedDecisions: z
    .array(z.string().min(1).max(100))
    .max(100)
    .default([])
    .describe('Tools whose own decisions (suppressed, accepted, false positive) count here, too.'),
  reopenDays: z
    .int()
    .min(0)
    .max(1_000)
    .default(90)
    .describe('How long after it was fixed a finding that comes back is the same one.'),
  defaultBranches: z
    .array(z.string().min(1).max(200))
    .min(1)
    .max(20)
    .default(['main', 'master'])
    .describe('Branches whose findings count for a commit of which no report is known.'),
  mirror: AbsolutePath.optional().describe(
    'Folder of bare repositories `owner/name.git`: findings are followed by what git says moved, and get the owners of CODEOWNERS.',
  ),
  dropFolder: AbsolutePath.optional().describe(
    'Reports that are put into `owner/name/` below it are taken in and moved to `done/` or `failed/`.',
  ),
  priority: PrioritySection.prefault({}).describe('Weights of what to do first.'),
  feeds: z
    .strictObject({
      epss: AbsolutePath.optional().describe("FIRST's daily `epss_scores-DATE.csv`, packed (`.gz`) or not."),
      kev: AbsolutePath.optional().describe("CISA's `known_exploited_vulnerabilities.json`."),
    })
    .default({})
    .describe('Files of what others know about exploits; read again when they change.'),
});
export type FindingsSection = z.infer<typeof FindingsSection>;

export function weekdayNumber(name: FindingsSection['serviceLevel']['weekend'][number]): number {
  return weekdays.indexOf(name);
}
