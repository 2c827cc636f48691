import { writeFile } from 'node:fs/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { formatStory } from '#cli/story.ts';
import { runCli } from '#cli/testing/run-cli.ts';
import { cleanWorkflow, DEPLOY, poisonedWorkflow } from '#posture/testing/workflows.ts';
import { createGitRepository, git, type GitRepository } from './harness/git-repository.ts';
import { type GitServer, httpBackend, startGitServer } from './harness/git-server.ts';
import { deployToken, exchange, type Outcome } from './harness/job.ts';
import { logIn, type Person } from './harness/person.ts';
import { openSite, type Site } from './harness/site.ts';

const INSPECTED = `@id("inspected-pipelines-only")
forbid (principal, action, resource)
unless { context has posture && context.posture.grade == "pass" };
`;
const GIT_PASSWORD = ['git', 'read', 'only'].join('-');

function claimsAt(commit: string) {
  return {
    sha: commit,
    workflow_sha: commit,
    workflow_ref: `acme/shop/${DEPLOY}@refs/heads/main`,
    job_workflow_sha: commit,
    job_workflow_ref: `acme/shop/${DEPLOY}@refs/heads/main`,
  };
}

async function askAt(site: Site, commit: string): Promise<Outcome> {
  return exchange(site, { resource: 'partner-api', token: deployToken(site, claimsAt(commit)) });
}

/** The story of an incident: clean, poisoned, mended, with everything in the record. */
function tellsTheStory(scene: () => { site: Site; person: Person; repository: GitRepository }): void {
  it('gives a job of a clean commit its credential, and records what it was like', async () => {
    const { site, person, repository } = scene();
    const commit = repository.commit('deploy', { [DEPLOY]: cleanWorkflow });
    const { issued, denial } = await askAt(site, commit);
    expect(denial).toBeUndefined();
    const { events } = await person.decision(issued?.decision ?? '');
    const posture = events.find(({ type }) => type === 'decision.issued')?.body['posture'];
    expect(posture).toMatchObject({
      known: true,
      commit,
      workflow: DEPLOY,
      facts: { grade: 'pass', blocking: 0, workflowDigest: expect.stringContaining('sha256:') },
    });
  });

  it('refuses the same job at a poisoned commit, with the finding, the line and the fix', async () => {
    const { site, person, repository } = scene();
    const commit = repository.commit('test what strangers send', { [DEPLOY]: poisonedWorkflow });
    const { status, denial } = await askAt(site, commit);
    expect(status).toBe(400);
    expect(denial?.reason).toBe('posture_failed');
    expect(denial?.message).toContain(`untrusted-checkout at ${DEPLOY}:10`);
    expect(denial?.remedy).toMatch(/pull_request|check ?out/i);
    expect(denial?.facts[0]?.received).toContain(`${DEPLOY}:10 at ${commit.slice(0, 12)}`);
    const story = await person.decision(denial?.decision ?? '');
    expect(story.outcome).toBe('denied');
    const [event] = story.events;
    expect(event?.body['posture']).toMatchObject({
      facts: { grade: 'fail', critical: 1 },
      findings: [{ rule: 'untrusted-checkout', file: DEPLOY, line: 10, commit }],
    });
    expect(event?.body['denial']).toMatchObject({ code: 'posture_failed' });
    const told = formatStory(story).replaceAll(/\s+/g, ' ');
    expect(told).toContain('untrusted-checkout (critical)');
    expect(told).toContain(denial?.remedy?.slice(0, 40));
  });

  it('does not believe the poisoned commit that it is fine', async () => {
    const { site, repository } = scene();
    const excuse =
      'version: 1\nscan:\n  exclude: ["**"]\n  rules: { untrusted-checkout: { enabled: false } }\n';
    const ignored = poisonedWorkflow.replace(
      'with: { ref:',
      '# vouchgate: ignore[untrusted-checkout] we looked\n        with: { ref:',
    );
    const branch = 'refs-of-somebody';
    const commit = repository.commit('trust me', { '.vouchgate.yml': excuse, [DEPLOY]: ignored }, branch);
    expect((await askAt(site, commit)).denial?.reason).toBe('posture_failed');
    repository.commit('never mind', { '.vouchgate.yml': undefined, [DEPLOY]: poisonedWorkflow }, branch);
  });

  it('gives it to the job again once the workflow is mended', async () => {
    const { site, person, repository } = scene();
    const commit = repository.commit('mend the workflow', { [DEPLOY]: cleanWorkflow });
    const { issued, denial } = await askAt(site, commit);
    expect(denial).toBeUndefined();
    expect((await person.decision(issued?.decision ?? '')).outcome).toBe('issued');
  });

  it('gives nothing for a commit that nobody has seen: unknown is not clean', async () => {
    const { site } = scene();
    const { denial, status } = await askAt(site, 'e'.repeat(40));
    expect([status, denial?.reason, denial?.retryable]).toEqual([503, 'posture_unknown', true]);
    expect(denial?.facts[0]).toMatchObject({ name: 'posture', expected: 'known' });
  });
}

interface Reported {
  level: string;
  file: string;
  line: number;
}

/** A report of Semgrep, as a pipeline sends it. */
async function report(site: Site, person: Person, findings: readonly Reported[]): Promise<void> {
  const [{ level } = { level: '9.8' }] = findings;
  const rules = [{ id: 'sql-injection', properties: { 'security-severity': level } }];
  const results = findings.map(({ file, line }) => ({
    ruleId: 'sql-injection',
    message: { text: 'SQL injection' },
    locations: [{ physicalLocation: { artifactLocation: { uri: file }, region: { startLine: line } } }],
  }));
  const sarif = { version: '2.1.0', runs: [{ tool: { driver: { name: 'Semgrep OSS', rules } }, results }] };
  const response = await fetch(`${site.url}/v1/reports?repository=acme/shop&branch=main&name=semgrep.sarif`, {
    method: 'POST',
    headers: {
      authorization: `Bearer ${person.session.reveal()}`,
      'content-type': 'application/octet-stream',
    },
    body: JSON.stringify(sarif),
    signal: AbortSignal.timeout(20_000),
  });
  if (!response.ok) throw new Error(`${response.status} ${await response.text()}`);
}

