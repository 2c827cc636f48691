import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { pickRepository, stageRepositories } from './stage.ts';

let corpus: string;
beforeEach(() => {
  corpus = mkdtempSync(join(tmpdir(), 'vouchgate-corpus-'));
});
afterEach(() => rmSync(corpus, { recursive: true }));

function put(...files: readonly string[]): void {
  for (const file of files) {
    mkdirSync(dirname(join(corpus, file)), { recursive: true });
    writeFileSync(join(corpus, file), 'name: a\n');
  }
}

it('takes workflows and actions, and neither settings nor what was made to be wrong', () => {
  put(
    'shop/.github/workflows/ci.yml',
    'shop/.github/workflows/nested/no.yml',
    'shop/.github/zizmor.yml',
    'shop/.vouchgate.yml',
    'shop/tool/action.yaml',
    '_fixtures/x/.github/workflows/bad.yml',
  );
  const stage = stageRepositories(corpus);
  try {
    expect(stage.workflows).toEqual(['shop/.github/workflows/ci.yml']);
    expect(stage.actions).toEqual(['shop/tool/action.yaml']);
    expect(readdirSync(stage.folder)).toEqual(['shop']);
    expect(readdirSync(join(stage.folder, 'shop', '.github'))).toEqual(['workflows']);
  } finally {
    stage.remove();
  }
});

it('picks the repository in the middle', () => {
  const workflows = ['a', 'b', 'b', 'c', 'c', 'c'].map(
    (name, index) => `${name}/.github/workflows/${index}.yml`,
  );
  const one = pickRepository({ folder: '/x', workflows, actions: ['c/action.yml'], remove: () => {} });
  expect(one).toMatchObject({
    folder: join('/x', 'b'),
    workflows: ['.github/workflows/1.yml', '.github/workflows/2.yml'],
    actions: [],
  });
});
