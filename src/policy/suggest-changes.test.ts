import { describe, expect, it } from 'vitest';
import type { WorkloadIdentity } from '#identity/workload-identity.ts';
import { compilePolicies } from './compile-policies.ts';
import { identityProviders, productionJob, resources } from './policy.fakes.ts';
import type { PolicySet, RecordedUse } from './recorded-use.ts';
import { suggestChanges } from './suggest-changes.ts';
import type { SuggestionInput } from './suggestion.ts';

const LAST_MS = Date.parse('2026-06-01T12:00:00Z');
const DAY_MS = 86_400_000;

function useOf(identity: Partial<WorkloadIdentity> = {}, change: Partial<RecordedUse> = {}): RecordedUse {
  return {
    identity: { ...productionJob, ...identity },
    resource: 'shop-db',
    allowed: 60,
    denied: 0,
    firstMs: LAST_MS - 20 * DAY_MS,
    lastMs: LAST_MS,
    lastDecision: 'dec_1',
    keyBound: false,
    sourceIp: undefined,
    posture: undefined,
    determining: [],
    ...change,
  };
}

async function suggest(text: string, uses: RecordedUse[], change: Partial<SuggestionInput> = {}) {
  const compiled = await compilePolicies([{ path: 'policies/a.cedar', text }], resources, {
    identityProviders,
  });
  if (!compiled.ok) throw new Error(JSON.stringify(compiled.problems));
  const set: PolicySet = {
    engine: compiled.engine,
    resources: new Map(resources.map((each) => [each.name, { ...each, proofRequired: false }])),
    identityProviders: new Set(['github']),
  };
  const { suggestions } = await suggestChanges({
    set,
    policies: compiled.policies,
    files: { 'policies/a.cedar': text },
    policiesFolder: 'policies',
    uses,
    days: 30,
    complete: true,
    inspected: false,
    compileOptions: { identityProviders },
    ...change,
  });
  return suggestions;
}

const WIDE = `// The shop deploys.
@id("shop-deploy")
@allow("privileged-without-context: being narrowed")
permit (principal in Project::"github/456", action == Action::"issue", resource == Resource::"shop-db");
`;

describe('a suggestion to narrow', () => {
  it('demands what all runs had in common and the permit does not look at yet', async () => {
    const [narrow] = await suggest(WIDE, [useOf(), useOf({ trigger: 'schedule' })]);
    expect(narrow).toMatchObject({
      id: 'narrow:shop-deploy',
      confidence: 'high',
      seen: { runs: 120 },
      gain: 0,
    });
    const text = narrow?.changes?.['policies/a.cedar'];
    expect(text).toContain('// The shop deploys.');
    expect(text).toContain('when { principal has ref.full && principal.ref.full == "refs/heads/main" }');
    expect(text).toContain('["push", "schedule"].contains(principal.trigger)');
    expect(text).toContain('principal.environment.name == "production"');
    expect(text).toContain('!principal.forked');
    expect(text).not.toContain('Project::"github/456"]');
  });

  it('leaves alone what it demands already, what varies, and what some run does not state', async () => {
    const demanding = WIDE.replace(
      ');\n',
      ') when { principal has ref.full && principal.ref.full like "refs/heads/*" };\n',
    );
    const refs = ['a', 'b', 'c', 'd'].map((name) =>
      useOf({ ref: { full: `refs/heads/${name}` }, environment: undefined, forked: undefined }),
    );
    const [narrow] = await suggest(demanding, refs);
    expect(narrow?.detail).toContain('trigger push');
    expect(narrow?.detail).not.toMatch(/ref |environment|fork/);
    const again = narrow?.changes?.['policies/a.cedar'] ?? '';
    expect(await suggest(again, refs)).toMatchObject([{ kind: 'unused-resource' }]);
  });

  it('binds a permit for an organisation to the projects that used it', async () => {
    const text = WIDE.replace('Project::"github/456"', 'Org::"github/123"');
    const other = useOf({ project: { id: '457', path: 'acme/other' }, subject: 'repo:acme/other' });
    const [narrow] = await suggest(text, [useOf(), other]);
    expect(narrow?.changes?.['policies/a.cedar']).toContain(
      'when { principal in [Project::"github/456", Project::"github/457"] }',
    );
  });

  it('cannot be made to write policy by a name that somebody chose', async () => {
    const hostile = 'refs/heads/x" } ; @id("mine") permit (principal, action, resource);//';
    const [narrow] = await suggest(WIDE, [useOf({ ref: { full: hostile } })]);
    const text = narrow?.changes?.['policies/a.cedar'] ?? '';
    const compiled = await compilePolicies([{ path: 'a.cedar', text }], resources, {});
    expect(compiled).toMatchObject({ ok: true, policies: [{ id: 'shop-deploy' }] });
  });
});