function withPosture(site: Site, source: string): string {
  return `${site.yaml}posture:\n  timeout: 20s\n  sources:\n    github: ${source}\n`;
}

async function openInspectedSite(source: string, allowPrivateHosts: readonly string[] = []): Promise<Site> {
  const site = await openSite({ policies: { inspected: INSPECTED }, allowPrivateHosts });
  await site.writeConfiguration('vouchgate.yaml', withPosture(site, source));
  return site;
}

describe('a gate over a mirror of the repositories', { timeout: 60_000 }, () => {
  let repository: GitRepository;
  let site: Site;
  let person: Person;

  beforeAll(async () => {
    repository = createGitRepository();
    site = await openInspectedSite(`{ type: mirror, folder: "${repository.mirrorFolder}" }`);
    person = await logIn(await site.start());
  }, 60_000);
  afterAll(async () => {
    await site?.close();
    repository?.close();
  });

  tellsTheStory(() => ({ site, person, repository }));

  it('says the same to a job that only asks, and to a developer before the push', async () => {
    const gate = async (commit: string) => {
      const tokenFile = `${site.home}/token`;
      await writeFile(tokenFile, deployToken(site, claimsAt(commit)));
      return runCli(['gate', '--server', site.url, '--token-file', tokenFile, '--format', 'json']);
    };
    const clean = repository.commit('deploy', { [DEPLOY]: cleanWorkflow });
    const asked = await gate(clean);
    expect([asked.code, JSON.parse(asked.stdout).grade]).toEqual([0, 'pass']);
    const here = await runCli(['gate', repository.work, '--workflow', DEPLOY, '--format', 'json']);
    expect(here.code).toBe(0);
    expect(JSON.parse(here.stdout).subject.workflowDigest).toBe(JSON.parse(asked.stdout).workflowDigest);
    const poisoned = repository.commit('once more', { [DEPLOY]: poisonedWorkflow });
    const refused = await gate(poisoned);
    expect(refused.code).toBe(1);
    expect(JSON.parse(refused.stdout).findings[0]).toMatchObject({
      file: DEPLOY,
      line: 10,
      commit: poisoned,
    });
    expect((await runCli(['gate', repository.work, '--workflow', DEPLOY])).code).toBe(1);
    const unknown = await gate('d'.repeat(40));
    expect([unknown.code, JSON.parse(unknown.stdout).outcome]).toEqual([4, 'unknown']);
  });

  it('closes for what another tool reported of the repository, and opens when it is mended', async () => {
    const commit = repository.commit('deploy again', { [DEPLOY]: `${cleanWorkflow}# once more\n` });
    expect((await askAt(site, commit)).denial).toBeUndefined();
    await report(site, person, [{ level: '9.8', file: 'src/login.ts', line: 7 }]);
    const { denial } = await askAt(site, commit);
    expect(denial).toMatchObject({ reason: 'posture_failed' });
    expect(denial?.facts[0]?.received).toContain('semgrep: sql-injection (critical) src/login.ts:7');
    const story = await person.decision(denial?.decision ?? '');
    expect(story.events[0]?.body['posture']).toMatchObject({
      facts: { critical: 0, blocking: 1, reported: { critical: 1, sources: ['semgrep'] } },
    });
    await report(site, person, []);
    expect((await askAt(site, commit)).denial).toBeUndefined();
  });

  it('asks nobody where no policy does', async () => {
    await site.writeConfiguration('policies/inspected.cedar', '// nothing is demanded\n');
    const ask = async () => (await askAt(site, 'f'.repeat(40))).issued?.resource;
    await expect.poll(ask, { timeout: 20_000, interval: 500 }).toBe('partner-api');
  });
});

describe.skipIf(httpBackend === undefined)(
  'a gate that fetches from a git server, by git http-backend (skipped: git has none here)',
  { timeout: 90_000 },
  () => {
    let repository: GitRepository;
    let server: GitServer;
    let site: Site;
    let person: Person;

    beforeAll(async () => {
      repository = createGitRepository();
      // Fetch only what is asked for, as the large platforms let us.
      git(repository.bare, 'config', 'uploadpack.allowFilter', 'true');
      server = await startGitServer(repository.mirrorFolder, 'x-access-token', GIT_PASSWORD);
      const url = `${server.url}/{repository}.git`;
      site = await openInspectedSite('{ type: mirror, folder: /nowhere }', [new URL(server.url).host]);
      const passwordFile = `${site.configFolder}/git-password`;
      await site.writeConfiguration('git-password', GIT_PASSWORD);
      const source = `{ type: git, url: "${url}", token: { file: "${passwordFile}" } }`;
      await site.writeConfiguration('vouchgate.yaml', withPosture(site, source));
      person = await logIn(await site.start());
    }, 60_000);
    afterAll(async () => {
      await site?.close();
      await server?.close();
      repository?.close();
    });

    tellsTheStory(() => ({ site, person, repository }));

    it('shows its password to that server alone, and to no log', async () => {
      expect(server.requests.length).toBeGreaterThan(0);
      expect(server.requests.every(({ authorised }) => authorised)).toBe(true);
      const events = JSON.stringify(await person.events());
      expect(events).toContain('posture');
      expect(events).not.toContain(GIT_PASSWORD);
    });
  },
);
