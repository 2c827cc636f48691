import type { DecisionShape } from '#audit/decision-index/ports.ts';
import type { WorkloadIdentity } from '#identity/workload-identity.ts';
import { principalIdOf } from '#identity/principal.ts';
import { NOW_MS } from '../broker.fake.ts';

const DAY_MS = 86_400_000;

export const shopPolicy = `// The shop publishes.
@id("shop-publish")
permit (
  principal in Project::"github/456",
  action == Action::"issue",
  resource == Resource::"registry"
);
`;

export const exampleFiles: Readonly<Record<string, string>> = {
  'vouchgate.yaml': `version: 1
url: https://vouchgate.acme.example
identityProviders:
  github: { type: github-actions }
credentialProviders:
  own: { type: oidc-token }
resources:
  registry:
    credentialProvider: own
    parameters: { audience: https://packages.example }
  archive:
    credentialProvider: own
    parameters: { audience: https://archive.example }
`,
  'policies/shop.cedar': shopPolicy,
};

export const shopJob: WorkloadIdentity = {
  provider: 'github',
  platform: 'github-actions',
  issuer: 'https://token.actions.githubusercontent.com',
  subject: 'repo:acme/shop:ref:refs/heads/main',
  org: { id: '123', name: 'acme' },
  project: { id: '456', path: 'acme/shop' },
  ref: { full: 'refs/heads/main', type: 'branch' },
  trigger: 'push',
  forked: false,
  claims: {},
};

/** One kind of run in the index, seen for three weeks. */
export function shapeOf(
  change: Partial<WorkloadIdentity> = {},
  outcomes: Partial<DecisionShape['outcomes']> = { issued: 40 },
  rest: Partial<DecisionShape> = {},
): DecisionShape {
  const identity = { ...shopJob, ...change };
  const counts = { allowed: 0, issued: 0, failed: 0, denied: 0, ...outcomes };
  const principal = principalIdOf(identity);
  return {
    principal,
    resource: 'registry',
    provider: identity.provider,
    repository: identity.project?.path,
    policies: counts.denied > 0 ? [] : ['shop-publish'],
    firstMs: NOW_MS - 21 * DAY_MS,
    lastMs: NOW_MS - 60_000,
    count: Object.values(counts).reduce((sum, count) => sum + count, 0),
    outcomes: counts,
    latest: {
      sequence: 9,
      id: 'evt_1',
      timeMs: NOW_MS - 60_000,
      type: counts.denied > 0 ? 'decision.denied' : 'decision.issued',
      actor: { kind: 'workload', id: principal },
      decision: 'dec_01JBTXQ4G6M7W8Z9V0R2K3N5PA',
      resource: 'registry',
      body: { identity, policy: { version: 'v', determining: ['shop-publish'] } },
    },
    ...rest,
  };
}
