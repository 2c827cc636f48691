import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { startSecrets, type SecretsRequest } from './scan-secrets.ts';
import { drawn, madeGithubToken } from './testing/made-secrets.ts';

let top: string;
const put = (file: string, text: string) => {
  mkdirSync(join(top, file, '..'), { recursive: true });
  writeFileSync(join(top, file), text);
};
beforeEach(() => {
  top = mkdtempSync(join(tmpdir(), 'vouchgate-engine-'));
});
afterEach(() => rmSync(top, { recursive: true }));

const scan = async (changes: Partial<SecretsRequest> = {}) => {
  const { roots } = await startSecrets({
    paths: [top],
    searchPath: process.env['PATH'],
    threads: 2,
    ...changes,
  })();
  return {
    hits: roots.flatMap(({ files }) =>
      files.flatMap(({ file, hits }) => hits.map(({ ruleId }) => `${file} ${ruleId}`)),
    ),
    problems: roots.flatMap(({ problems }) => problems.map(({ message }) => message)),
    files: roots.reduce((sum, each) => sum + each.filesScanned, 0),
  };
};

it('finds the same on threads as without them, in the same order', async () => {
  for (let index = 0; index < 1_600; index += 1)
    put(`d${index % 7}/f${index}.ts`, index % 400 === 3 ? `"${madeGithubToken(String(index))}"` : 'x\n');
  const threaded = await scan();
  expect(threaded.files).toBe(1_600);
  const alone = (
    await Promise.all(Array.from({ length: 7 }, (_, index) => scan({ paths: [join(top, `d${index}`)] })))
  ).flatMap(({ hits }) => hits);
  expect(threaded.hits.map((hit) => hit.replace(/^d\d\//, '')).sort()).toEqual(alone.sort());
  expect(threaded.hits).toEqual([...threaded.hits].sort());
});

it('stops the rules of a team that take for ever, says so, and searches with its own', async () => {
  put('.gitleaks.toml', "[[rules]]\nid = 'mine'\nregex = '''mine_[a-z]+'''\nkeywords = ['mine_']\n");
  put('a.ts', `"${madeGithubToken('late')}" mine_abc`);
  expect((await scan()).hits).toEqual(['a.ts secret-github-token', 'a.ts gitleaks-mine']);
  const late = await scan({ timeoutMs: 1 });
  expect(late.hits).toEqual(['a.ts secret-github-token']);
  expect(late.problems[0]).toContain('the rules of .gitleaks.toml were left out');
});

it('asks a tokenizer whether a value was drawn, and drops what is written', async () => {
  put(
    'a.ts',
    `const password = "${drawn(14, 'weigh')}";\nconst dbPassword = "correct horses batteries";\nconst apiKey = "internationalization1";\n`,
  );
  expect((await scan({ persona: 'pedantic' })).hits).toEqual(['a.ts secret-assignment']);
  expect((await scan()).hits).toEqual([]);
  expect((await scan({ everything: true })).hits).toEqual(['a.ts secret-assignment']);
});
