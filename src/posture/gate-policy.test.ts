import { describe, expect, it } from 'vitest';
import { decideGate, type GateEvidence } from './decide-gate.ts';
import type { GateInput, GateSubject } from './gate-decision.ts';
import type { GateFinding } from './gate-finding.ts';
import { defaultGatePolicy, type LoadedGatePolicy, readGatePolicy } from './gate-policy.ts';

const NOW_MS = Date.UTC(2026, 10, 23);

const subject: GateSubject = {
  repository: 'Acme/Shop',
  commit: 'c',
  ref: 'refs/heads/main',
  environment: 'production',
  workflow: undefined,
  workflowDigest: 'sha256:0',
};

function finding(change: Partial<GateFinding> = {}): GateFinding {
  return {
    tool: 'vouchgate',
    rule: 'template-injection',
    severity: 'high',
    confidence: 'high',
    persona: 'regular',
    message: 'm',
    remedy: 'r',
    repository: 'acme/shop',
    commit: 'c',
    file: '.github/workflows/ci.yml',
    line: 3,
    fingerprint: 'f',
    isNew: undefined,
    ...change,
  };
}

function policy(text: string): LoadedGatePolicy {
  const reading = readGatePolicy('vouchgate.policy.yaml', `version: 1\n${text}`);
  if (!reading.ok) throw new Error(JSON.stringify(reading.problems));
  return reading.policy;
}

function decide(
  by: LoadedGatePolicy,
  findings: readonly GateFinding[] = [finding()],
  change: Partial<GateEvidence> = {},
) {
  const evidence = {
    subject,
    findings,
    findingsLeftOut: 0,
    suppressedCount: 0,
    pipelineTests: [],
    unread: [],
    inputs: [],
  };
  return decideGate(
    { ...evidence, inspectedAtMs: NOW_MS, version: '1', rulesVersion: '1', ...change },
    by,
    NOW_MS,
  );
}

const rule = (more: string, action = 'block') => policy(`rules: [{ name: r, action: ${action}, ${more} }]\n`);

describe('without a policy', () => {
  it.each<[Partial<GateFinding>, string]>([
    [{}, 'fail'],
    [{ severity: 'critical', confidence: 'medium' }, 'fail'],
    [{ confidence: 'low' }, 'warn'],
    [{ severity: 'medium' }, 'warn'],
    [{ severity: 'low' }, 'pass'],
    [{ persona: 'pedantic' }, 'pass'],
    [{ persona: 'auditor', severity: 'critical' }, 'pass'],
  ])('%j: %s', (change, grade) => {
    expect(decide(defaultGatePolicy(), [finding(change)]).grade).toBe(grade);
  });

  it('nothing found is nothing wrong, and what was not read is', () => {
    expect(decide(defaultGatePolicy(), []).grade).toBe('pass');
    expect(decide(defaultGatePolicy(), [], { unread: ['ci.yml'] })).toMatchObject({
      grade: 'fail',
      blockingReasons: ['not read: ci.yml'],
    });
  });
});

describe('a rule', () => {
  it.each<[string, Partial<GateFinding>, boolean]>([
    ['when: { severity: medium }', { severity: 'medium' }, true],
    ['when: { severity: medium }', { severity: 'low' }, false],
    ['when: { confidence: high }', { confidence: 'medium' }, false],
    ['when: { rules: [template-injection] }', {}, true],
    ['when: { rules: [CVE-2021-44228] }', {}, false],
    ['when: { tools: [trivy] }', {}, false],
    ['when: { tools: [trivy] }', { tool: 'trivy' }, true],
    ['when: { paths: [".github/**"] }', {}, true],
    ['when: { paths: ["infra/**"] }', {}, false],
    ['when: { persona: auditor }', { persona: 'pedantic' }, true],
    ['when: { newOnly: true }', { isNew: true }, true],
    ['when: { newOnly: true }', { isNew: false }, false],
    ['when: { newOnly: true }', { isNew: undefined }, true],
    ['where: { repositories: [acme/*] }', {}, true],
    ['where: { repositories: [other/*] }', {}, false],
    ['where: { refs: [refs/heads/main], environments: [prod*] }', {}, true],
    ['where: { refs: ["refs/tags/**"] }', {}, false],
  ])('{ %s } of %j blocks: %s', (more, change, blocks) => {
    expect(decide(rule(more), [finding(change)]).grade).toBe(blocks ? 'fail' : 'pass');
  });

  it('is the first that matches', () => {
    const both = policy(`rules:
  - { name: known, action: ignore, when: { rules: [template-injection], paths: [".github/workflows/old.yml"] } }
  - { name: rest, action: block }
`);
    expect(decide(both, [finding({ file: '.github/workflows/old.yml' })]).grade).toBe('pass');
    expect(decide(both)).toMatchObject({ grade: 'fail', blocking: [{ because: 'rest' }] });
  });

  it('warns until its day', () => {
    expect(decide(rule('from: 2026-11-24')).grade).toBe('warn');
    expect(decide(rule('from: 2026-11-23')).grade).toBe('fail');
  });

  it('about what is not known of a pipeline is strict, and excuses nobody', () => {
    const nowhere = {
      subject: { ...subject, environment: undefined, ref: undefined, repository: undefined },
    };
    const where = 'where: { environments: [production], refs: [refs/heads/main], repositories: [acme/shop] }';
    expect(decide(rule(where), [finding()], nowhere).grade).toBe('fail');
    const excused = policy(`rules: [{ name: a, action: ignore, ${where} }, { name: b, action: block }]\n`);
    expect(decide(excused).grade).toBe('pass');
    expect(decide(excused, [finding()], nowhere).grade).toBe('fail');
  });

  it('about environments is not for a job that has none', () => {
    const without = { subject: { ...subject, environment: null } };
    expect(decide(rule('where: { environments: ["*"] }'), [finding()], without).grade).toBe('pass');
  });
});

