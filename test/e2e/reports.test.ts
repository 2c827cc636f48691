import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { FindingGroupList } from '#api/finding.ts';
import { cleanWorkflow, DEPLOY } from '#posture/testing/workflows.ts';
import { runCommand } from './harness/command.ts';
import { createGitRepository, type GitRepository } from './harness/git-repository.ts';
import { deployToken, exchange } from './harness/job.ts';
import { logIn, type Person } from './harness/person.ts';
import { openSite, type Site } from './harness/site.ts';

const SAMPLES = join(import.meta.dirname, '../../src/findings/importers');

const INSPECTED = `@id("inspected-pipelines-only")
forbid (principal, action, resource)
unless { context has posture && context.posture.grade == "pass" };
`;

/** Everything that these tools report stops the pipeline, however small. */
const GATE = `version: 1
rules:
  - name: reports
    action: block
    when: { severity: low, tools: [checkov, tflint, sonarqube, fortify, zap, snyk] }
`;

/** One after the other, so that each has to close the gate a little more. */
const REPORTS = [
  ['checkov', 'checkov/sample.json', 5],
  ['tflint', 'tflint/sample.json', 2],
  ['sonarqube', 'sonarqube/issues.json', 4],
  ['fortify', 'fortify/audit.fvdl', 2],
  ['zap', 'zap/report.xml', 2],
  ['snyk', 'snyk/sample.json', 3],
] as const;

/** What a title of a stranger's pull request does here is ours to find, and Checkov's. */
const INJECTION = `on: pull_request_target
permissions: {}
jobs:
  greet:
    runs-on: ubuntu-latest
    steps:
      - run: echo "\${{ github.event.pull_request.title }}"
`;

/** A tool that is several has a line for each of its parts. */
function countsIn(output: string, tool: string) {
  const counts = { new: 0, still: 0, fixed: 0 };
  for (const [, of, added, still, fixed] of output.matchAll(
    /of (\S+): (\d+) new, (\d+) still there, (\d+) fixed/g,
  )) {
    if (of !== tool) continue;
    counts.new += Number(added);
    counts.still += Number(still);
    counts.fixed += Number(fixed);
  }
  return counts;
}

describe('reports of other tools', { timeout: 90_000 }, () => {
  let repository: GitRepository;
  let site: Site;
  let person: Person;
  let owner: Record<string, string>;
  let commit: string;
  const target = ['--repository', 'acme/shop', '--branch', 'main'];

  beforeAll(async () => {
    repository = createGitRepository();
    commit = repository.commit('deploy', { [DEPLOY]: cleanWorkflow });
    site = await openSite({ policies: { inspected: INSPECTED } });
    await site.writeConfiguration('vouchgate.policy.yaml', GATE);
    const source = `{ type: mirror, folder: "${repository.mirrorFolder}" }`;
    await site.writeConfiguration(
      'vouchgate.yaml',
      `${site.yaml}posture:\n  timeout: 20s\n  sources:\n    github: ${source}\n`,
    );
    person = await logIn(await site.start());
    owner = { HOME: site.home, VOUCHGATE_URL: site.url, VOUCHGATE_SESSION_TOKEN: person.session.reveal() };
  }, 60_000);
  afterAll(async () => {
    await site?.close();
    repository?.close();
  });

  const ask = () =>
    exchange(site, {
      resource: 'partner-api',
      token: deployToken(site, {
        sha: commit,
        workflow_sha: commit,
        workflow_ref: `acme/shop/${DEPLOY}@refs/heads/main`,
        job_workflow_sha: commit,
        job_workflow_ref: `acme/shop/${DEPLOY}@refs/heads/main`,
      }),
    });
  const importReport = (file: string) => runCommand(['import', file, ...target], owner);

  it('flow in, from six tools, and each closes the gate a little more', async () => {
    expect((await ask()).denial).toBeUndefined();
    let blocking = 0;
    const sources: string[] = [];
    for (const [tool, file, findings] of REPORTS) {
      const imported = await importReport(join(SAMPLES, file));
      expect(countsIn(imported.stdout, tool)).toEqual({ new: findings, still: 0, fixed: 0 });
      const { denial } = await ask();
      expect(denial?.reason).toBe('posture_failed');
      const [event] = (await person.decision(denial?.decision ?? '')).events;
      blocking += findings;
      sources.push(tool);
      expect(event?.body['posture']).toMatchObject({
        facts: { blocking, reported: { sources: sources.toSorted() } },
      });
    }
  });

  it('say the same twice without a change', async () => {
    for (const [tool, file, findings] of REPORTS) {
      const again = await importReport(join(SAMPLES, file));
      expect(countsIn(again.stdout, tool)).toEqual({ new: 0, still: findings, fixed: 0 });
    }
  });

  it('stand beside ours where they mean the same', async () => {
    repository.commit('greet', { '.github/workflows/greet.yml': INJECTION });
    const scan = await runCommand(['scan', repository.work, '--format', 'json', '--fail-on', 'never'], owner);
    const ours = join(site.home, 'vouchgate.json');
    writeFileSync(ours, scan.stdout);
    expect((await importReport(ours)).code).toBe(0);
    const checkov = {
      check_type: 'github_actions',
      results: {
        failed_checks: [
          {
            check_id: 'CKV_GHA_2',
            check_name: 'Ensure run commands are not vulnerable to shell injection',
            check_result: { result: 'FAILED' },
            file_path: '/.github/workflows/greet.yml',
            file_line_range: [7, 8],
            resource: 'jobs(greet).steps[1]',
          },
        ],
      },
      summary: { failed: 1, checkov_version: '3.3.30' },
    };
    const theirs = join(site.home, 'checkov.json');
    writeFileSync(theirs, JSON.stringify(checkov));
    expect((await runCommand(['import', theirs, ...target, '--part', 'actions'], owner)).code).toBe(0);
    const { groups } = await person.client.call({
      method: 'GET',
      path: '/v1/findings/groups',
      query: { repository: 'acme/shop' },
      schema: FindingGroupList,
    });
    const rules = groups.map(({ findings }) => findings.map(({ tool, rule }) => `${tool}/${rule}`));
    expect(rules).toContainEqual(
      expect.arrayContaining(['vouchgate/template-injection', 'checkov/CKV_GHA_2']),
    );
  });
});
