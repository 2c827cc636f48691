import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { reporters } from '#findings/reporters.generated.ts';
import { drawn, madeGithubToken, madePrivateKey, madeStripeKey } from '#scan/secrets/testing/made-secrets.ts';
import { runCli } from '../../testing/run-cli.ts';

let top: string;
const repository = () => join(top, 'repo');
const put = (file: string, text: string) => {
  mkdirSync(join(repository(), file, '..'), { recursive: true });
  writeFileSync(join(repository(), file), text);
};
const git = (...args: string[]) =>
  execFileSync('git', ['-C', repository(), '-c', 'user.name=a', '-c', 'user.email=a@b.c', ...args], {
    stdio: 'pipe',
  });
beforeEach(() => {
  top = mkdtempSync(join(tmpdir(), 'vouchgate-secrets-'));
  mkdirSync(repository());
});
afterEach(() => rmSync(top, { recursive: true }));

const TOKEN = madeGithubToken('cli');
const WORKFLOW =
  'on: push\npermissions: {}\njobs:\n  a:\n    runs-on: ubuntu-latest\n    steps:\n      - run: make\n';
const scan = (...args: string[]) =>
  runCli(['scan', repository(), ...args], { env: { XDG_CACHE_HOME: join(top, 'cache') } });
const findingsOf = async (...args: string[]) => {
  const { stdout } = await scan('--format', 'json', ...args);
  const { findings } = JSON.parse(stdout) as { findings: Record<string, never>[] };
  return findings as unknown as {
    ruleId: string;
    persona: string;
    message: string;
    fingerprint: string;
    suppression?: { kind: string; justification: string };
    locations: { file: string; start: { line: number } }[];
  }[];
};
const idsOf = async (...args: string[]) =>
  (await findingsOf(...args)).map(
    ({ ruleId, locations: [place] }) => `${ruleId} ${place?.file ?? ''}:${place?.start.line ?? 0}`,
  );

describe('a scan', () => {
  it('looks for secrets in every file without being asked, and fails for one that gates', async () => {
    put('.github/workflows/ci.yml', WORKFLOW);
    put('src/a.ts', `const t = "${TOKEN}";\n`);
    put('src/b.ts', `const password = "${drawn(12, 'b')}#";\n`);
    const { code, stdout } = await scan();
    expect(code).toBe(1);
    expect(stdout).toContain('critical  secret-github-token');
    expect(stdout).toContain('1 critical in 1 file (1 workflow)');
    expect(stdout).not.toContain('secret-assignment');
    expect(await idsOf('--persona', 'pedantic')).toContain('secret-assignment src/b.ts:1');
  });

  it('looks at what it is asked to look at', async () => {
    put('.github/workflows/ci.yml', WORKFLOW.replace('permissions: {}\n', ''));
    put('src/a.ts', `const t = "${TOKEN}";\n`);
    expect((await idsOf('--only', 'pipelines')).filter((id) => id.startsWith('secret-'))).toEqual([]);
    expect(await idsOf('--only', 'secrets')).toEqual(['secret-github-token src/a.ts:1']);
    expect(await idsOf('--rule', 'secret-github-token')).toEqual(['secret-github-token src/a.ts:1']);
    expect(await idsOf('--rule', 'gitleaks/github-pat')).toEqual(['secret-github-token src/a.ts:1']);
    expect(await idsOf('--rule', 'secret-npm-token')).toEqual([]);
    expect(await idsOf('--rule', 'unpinned-action')).toEqual([]);
    expect((await scan('--only', 'pipelines', '--history')).stderr).toContain('--history looks for secrets');
  });

  it('needs no pipeline, and says that there is none', async () => {
    put('a.txt', 'nothing\n');
    const { code, stdout } = await scan();
    expect([code, stdout]).toEqual([
      0,
      'nothing found in 1 file (1 searched for secrets)\nno pipeline definition here\n',
    ]);
  });

  it('leaves alone what git ignores, what others wrote, pictures and links, and says what is too large', async () => {
    git('init', '-q');
    put('.gitignore', '.env\n');
    put('.env', `T=${TOKEN}\n`);
    put('forced.env', `T=${TOKEN}\n`);
    put('node_modules/a/a.js', `"${TOKEN}"`);
    put('a.bin', `\0${TOKEN}`);
    put('large.txt', `${'a\n'.repeat(6_000_000)}${TOKEN}`);
    const { stdout } = await scan();
    expect(await idsOf()).toEqual(['secret-github-token forced.env:1']);
    expect(stdout.replaceAll(/\s+/gu, ' ')).toContain('large.txt:1:1: 11 MB, more than 10, so');
    git('add', '-f', '.env');
    expect(await idsOf()).toEqual(['secret-github-token .env:1', 'secret-github-token forced.env:1']);
  });

  it('looks at a file that is named, as a part of its repository', async () => {
    put('.github/workflows/ci.yml', `${WORKFLOW}# "${madeStripeKey('named')}"\n`);
    const named = join(repository(), '.github/workflows/ci.yml');
    const { stdout } = await runCli([
      'scan',
      named,
      '--format',
      'json',
      '--rule',
      'secret-stripe-live-key',
      '--rule',
      'unpinned-action',
    ]);
    expect(stdout).toContain('"file": ".github/workflows/ci.yml"');
  });

  it('says a secret in a pipeline once', async () => {
    put('.github/workflows/ci.yml', `${WORKFLOW}        env:\n          T: ${TOKEN}\n`);
    const secrets = (await idsOf()).filter((id) => id.includes('secret'));
    expect(secrets).toEqual(['hardcoded-secret .github/workflows/ci.yml:9']);
  });
});

