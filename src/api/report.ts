import { z } from 'zod';
import { Moment, limitParameter, nameParameter } from './parameters.ts';

export const REPORT_MEDIA_TYPE = 'application/octet-stream';

const label = nameParameter.max(200);

/** What goes with a report; the report itself is the body, byte for byte as the tool wrote it. */
export const ReportQuery = z.strictObject({
  repository: label.describe('`owner/name` or any other label.'),
  name: label.default('report').describe('File name of the report, for people.'),
  commit: label.optional().describe('Commit that was looked at.'),
  branch: label.optional().describe('A report closes only findings of its own branch.'),
  image: label.optional().describe('Container image that was looked at; tag and digest do not matter.'),
  part: label.optional().describe('Part of one tool’s work, where its reports do not replace each other.'),
  as: label.optional().describe('Id of the format, where it is not to be recognised.'),
});
export type ReportQuery = z.infer<typeof ReportQuery>;

const count = z.int().min(0);

/** A report that was taken in: what was new, and what it no longer has. */
export const Report = z.object({
  id: z.string(),
  repository: z.string(),
  name: z.string(),
  receivedAt: Moment,
  by: z.string(),
  commit: z.string().nullable(),
  counts: z.array(
    z.object({
      tool: z.string(),
      target: z.string(),
      reported: count,
      new: count,
      stillThere: count,
      reopened: count,
      fixed: count,
    }),
  ),
  warnings: z.array(z.object({ at: z.string(), message: z.string() })).describe('The first hundred.'),
  ambiguities: z.array(z.string()).describe('What could have been the same and was not taken for it.'),
});
export type Report = z.infer<typeof Report>;

export const ReportListQuery = z.strictObject({
  repository: label.optional().describe('All that the caller may see when it is left out.'),
  limit: limitParameter,
});

/** Newest first. */
export const ReportList = z.object({ reports: z.array(Report) });
export type ReportList = z.infer<typeof ReportList>;
