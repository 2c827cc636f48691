import { describe, expect, it } from 'vitest';
import { inspectSample, PREVIEW, RELEASE, SAMPLE_FILES } from './testing/sample-inspection.ts';

const preview = '.github/workflows/preview.yml';
const release = '.github/workflows/release.yml';

/** What `git apply` does with one hunk after another, without git. */
function applyPatch(text: string, patch: string): string {
  const lines = text.split('\n');
  let shift = 0;
  let at = 0;
  for (const line of patch.split('\n').slice(2)) {
    const hunk = /^@@ -(\d+),\d+ \+\d+,\d+ @@/.exec(line);
    if (hunk !== null) at = Number(hunk[1]) - 1 + shift;
    else if (line.startsWith('+')) {
      lines.splice(at, 0, line.slice(1));
      at += 1;
      shift += 1;
    } else if (line.startsWith('-')) {
      expect(lines[at]).toBe(line.slice(1));
      lines.splice(at, 1);
      shift -= 1;
    } else if (line.startsWith(' ')) {
      expect(lines[at]).toBe(line.slice(1));
      at += 1;
    }
  }
  return lines.join('\n');
}

describe('an inspected repository', () => {
  const { inspected, report } = inspectSample();

  it('has its definitions with jobs, triggers and permissions', () => {
    expect(inspected.pipelines.map(({ file, name, platform }) => [file, name, platform])).toEqual([
      [preview, 'Preview', 'github'],
      [release, 'Release', 'github'],
    ]);
    expect(inspected.pipelines[0]).toMatchObject({
      triggers: [{ event: 'pull_request_target', outsiders: true, authority: 'full' }],
      permissions: { from: 'pipeline', scopes: ['*: write'] },
      jobs: [{ id: 'preview', line: 6, steps: 2, hosting: 'hosted' }],
      storedSecrets: [{ name: 'AWS_ACCESS_KEY_ID' }, { name: 'AWS_SECRET_ACCESS_KEY' }],
    });
    expect(inspected.pipelines[1]).toMatchObject({
      triggers: [{ event: 'push', outsiders: false, filters: { branches: ['main'] } }],
    });
  });

  it('says of an attack who starts it, what it reaches, and what to change first', () => {
    const [attack] = inspected.attackPaths;
    expect(inspected.attackPaths).toHaveLength(1);
    expect(attack).toMatchObject({
      severity: 'critical',
      complexity: 'low',
      pipeline: preview,
      startedBy: expect.stringContaining('pull_request_target'),
      reaches: [expect.stringContaining('AWS_SECRET_ACCESS_KEY'), 'write-all'],
    });
    expect(attack?.changes.map(({ kind, cost }) => [kind, cost])).toEqual([
      ['mend', 1],
      ['trigger', 3],
      ['authority', 3],
    ]);
  });

  it('has a patch that applies, and after which the attack is gone', () => {
    const patch = inspected.attackPaths[0]?.changes[0]?.fix?.patch ?? '';
    const mended = applyPatch(PREVIEW, patch);
    const again = inspectSample([{ file: preview, text: mended }]);
    expect(again.inspected.attackPaths).toEqual([]);
  });

  it('shows how each stored credential leaves, and the patch removes it', () => {
    expect(inspected.credentials.map(({ kind, pipeline }) => [kind, pipeline])).toEqual([
      ['aws', preview],
      ['npm', release],
    ]);
    const aws = inspected.credentials[0];
    const mended = applyPatch(PREVIEW, aws?.brokered.patch ?? '');
    expect(mended).not.toContain('secrets.AWS');
    expect(aws?.direct.files.map(({ file }) => file)).toEqual(['terraform/aws-preview.tf']);
    expect(aws?.brokered.files.map(({ file }) => file)).toEqual([
      'vouchgate/vouchgate.yaml',
      'vouchgate/policies/aws-preview.cedar',
    ]);
    expect(aws?.brokered.files[1]?.text).toContain('resource == Resource::"aws-preview"');
    expect(inspectSample([{ file: preview, text: mended }]).inspected.credentials).toEqual([]);
  });

  it('knows third parties, tests that are missing, and gives the sources back', () => {
    expect(inspected.thirdParties).toMatchObject([{ name: 'some-org/setup', owner: 'some-org' }]);
    expect(inspected.coverage.gaps.length).toBeGreaterThan(0);
    expect(inspected.files.map(({ file, text, cut }) => [file, text, cut])).toEqual([
      [preview, PREVIEW, false],
      [release, RELEASE, false],
    ]);
  });

  it('reports the same findings as a scan of the same files', () => {
    expect(report.tool).toBe('vouchgate');
    const shown = inspected.pipelines.flatMap(({ findings }) =>
      findings.map(({ fingerprint }) => fingerprint),
    );
    expect(new Set(report.findings.map(({ toolFingerprint }) => toolFingerprint))).toEqual(new Set(shown));
  });
});

describe('findings of files that are no pipelines', () => {
  it('count for the repository', () => {
    const updates = {
      file: '.github/dependabot.yml',
      text: 'version: 2\nupdates:\n  - package-ecosystem: npm\n    directory: /\n    schedule: { interval: daily }\n    insecure-external-code-execution: allow\n',
    };
    const [one, other] = [inspectSample(), inspectSample([...SAMPLE_FILES, updates])].map(
      ({ inspected: { findings } }) => Object.values(findings).reduce((sum, count) => sum + count, 0),
    );
    expect(other).toBeGreaterThan(one ?? 0);
  });
});

