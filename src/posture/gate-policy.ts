import { hash } from 'node:crypto';
import { z } from 'zod';
import type { ConfigurationProblem } from '#core/config/problem.ts';
import { DurationText } from '#core/config/duration.ts';
import { validateYaml } from '#core/config/validate.ts';
import { parseYamlSource } from '#core/config/yaml-source.ts';
import { confidences, personas, severities } from '#findings/severity.ts';
import { testKinds } from '#scan/shared/security-tool.ts';

const Glob = z
  .string()
  .min(1)
  .max(300)
  .refine((glob) => !/[[\]{}]/.test(glob), 'is made of `*`, `**` and `?` only');
const Globs = z.array(Glob).min(1).max(200);
const Day = z.string().regex(/^\d{4}-\d{2}-\d{2}$/, 'must be a date: 2027-03-31');

const RuleWhere = z
  .strictObject({
    repositories: Globs.optional().describe('Globs over `owner/name`, in lower case: `acme/*`.'),
    refs: Globs.optional().describe('Globs over full refs: `refs/heads/main`, `refs/tags/**`.'),
    environments: Globs.optional().describe('Globs over the name of the job’s environment.'),
  })
  .describe('Which pipelines it is about; all when it is left out.');

const RuleSelection = z
  .strictObject({
    severity: z.enum(severities).optional().describe('This severity and every worse one.'),
    confidence: z.enum(confidences).optional().describe('This confidence and every surer one.'),
    persona: z.enum(personas).optional().describe('Findings for this reader; `regular` by default.'),
    rules: z
      .array(z.string().min(1).max(200))
      .min(1)
      .max(500)
      .optional()
      .describe('Ids of rules, ours or another tool’s.'),
    tools: z.array(z.string().min(1).max(100)).min(1).max(100).optional().describe('`vouchgate`, `trivy`…'),
    paths: Globs.optional().describe('Globs over the file that a finding is in: `.github/**`.'),
    newOnly: z.boolean().optional().describe('Only what the default branch (or the baseline) does not have.'),
  })
  .describe('Which findings; every one when it is left out.');

export const GateRule = z.strictObject({
  name: z.string().min(1).max(200).describe('For people: it stands in the reasons.'),
  action: z.enum(['block', 'warn', 'ignore']),
  when: RuleSelection.optional(),
  where: RuleWhere.optional(),
  from: Day.optional().describe('Before this day a blocking rule only warns.'),
});
export type GateRule = z.infer<typeof GateRule>;

export const CoverageRule = z.strictObject({
  require: z.array(z.enum(testKinds)).min(1).max(testKinds.length),
  action: z.enum(['block', 'warn']).default('block'),
  where: RuleWhere.optional(),
  from: Day.optional(),
});
export type CoverageRule = z.infer<typeof CoverageRule>;

/** `vouchgate.policy.yaml`: which findings stop a pipeline, where, and from when. */
export const GatePolicy = z.strictObject({
  version: z.literal(1),
  rules: z
    .array(GateRule)
    .max(500)
    .optional()
    .describe('The first rule that a finding matches decides; what none matches is let through.'),
  coverage: z
    .array(CoverageRule)
    .max(100)
    .default([])
    .describe('Kinds of security test that must run in the pipelines, or whose reports must be there.'),
  reportAge: DurationText.optional().describe(
    'Reports of other tools that are older do not count as a test.',
  ),
});
export type GatePolicy = z.infer<typeof GatePolicy>;

/** For editors; built from the very schema that the loader checks with. */
export function buildGatePolicyJsonSchema(): Record<string, unknown> {
  const { $schema: _dialect, ...schema } = z.toJSONSchema(GatePolicy, {
    io: 'input',
    unrepresentable: 'any',
  });
  return {
    $schema: 'https://json-schema.org/draft/2020-12/schema',
    title: 'vouchgate.policy.yaml',
    ...schema,
  };
}

/** What blocks when nobody said otherwise: what is bad, and more likely true than not. */
export const defaultGateRules: readonly GateRule[] = [
  {
    name: 'critical and high findings of at least medium confidence',
    action: 'block',
    when: { severity: 'high', confidence: 'medium', persona: 'regular' },
  },
  { name: 'other findings of medium severity or more', action: 'warn', when: { severity: 'medium' } },
];

export interface LoadedGatePolicy {
  readonly rules: readonly GateRule[];
  readonly coverage: readonly CoverageRule[];
  readonly reportAgeSeconds: number | undefined;
  /** SHA-256 over what is in force: `sha256:…`. */
  readonly digest: string;
  /** False: nobody wrote one. */
  readonly written: boolean;
}

function toLoaded(policy: GatePolicy, written: boolean): LoadedGatePolicy {
  const { rules = defaultGateRules, coverage, reportAge } = policy;
  const digest = `sha256:${hash('sha256', JSON.stringify([1, rules, coverage, reportAge ?? null]))}`;
  return { rules, coverage, reportAgeSeconds: reportAge, digest, written };
}

export function defaultGatePolicy(): LoadedGatePolicy {
  return toLoaded({ version: 1, coverage: [] }, false);
}

export type GatePolicyReading =
  | { ok: true; policy: LoadedGatePolicy }
  | { ok: false; problems: readonly ConfigurationProblem[] };

/** Reads the text of a policy; every mistake is named with its line. A policy with one is not in force in part. */
export function readGatePolicy(file: string, text: string): GatePolicyReading {
  const parsed = parseYamlSource(file, text);
  if (!parsed.ok) return parsed;
  const checked = validateYaml(GatePolicy, parsed.source, [], parsed.source.value);
  if (!checked.ok) return checked;
  return { ok: true, policy: toLoaded(checked.value, true) };
}
