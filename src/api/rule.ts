import { z } from 'zod';
import { FindingSeverity } from './finding.ts';
import { nameParameter } from './parameters.ts';
import { RiskArea } from './risk-area.ts';

const summary = {
  id: z.string(),
  title: z.string(),
  severity: FindingSeverity.describe('Of the usual case; a finding says its own.'),
  area: RiskArea.nullable(),
};

export const RuleSummary = z.object({ ...summary, platforms: z.array(z.string()) });
export type RuleSummary = z.infer<typeof RuleSummary>;

/** Our own rules, by their ids. */
export const RuleList = z.object({ rules: z.array(RuleSummary) });
export type RuleList = z.infer<typeof RuleList>;

const Example = z.object({
  file: z.string().nullable().describe('Null where the name does not matter.'),
  language: z.string(),
  text: z.string(),
});

/** One of our rules, and what it teaches: the same metadata that its reference page is made from. */
export const Rule = z.object({
  ...summary,
  platforms: z.array(z.string()),
  confidence: z.enum(['low', 'medium', 'high']),
  what: z.string().describe('What the rule looks for.'),
  why: z.string().describe('What an attacker does with it.'),
  instead: z.string(),
  vulnerable: z.array(Example),
  mended: z.array(Example),
  incident: z.object({ name: z.string(), date: z.string(), what: z.string() }).nullable(),
  references: z.array(z.string()),
  aliases: z.array(z.string()).describe('Names of the same thing elsewhere: `zizmor/artipacked`.'),
  standards: z.array(z.string()).describe('`CICD-SEC-4`, `CWE-94`, `CIS 2.3.4`.'),
});
export type Rule = z.infer<typeof Rule>;

export const LessonQuery = z.strictObject({ tool: nameParameter, rule: nameParameter });
export type LessonQuery = z.infer<typeof LessonQuery>;

/** What there is to know about the rule of any tool: what its reports say, and our rules that look for the same. */
export const Lesson = z.object({
  tool: z.string(),
  rule: z.string(),
  /** By the latest finding of it that the caller may see. */
  reported: z
    .object({
      title: z.string(),
      description: z.string(),
      remedy: z.string().nullable(),
      references: z.array(z.string()),
      cwe: z.array(z.int()),
      severity: FindingSeverity,
    })
    .nullable()
    .describe('Null where there is no finding of it.'),
  area: RiskArea.nullable(),
  open: z.int().min(0).describe('Findings of it that nobody settled.'),
  ours: z.array(Rule),
});
export type Lesson = z.infer<typeof Lesson>;