describe('what a repository decides about its findings', () => {
  const settings = (text: string) => inspectSample([...SAMPLE_FILES, { file: '.vouchgate.yml', text }]);
  const rules = ({ inspected }: ReturnType<typeof inspectSample>) =>
    inspected.pipelines.flatMap(({ findings }) => findings.map(({ ruleId }) => ruleId));

  it('counts: a rule that is off, a file that is excluded', () => {
    expect(rules(inspectSample())).toContain('template-injection');
    const off = settings('version: 1\nscan: { rules: { template-injection: { enabled: false } } }\n');
    expect(rules(off)).not.toContain('template-injection');
    const excluded = settings(`version: 1\nscan: { exclude: ['${preview}'] }\n`);
    expect(excluded.inspected.pipelines.map(({ file }) => file)).toEqual([release]);
  });

  it('shows a waiver with its reason, and ends the attack', () => {
    const waived = settings(
      `version: 1\nscan:\n  waivers:\n    - rule: template-injection\n      path: ${preview}\n      owner: mia\n      reason: only shown\n      expires: 2026-12-01\n`,
    );
    expect(waived.inspected.attackPaths).toEqual([]);
    const found = waived.inspected.pipelines[0]?.findings.find(
      ({ ruleId }) => ruleId === 'template-injection',
    );
    expect(found?.accepted).toContain('only shown');
  });

  it('lets nothing stand when its settings cannot be read', () => {
    const broken = settings('version: 1\nscan: { what: 1 }\n');
    expect(rules(broken)).toContain('template-injection');
    expect(broken.inspected.problems).toEqual([expect.stringContaining('.vouchgate.yml')]);
  });
});

describe('hostile definitions', () => {
  it('show no secret: not in sources, excerpts or patches', () => {
    const token = ['AKIA', 'ABCDEFGHIJKLMNOP'].join('');
    const text = PREVIEW.replace('write-all', `write-all\nenv:\n  KEY: ${token}`).replace(
      'echo "',
      `echo ${token} "`,
    );
    const outcome = inspectSample([{ file: preview, text }]);
    expect(outcome.inspected.attackPaths).toHaveLength(1);
    expect(outcome.inspected.attackPaths[0]?.changes[0]?.fix).toMatchObject({ patch: undefined });
    expect(JSON.stringify(outcome)).not.toContain(token);
  });

  it('keep their markup as text, show control characters, and leave names like __proto__ harmless', () => {
    const text = PREVIEW.replace('Preview', '"<img src=x onerror=alert(1)> \\u001b[2J"')
      .replace('  preview:', '  __proto__:')
      .replace('pull_request_target:', 'pull_request_target: { __proto__: [x] }\n  __proto__:');
    const { inspected } = inspectSample([{ file: preview, text }]);
    expect(inspected.pipelines[0]).toMatchObject({
      name: '<img src=x onerror=alert(1)> \\u001b[2J',
      jobs: [{ id: '__proto__' }],
    });
    expect(Object.getPrototypeOf({})).not.toHaveProperty('0');
  });

  it('take bounded time and room: a line of a megabyte, thousands of jobs', () => {
    const long = `${RELEASE}      - run: echo ${'a'.repeat(1_000_000)}\n`;
    const job = (index: number) => `  j${index}:\n    runs-on: ubuntu-latest\n    steps: [{ run: make }]\n`;
    const many = `on: push\njobs:\n${Array.from({ length: 3_000 }, (_, index) => job(index)).join('')}`;
    const before = performance.now();
    const { inspected } = inspectSample([
      { file: release, text: long },
      { file: '.github/workflows/many.yml', text: many },
    ]);
    expect(performance.now() - before).toBeLessThan(20_000);
    const source = inspected.files.find(({ file }) => file === release);
    expect(source).toMatchObject({ cut: true });
    expect(source?.text.length).toBeLessThan(10_000);
    const pipeline = inspected.pipelines.find(({ file }) => file.endsWith('many.yml'));
    expect(pipeline?.jobs.length).toBeLessThanOrEqual(500);
    expect(pipeline?.authority.nodes.length).toBeLessThanOrEqual(400);
    expect(pipeline?.authority.left).toBeGreaterThan(0);
  }, 40_000);

  it('that are no pipelines at all come to nothing', () => {
    const { inspected, report } = inspectSample([
      { file: 'README.md', text: '# hello' },
      { file: '.github/workflows/broken.yml', text: 'on: [push\njobs: {' },
    ]);
    expect(inspected.pipelines.flatMap(({ jobs }) => jobs)).toEqual([]);
    expect(inspected.problems.length).toBeGreaterThan(0);
    expect(report.findings).toEqual([]);
    expect(inspectSample([]).inspected.pipelines).toEqual([]);
  });
});

describe('definitions of other platforms', () => {
  it('are read with the same care: GitLab with what it includes', () => {
    const { inspected } = inspectSample([
      {
        file: '.gitlab-ci.yml',
        text: 'include: [{ local: /ci/deploy.yml }]\n.hidden: { script: [x] }\ntest: { script: [make], needs: [] }\n',
      },
      {
        file: 'ci/deploy.yml',
        text: 'deploy:\n  script: [aws s3 ls]\n  environment: production\n  variables: { A: $AWS_SECRET_ACCESS_KEY }\n',
      },
    ]);
    expect(inspected.pipelines.map(({ platform }) => platform)).toEqual(['gitlab', 'gitlab']);
    expect(inspected.pipelines[0]?.jobs.map(({ id }) => id)).toEqual(['test']);
    expect(inspected.pipelines[1]?.jobs).toMatchObject([{ id: 'deploy', environment: 'production' }]);
  });
});