describe('what a team decides', () => {
  it('holds for secrets: waivers, excluded files, severities, owners, baselines, comments', async () => {
    put('a.ts', `const t = "${TOKEN}";\n`);
    const [finding] = await findingsOf();
    const settings = (text: string) => put('.vouchgate.yml', `version: 1\nscan:\n${text}`);
    settings(
      `  waivers:\n    - rule: secret-github-token\n      fingerprint: "${finding?.fingerprint ?? ''}"\n      owner: me\n      reason: revoked\n      expires: 2999-01-01\n`,
    );
    expect((await findingsOf())[0]?.suppression).toMatchObject({ kind: 'waiver', justification: 'revoked' });
    put('a.ts', `\n\nconst t = "${TOKEN}";\n`);
    expect((await findingsOf())[0]?.suppression?.kind).toBe('waiver');
    put('a.ts', `const t = "${madeGithubToken('another')}";\n`);
    expect((await findingsOf())[0]?.suppression).toBeUndefined();
    settings('  exclude: [a.ts]\n');
    expect(await findingsOf()).toEqual([]);
    settings('  rules:\n    secret-github-token: { severity: low }\n  owners: { .: team }\n');
    expect((await findingsOf())[0]).toMatchObject({ severity: 'low', owner: 'team' });
    settings('  rules:\n    secret-github-token: { enabled: false }\n');
    expect(await findingsOf()).toEqual([]);
    rmSync(join(repository(), '.vouchgate.yml'));
    const baseline = join(top, 'baseline.json');
    await scan('--write-baseline', baseline);
    expect((await scan('--baseline', baseline)).code).toBe(0);
    put('b.ts', `t("${TOKEN}") // gitleaks:allow\n`);
    expect((await scan('--baseline', baseline)).code).toBe(0);
  });

  it('in the files of other tools holds, too, on a thread that can be stopped', async () => {
    put('a.ts', `const t = "${TOKEN}";\nconst s = "${madeStripeKey('team')}";\n`);
    put('.gitleaks.toml', "[[rules]]\nid = 'mine'\nregex = '''mine_[a-z]{6}'''\nkeywords = ['mine_']\n");
    put('.gitleaksignore', 'a.ts:github-pat:1\n');
    put('b.txt', 'mine_abcxyz\n');
    const found = await findingsOf();
    expect(found.map(({ ruleId, suppression }) => [ruleId, suppression?.kind])).toEqual([
      ['secret-github-token', 'baseline'],
      ['secret-stripe-live-key', undefined],
      ['gitleaks-mine', undefined],
    ]);
  });
});

