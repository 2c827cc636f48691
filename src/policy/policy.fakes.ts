import type { WorkloadIdentity } from '#identity/workload-identity.ts';
import type { AccessRequest, PolicyResource } from './access-request.ts';
import { compilePolicies } from './compile-policies.ts';
import type { CompiledPolicyEngine } from './engine/engine.ts';
import type { LintIdentityProvider } from './lint.ts';

export const resources: readonly PolicyResource[] = [
  { name: 'shop-db', privileged: true, tags: { team: 'shop' } },
  { name: 'logs', privileged: false, tags: {} },
];

export const identityProviders: readonly LintIdentityProvider[] = [
  { name: 'github', platform: 'github-actions', immutableAttributes: ['project.id', 'org.id'] },
];

export const productionJob: WorkloadIdentity = {
  provider: 'github',
  platform: 'github-actions',
  issuer: 'https://issuer.example',
  subject: 'repo:acme/shop:environment:production',
  org: { id: '123', name: 'acme' },
  project: { id: '456', path: 'acme/shop' },
  ref: { full: 'refs/heads/main', type: 'branch' },
  trigger: 'push',
  environment: { name: 'production' },
  forked: false,
  claims: { repo_property_team: 'payments', repository: 'acme/shop' },
};

export function requestOf(
  change: Partial<WorkloadIdentity> = {},
  rest: Partial<AccessRequest> = {},
): AccessRequest {
  return {
    identity: { ...productionJob, ...change },
    action: 'issue',
    resource: { name: 'shop-db', privileged: true, tags: { team: 'shop' } },
    context: { nowMs: Date.parse('2026-06-01T12:00:00Z'), sourceIp: '192.0.2.7', keyBound: false },
    ...rest,
  };
}

/** Puts policies in force, without the configuration that blocking lints would need to know. */
export async function engineOf(text: string): Promise<CompiledPolicyEngine> {
  const compiled = await compilePolicies([{ path: 'a.cedar', text }], resources);
  if (!compiled.ok) throw new Error(JSON.stringify(compiled.problems, undefined, 2));
  return compiled.engine;
}

/** Lints are not what these tests are about. */
export const WAIVED =
  '@allow("trusts-whole-issuer: not the subject here; privileged-without-context: not the subject here; unconstrained-resource: not the subject here; mutable-name-only: not the subject here")';
