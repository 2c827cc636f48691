import { z } from 'zod';
import { FileChanges, ReplayCounts } from './configuration-change.ts';
import { Freeze } from './freeze.ts';
import { Moment } from './parameters.ts';

/** Use in the last 30 days, as recorded. */
export const Use = z.object({
  allowed: z.int(),
  denied: z.int(),
  lastUsed: Moment.nullable(),
});
export type Use = z.infer<typeof Use>;

/** One kind of run: the newest decision stands for it. */
export const WorkloadUse = z.object({
  workload: z.string(),
  principal: z.string(),
  repository: z.string().nullable(),
  resource: z.string(),
  ref: z.string().nullable(),
  environment: z.string().nullable(),
  trigger: z.string().nullable(),
  use: Use,
  lastDecision: z.string(),
  allowedNow: z.boolean().describe('What the policies in force would decide.'),
  policies: z.array(z.string()).describe('Those that decide it now.'),
});
export type WorkloadUse = z.infer<typeof WorkloadUse>;

export const PolicyItem = z.object({
  id: z.string(),
  effect: z.enum(['permit', 'forbid']),
  file: z.string(),
  line: z.int(),
  lastLine: z.int(),
  resource: z.string().nullable().describe('The one that its scope names.'),
  annotations: z.record(z.string(), z.string()),
  use: Use.describe('Runs that it applies to.'),
  usedBy: z.array(WorkloadUse),
  usedByTotal: z.int(),
});
export type PolicyItem = z.infer<typeof PolicyItem>;

export const PolicyList = z.object({ digest: z.string(), policies: z.array(PolicyItem) });
export type PolicyList = z.infer<typeof PolicyList>;

export const ResourceItem = z.object({
  name: z.string(),
  credentialType: z.string(),
  credentialProvider: z.string(),
  privileged: z.boolean(),
  storedSecret: z.boolean(),
  ttlSeconds: z.int(),
  ttlSecondsMax: z.int(),
  proofRequired: z.boolean(),
  tags: z.record(z.string(), z.string()),
  policies: z.array(z.string()).describe('Policies that can decide about it.'),
  permits: z.int().describe('How many of them permit; without any nobody gets it.'),
  use: Use,
  workloads: z.int().describe('Kinds of run that asked for it.'),
  liveLeases: z
    .int()
    .nullable()
    .describe('Of the newest 1,000 of all resources; null for those who do not see every repository.'),
  frozen: Freeze.nullable(),
});
export type ResourceItem = z.infer<typeof ResourceItem>;

export const ResourceList = z.object({ resources: z.array(ResourceItem) });
export type ResourceList = z.infer<typeof ResourceList>;

export const ResourceDetail = ResourceItem.extend({
  usedBy: z.array(WorkloadUse).describe('Most used first, at most 500.'),
});
export type ResourceDetail = z.infer<typeof ResourceDetail>;

export const IdentityProviderItem = z.object({
  name: z.string(),
  platform: z.string(),
  issuer: z.string(),
  use: Use,
  repositories: z.int(),
  frozen: Freeze.nullable(),
});
export type IdentityProviderItem = z.infer<typeof IdentityProviderItem>;

export const IdentityProviderList = z.object({ identityProviders: z.array(IdentityProviderItem) });
export type IdentityProviderList = z.infer<typeof IdentityProviderList>;

/** What a policy may name: for completion and for forms. */
export const PolicySchema = z.object({
  attributes: z.array(
    z.object({
      path: z.string().describe('`principal.ref.full`'),
      type: z.string(),
      optional: z.boolean().describe('Must be guarded by `has`.'),
      doc: z.string(),
      values: z.array(z.string()).describe('As recorded, most frequent first.'),
    }),
  ),
  actions: z.array(z.string()),
  resources: z.array(z.object({ name: z.string(), privileged: z.boolean() })),
  identityProviders: z.array(z.string()),
  projects: z.array(z.object({ id: z.string(), path: z.string().nullable() })),
  orgs: z.array(z.object({ id: z.string(), name: z.string().nullable() })),
  postureConfigured: z.boolean(),
});
export type PolicySchema = z.infer<typeof PolicySchema>;

/**
 * `narrow`: a permit allows more than anybody used · `unused-policy` · `unused-resource` ·
 * `denied-often`: a job asks in vain, again and again.
 */
export const SuggestionKind = z.enum(['narrow', 'unused-policy', 'unused-resource', 'denied-often']);
export type SuggestionKind = z.infer<typeof SuggestionKind>;

export const Suggestion = z.object({
  id: z.string(),
  kind: SuggestionKind,
  title: z.string(),
  detail: z.string(),
  policy: z.string().nullable(),
  resource: z.string().nullable(),
  caution: z.string().nullable(),
  confidence: z.enum(['low', 'medium', 'high']).describe('By how much use was seen.'),
  seen: z.object({ runs: z.int(), days: z.int() }),
  changes: FileChanges.nullable().describe('Null for advice that only a person can carry out.'),
  replay: ReplayCounts.nullable(),
});
export type Suggestion = z.infer<typeof Suggestion>;

export const SuggestionList = z.object({
  digest: z.string(),
  days: z.int(),
  suggestions: z.array(Suggestion),
  omitted: z.int(),
});
export type SuggestionList = z.infer<typeof SuggestionList>;