describe('the value of a secret', () => {
  const values = {
    token: TOKEN,
    stripe: madeStripeKey('leak'),
    password: `${drawn(14, 'leak')}%q`,
    short: 'k4Xq9#z',
    url: drawn(16, 'url'),
    gone: madeGithubToken('gone'),
  };

  it('stands in no report, whatever its format, on no stream and in no file that is kept', async () => {
    git('init', '-q');
    put('old.ts', `const t = "${values.gone}";\n`);
    git('add', '.');
    git('commit', '-qm', 'old');
    const key = madePrivateKey();
    put('old.ts', 'const t = read();\n');
    // One that a rule for pipelines shows for another reason.
    put(
      '.github/workflows/ci.yml',
      `${WORKFLOW}      - run: 'curl https://me:${values.url}@h.internal/x | sh; echo \${{ github.event.issue.title }} ${values.token}'\n`,
    );
    put(
      'a.ts',
      `f("${values.token}", "${values.stripe}", "${values.token}");\nconst password = "${values.password}";\n`,
    );
    put('b.yml', `password: "${values.short}"\nkey: |\n${key.replaceAll(/^/gm, '  ')}\n`);
    put(
      'c.yml',
      `data: ${Buffer.from(`token=${values.stripe}`).toString('base64')}\nconfig: ${JSON.stringify(key)}\n`,
    );
    git('add', '.');
    git('commit', '-qm', 'new');
    const hidden = [
      ...Object.values(values).map((value) => (value.length < 12 ? value : value.slice(4))),
      ...key.split('\n').slice(1, -2),
      Buffer.from(`token=${values.stripe}`).toString('base64').slice(4, -2),
    ];
    const outputs = Object.keys(reporters).flatMap((format) => [
      '--output',
      `${format}=${join(top, `report.${format}`)}`,
    ]);
    for (const format of Object.keys(reporters)) {
      const { stdout, stderr } = await scan(
        '--history',
        '--persona',
        'auditor',
        '--format',
        format,
        '--all',
        ...outputs,
        '--write-baseline',
        join(top, 'report.baseline'),
      );
      for (const value of hidden)
        expect(`${stdout}${stderr}`.includes(value), `${format} has ${value.slice(0, 6)}…`).toBe(false);
      expect(stdout).toContain('secret-github-token');
    }
    const cache = join(top, 'cache/vouchgate/secrets');
    const kept = [
      ...readdirSync(top)
        .filter((name) => name.startsWith('report.'))
        .map((name) => join(top, name)),
      ...readdirSync(cache).map((name) => join(cache, name)),
    ];
    expect(kept.length).toBeGreaterThan(Object.keys(reporters).length + 1);
    for (const file of kept) {
      const text = readFileSync(file, 'utf8');
      for (const value of hidden)
        expect(text.includes(value), `${file} has ${value.slice(0, 6)}…`).toBe(false);
    }
  }, 60_000);
});

it('tells of the history where a secret came in and whether it is still there', async () => {
  git('init', '-q');
  put('a.ts', `const t = "${TOKEN}";\n`);
  put('b.ts', `const t = "${madeStripeKey('stays')}";\n`);
  git('add', '.');
  git('commit', '-qm', 'one');
  put('a.ts', 'const t = read();\n');
  git('add', '.');
  git('commit', '-qm', 'two');
  const found = await findingsOf('--history');
  expect(found.map(({ ruleId }) => ruleId)).toEqual(['secret-github-token', 'secret-stripe-live-key']);
  expect(found[0]?.message).toMatch(
    /came in with commit [0-9a-f]{12} of \d{4}-\d\d-\d\d and is no longer in HEAD/,
  );
  expect(found[1]?.message).toMatch(
    /stands in this file; it came in with commit [0-9a-f]{12} .* still in HEAD/,
  );
  expect(await idsOf()).toEqual(['secret-stripe-live-key b.ts:1']);
});
