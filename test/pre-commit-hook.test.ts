import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { parse } from 'yaml';
import { z } from 'zod';

const ROOT = join(import.meta.dirname, '..');
const Hooks = z.array(z.object({ id: z.string(), entry: z.string(), files: z.string() }));
const [hook] = Hooks.parse(parse(readFileSync(join(ROOT, '.pre-commit-hooks.yaml'), 'utf8')));

it('runs the release that the hook is taken from', () => {
  const { version } = z
    .object({ version: z.string() })
    .parse(JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8')));
  expect(hook?.entry).toBe(`npx --yes vouchgate@${version} scan`);
  expect(readFileSync(join(ROOT, 'action/scan/action.yml'), 'utf8')).toContain(
    `default: vouchgate@${version}\n`,
  );
});

it('runs when a definition changes, and not for other files', () => {
  // Python's verbose flag: blanks and line ends do not count.
  const pattern = new RegExp((hook?.files ?? '').replace('(?x)', '').replaceAll(/\s/gu, ''), 'u');
  const wanted = [
    '.github/workflows/ci.yml',
    '.github/dependabot.yml',
    'tools/lint/action.yaml',
    '.gitlab-ci.yml',
    '.gitlab/ci/build.yml',
    '.vouchgate.yml',
  ];
  expect(wanted.filter((file) => !pattern.test(file))).toEqual([]);
  expect(
    ['README.md', 'src/action.ts', 'docs/gitlab-ci.yml.md'].filter((file) => pattern.test(file)),
  ).toEqual([]);
});
