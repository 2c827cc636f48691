import { z } from 'zod';
import { AttackPath, FixPatch, Station } from './attack-path.ts';
import { FindingSeverity } from './finding.ts';
import { PipelinePlatform, SourcePlace, count } from './inventory.ts';
import { Moment, nameParameter } from './parameters.ts';
import { StaticCredential } from './static-credential.ts';

/** `repository` and `file` name one pipeline. */
export const PipelineName = z.strictObject({
  repository: nameParameter.max(200),
  file: nameParameter.max(500),
});

const permissions = z.object({
  from: z.enum(['job', 'pipeline', 'default']).describe('`default`: the platform’s setting, in no file.'),
  scopes: z.array(z.string()),
});

export const PipelineTrigger = z.object({
  event: z.string(),
  firedBy: z.string(),
  outsiders: z.boolean(),
  authority: z.string(),
  filters: z.array(z.object({ name: z.string(), values: z.array(z.string()) })),
});
export type PipelineTrigger = z.infer<typeof PipelineTrigger>;

export const PipelineJob = z.object({
  id: z.string(),
  name: z.string().nullable(),
  line: z.int(),
  needs: z.array(z.string()),
  runner: z.string().nullable(),
  hosting: z.enum(['hosted', 'self-hosted', 'unknown']).nullable(),
  environment: z.string().nullable(),
  permissions,
  steps: count,
  calls: z.string().nullable(),
  condition: z.string().nullable(),
});
export type PipelineJob = z.infer<typeof PipelineJob>;

export const PipelineFinding = z.object({
  fingerprint: z.string(),
  rule: z.string(),
  severity: FindingSeverity,
  confidence: z.enum(['low', 'medium', 'high']),
  message: z.string(),
  explanation: z.string(),
  remedy: z.string(),
  place: SourcePlace,
  otherPlaces: z.array(Station),
  fixes: z.array(FixPatch),
  attackPath: z.string().nullable(),
  accepted: z.string().nullable().describe('Why it stands, where somebody accepted it.'),
});
export type PipelineFinding = z.infer<typeof PipelineFinding>;

export const Pipeline = z.object({
  repository: z.string(),
  file: z.string(),
  name: z.string(),
  platform: PipelinePlatform,
  kind: z.enum(['workflow', 'action', 'template']),
  branch: z.string().nullable(),
  commit: z.string(),
  inspectedAt: Moment,
  triggers: z.array(PipelineTrigger),
  permissions,
  jobs: z.array(PipelineJob),
  findings: z.array(PipelineFinding),
  attackPaths: z.array(AttackPath),
  staticCredentials: z.array(StaticCredential),
  storedSecrets: z.array(z.object({ name: z.string(), job: z.string(), line: z.int() })),
});
export type Pipeline = z.infer<typeof Pipeline>;

export const PipelineSource = z.object({
  file: z.string(),
  text: z.string().describe('What looks like a secret is masked.'),
  cut: z.boolean(),
});
export type PipelineSource = z.infer<typeof PipelineSource>;