describe('coverage that is demanded', () => {
  const demands = policy('rules: []\ncoverage: [{ require: [SAST, SCA] }]\nreportAge: 7d\n');
  const report = (ageDays: number | undefined): GateInput => ({
    tool: 'semgrep',
    toolVersion: undefined,
    findings: 0,
    kinds: ['SAST'],
    ranAtMs: ageDays === undefined ? undefined : NOW_MS - ageDays * 86_400_000,
    digest: undefined,
  });

  it('comes from pipelines and from reports that are not too old', () => {
    const with_ = (inputs: GateInput[]) => decide(demands, [], { pipelineTests: ['SCA'], inputs });
    expect(with_([report(1)])).toMatchObject({
      grade: 'pass',
      coverage: { present: ['SAST', 'SCA'], missing: [] },
    });
    expect(with_([report(8)])).toMatchObject({ grade: 'fail', coverage: { missing: ['SAST'] } });
    expect(with_([report(undefined)]).grade).toBe('fail');
    expect(decide(demands, []).blockingReasons).toHaveLength(2);
  });

  it('may only warn, or be demanded later, or of some', () => {
    const grade = (more: string) =>
      decide(policy(`rules: []\ncoverage: [{ require: [DAST], ${more} }]\n`), []).grade;
    expect(grade('action: warn')).toBe('warn');
    expect(grade('from: 2027-01-01')).toBe('warn');
    expect(grade('where: { refs: ["refs/tags/**"] }')).toBe('pass');
    expect(grade('where: { refs: ["refs/heads/*"] }')).toBe('fail');
  });
});

describe('a policy that is not valid', () => {
  it.each([
    ['rules: [{ name: a, action: stop }]', 'block'],
    ['rules: [{ action: block }]', 'name'],
    ['rules: [{ name: a, action: block, when: { severity: hihg } }]', 'high'],
    ['rules: [{ name: a, action: block, from: tomorrow }]', '2027-03-31'],
    ['coverage: [{ require: [SATS] }]', 'SAST'],
    ['rule: []', 'rules'],
    ['rules: [{ name: a, action: block, when: { paths: ["{a,b}/**"] } }]', 'only'],
  ])('%s is refused with its line', (text, hint) => {
    const reading = readGatePolicy('p.yaml', `version: 1\n${text}\n`);
    expect(reading.ok).toBe(false);
    const told = JSON.stringify(reading);
    expect(told).toContain('"line":2');
    expect(told).toContain(hint);
  });

  it('of another version is refused', () => {
    expect(readGatePolicy('p.yaml', 'version: 2\n').ok).toBe(false);
    expect(readGatePolicy('p.yaml', '').ok).toBe(false);
  });
});

it('a decision is bounded, and counts everything', () => {
  const many = Array.from({ length: 5_000 }, (_, index) => finding({ line: index + 1 }));
  const decision = decide(defaultGatePolicy(), many);
  expect(decision).toMatchObject({ blockingCount: 5_000, counts: { high: 5_000 } });
  expect(decision.blocking).toHaveLength(100);
  expect(JSON.stringify(decision).length).toBeLessThan(60_000);
});

it('findings that were left out are not nothing', () => {
  expect(decide(defaultGatePolicy(), [], { findingsLeftOut: 7 })).toMatchObject({
    grade: 'warn',
    warningReasons: [expect.stringContaining('7 findings')],
  });
});

it('the digest of a policy changes with what it says, and with nothing else', () => {
  const one = rule('when: { severity: high }');
  expect(rule('when: { severity: high } ').digest).toBe(one.digest);
  expect(rule('when: { severity: low }').digest).not.toBe(one.digest);
});
