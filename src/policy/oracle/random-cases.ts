import type { WorkloadIdentity } from '#identity/workload-identity.ts';
import type { AccessRequest, PolicyResource } from '../access-request.ts';
import { grades, type PolicyPosture, type PostureAnswer } from '../posture.ts';
import type { RandomSource } from './random-source.ts';
import { randomExpression } from './random-expression.ts';
import { texts } from './sample-values.ts';

const RESOURCES: readonly PolicyResource[] = [
  { name: 'db', privileged: true, tags: { team: 'a', a: 'main' } },
  { name: 'logs', privileged: false, tags: {} },
];

const SOURCE_IPS = [undefined, '10.1.2.3', '::ffff:10.1.2.3', 'fe80::1%eth0', '127.0.0.1', '2001:db8::1'];
const PRINCIPALS = [
  'principal',
  'principal',
  'principal is Workload',
  'principal is Resource',
  'principal in Project::"github/1"',
  'principal in Project::"github/2"',
  'principal in Org::"github/1"',
  'principal in IdentityProvider::"github"',
  'principal == Workload::"github/main"',
  'principal is Workload in Org::"github/1"',
  'principal in Workload::"github/a"',
  'principal == Project::"github/1"',
  'principal in Resource::"db"',
];
const ACTIONS = [
  'action',
  'action',
  'action == Action::"issue"',
  'action == Action::"renew"',
  'action in Action::"issue"',
  'action in [Action::"issue", Action::"renew"]',
  'action in []',
  'action == Other::Action::"issue"',
];
const RESOURCE_SCOPES = [
  'resource',
  'resource',
  'resource == Resource::"db"',
  'resource in Resource::"logs"',
  'resource is Resource',
  'resource is Resource in Resource::"db"',
  'resource in Project::"github/1"',
];

/** One policy in Cedar's language, with constructs of the whole of it. */
export function randomPolicy(random: RandomSource, id: string): string {
  const effect = random.chance(0.75) ? 'permit' : 'forbid';
  // Mostly without a scope: what the index leaves out is not evaluated, and then compares nothing.
  const scoped = random.chance(0.4);
  const principal = scoped ? random.pick(PRINCIPALS) : 'principal';
  const action = scoped ? random.pick(ACTIONS) : 'action';
  const resource = scoped ? random.pick(RESOURCE_SCOPES) : 'resource';
  const clauses = Array.from({ length: random.below(scoped ? 3 : 2) + (scoped ? 0 : 1) }, () => {
    const kind = random.chance(0.8) ? 'when' : 'unless';
    return `${kind} { ${randomExpression(random, 'bool', random.below(5))} }`;
  });
  return `@id("${id}") ${effect} (${principal}, ${action}, ${resource}) ${clauses.join(' ')};`;
}

export function randomRequest(random: RandomSource): AccessRequest {
  return {
    identity: randomIdentity(random),
    action: random.pick(['issue', 'issue', 'renew']),
    resource: random.pick(RESOURCES),
    context: {
      nowMs: 1_767_225_600_000 + random.below(86_400_000),
      sourceIp: random.pick(SOURCE_IPS),
      keyBound: random.chance(0.5),
      posture: random.pick([undefined, { known: false, reason: 'nobody knows' }, randomPosture(random)]),
    },
  };
}

function randomPosture(random: RandomSource): PostureAnswer {
  const count = () => random.pick([0, 1, 7, 60, 1_000_000_000]);
  const counts = () => ({ critical: count(), high: count(), medium: count(), low: count() });
  const names = () => Array.from({ length: random.below(3) }, () => random.pick(texts));
  const posture: PolicyPosture = {
    grade: random.pick(grades),
    blocking: count(),
    ...counts(),
    rules: names(),
    ageSeconds: count(),
    coverage: names(),
    workflowDigest: random.pick(texts),
  };
  const reported = random.chance(0.5) ? { reported: { ...counts(), sources: names() } } : {};
  return { known: true, posture: { ...posture, ...reported } };
}

function randomIdentity(random: RandomSource): WorkloadIdentity {
  const text = () => random.pick(texts);
  const id = () => random.pick(['1', '2', '3']);
  const maybe = <Part extends object>(part: Part): Part | object => (random.chance(0.7) ? part : {});
  return {
    provider: random.pick(['github', 'github', 'gitlab']),
    platform: 'github-actions',
    issuer: 'https://issuer.example',
    subject: text(),
    claims: { ...maybe({ a: text() }), ...maybe({ main: text() }), ...maybe({ toString: 'a' }) },
    ...maybe({ project: { ...maybe({ id: id() }), ...maybe({ path: text() }) } }),
    ...maybe({ org: { ...maybe({ id: id() }), ...maybe({ name: text() }) } }),
    ...maybe({ ref: { ...maybe({ full: text() }), ...maybe({ protected: random.chance(0.5) }) } }),
    ...maybe({ environment: { name: text(), ...maybe({ protected: random.chance(0.5) }) } }),
    ...maybe({ trigger: text() }),
    ...maybe({ commit: text() }),
    ...maybe({ forked: random.chance(0.5) }),
    ...maybe({ actor: { ...maybe({ id: id() }), ...maybe({ login: text() }) } }),
  };
}