describe('a suggestion to demand a posture', () => {
  const posture = (grade: 'pass' | 'fail') => ({
    known: true as const,
    posture: { ...emptyPosture, grade },
  });
  const emptyPosture = {
    blocking: 0,
    critical: 0,
    high: 0,
    medium: 0,
    low: 0,
    rules: [],
    ageSeconds: 0,
    coverage: [],
    workflowDigest: '',
  };
  const demand = async (uses: RecordedUse[], change: Partial<SuggestionInput> = { inspected: true }) =>
    (await suggest(WIDE, uses, change)).find(({ id }) => id === 'posture:shop-deploy');

  it('is for what hurts where pipelines are inspected, and says of whom nobody can say', async () => {
    const found = await demand([useOf(), useOf({ trigger: 'api' }, { posture: posture('pass') })]);
    expect(found).toMatchObject({ kind: 'narrow', confidence: 'low', unclear: 1, gain: 0 });
    expect(found?.changes?.['policies/a.cedar']).toContain('context.posture.grade == "pass"');
    expect(found?.caution).toBeDefined();
  });

  it('is not made where nothing is inspected, or somebody would lose access for sure', async () => {
    expect(await demand([useOf()], {})).toBeUndefined();
    expect(await demand([useOf({}, { posture: posture('fail') })])).toBeUndefined();
    const guard = 'when { context has posture && context.posture.grade == "pass" }';
    expect(
      (await suggest(WIDE.replace(');\n', `) ${guard};\n`), [useOf()], { inspected: true })).map(
        ({ id }) => id,
      ),
    ).not.toContain('posture:shop-deploy');
  });
});

describe('a suggestion to remove', () => {
  it('is for permits and resources that nobody used, and says how long was looked', async () => {
    const found = await suggest(WIDE, [useOf({}, { resource: 'logs' })]);
    expect(found).toMatchObject([
      { kind: 'unused-policy', policy: 'shop-deploy', changes: { 'policies/a.cedar': null } },
      { kind: 'unused-resource', resource: 'shop-db' },
    ]);
  });

  it('is not made from a record of a few days, nor for what was used by runs that are not readable now', async () => {
    expect(await suggest(WIDE, [], { days: 3 })).toEqual([]);
    expect(await suggest(WIDE, [], { complete: false })).toEqual([]);
    const erased = useOf({ project: { id: 'x' } }, { determining: ['shop-deploy'], allowed: 1 });
    expect((await suggest(WIDE, [erased])).map(({ kind }) => kind)).toEqual(['unused-resource']);
  });
});

describe('a suggestion to permit', () => {
  const denied = (identity: Partial<WorkloadIdentity>, times = 9) =>
    useOf(identity, { resource: 'logs', allowed: 0, denied: times });

  it('fits a job that is denied again and again, in a file of its resource', async () => {
    const found = await suggest(WIDE, [useOf(), denied({})]);
    const permit = found.find(({ kind }) => kind === 'denied-often');
    expect(permit).toMatchObject({ resource: 'logs', gain: 1, seen: { runs: 9 } });
    expect(permit?.changes?.['policies/logs.cedar']).toContain('Resource::"logs"');
  });

  it.each([
    ['of a fork', { forked: true }, 9],
    ['with a shell in it', { interactive: true }, 9],
    ['of a stranger', { org: { id: '9' }, project: { id: '99' } }, 9],
    ['that was denied twice only', {}, 2],
  ])('is never made for a job %s', async (_what, identity, times) => {
    const found = await suggest(WIDE, [useOf(), denied(identity, times)]);
    expect(found.filter(({ kind }) => kind === 'denied-often')).toEqual([]);
  });
});
