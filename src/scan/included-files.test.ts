import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { isGitlabPipeline } from '#pipeline/gitlab/model.ts';
import { resolveConfigurations } from '#pipeline/gitlab/resolve-includes.ts';
import { discover } from './discover.ts';
import { findIncludedFiles } from './included-files.ts';
import { scanRepository } from './scan-repository.ts';

let root = '';

beforeEach(() => {
  root = mkdtempSync(path.join(tmpdir(), 'vouchgate-included-'));
});

afterEach(() => {
  rmSync(root, { recursive: true });
});

function write(files: Readonly<Record<string, string>>): void {
  for (const [file, text] of Object.entries(files)) {
    mkdirSync(path.dirname(path.join(root, file)), { recursive: true });
    writeFileSync(path.join(root, file), text);
  }
}

const found = (text: string) =>
  findIncludedFiles(root, [{ file: '.gitlab-ci.yml', text }]).map(({ file }) => file);

it('finds what is included, and what that includes or starts, wherever it lies', () => {
  write({
    'ci/base.yml': 'include: /build/more.yaml\n',
    'build/more.yaml': 'child: { trigger: { include: [{ local: deep/er/child.yml }] } }\n',
    'deep/er/child.yml': 'variables: { A: b }\n',
    'ci/alone.yml': 'job: { script: [x] }\n',
  });
  expect(found('include: [{ local: ci/base.yml }, { project: a/b, file: c.yml }]')).toEqual([
    'ci/base.yml',
    'build/more.yaml',
    'deep/er/child.yml',
  ]);
});

it('follows stars, in one folder and below it', () => {
  write({ 'ci/a.yml': 'a: {}\n', 'ci/b.txt': 'x', 'ci/deep/c.yml': 'c: {}\n', 'other/d.yml': 'd: {}\n' });
  expect(found('include: ci/*.yml')).toEqual(['ci/a.yml']);
  expect(found('include: ci/**.yml')).toEqual(['ci/a.yml', 'ci/deep/c.yml']);
});

it('never leaves the repository, follows no link and reads nothing but YAML files', () => {
  const outside = mkdtempSync(path.join(tmpdir(), 'vouchgate-outside-'));
  writeFileSync(path.join(outside, 'a.yml'), 'a: {}\n');
  write({ '.git/a.yml': 'a: {}\n', 'ci/secret.txt': 'a: {}\n', 'ci/folder.yml/x': '' });
  symlinkSync(path.join(outside, 'a.yml'), path.join(root, 'link.yml'));
  symlinkSync(outside, path.join(root, 'folder'));
  const name = path.basename(outside);
  for (const target of [
    `../${name}/a.yml`,
    `ci/../../${name}/a.yml`,
    `${outside}/a.yml`,
    'link.yml',
    'folder/a.yml',
    'folder/*.yml',
    '.git/a.yml',
    'ci/secret.txt',
    'ci/folder.yml',
    '"ci/\\0.yml"',
    '$A.yml',
    'gone.yml',
  ]) {
    expect(found(`include: [{ local: ${target} }]`)).toEqual([]);
  }
  rmSync(outside, { recursive: true });
});

it('reads an included file of which neither name nor content tells what it is', () => {
  const files = [
    { file: '.gitlab-ci.yml', text: 'include: ci/vars.yml\njob: { extends: .base }\n' },
    { file: 'ci/vars.yml', text: 'include: lib/base.yml\nvariables: { A: b }\n' },
    { file: 'lib/base.yml', text: '.base: { script: [x] }\n' },
  ];
  const { repository } = scanRepository({ root: '', files }, { rules: [], asOfMs: 0 });
  expect(repository.pipelines.filter(isGitlabPipeline)).toHaveLength(3);
  const [whole, ...others] = resolveConfigurations(repository);
  expect(others).toEqual([]);
  expect(whole?.complete).toBe(true);
  expect(whole?.jobs.find(({ id }) => id === 'job')?.steps).toHaveLength(1);
});

it('takes a `.gitlab-ci.yml` and the folder `.gitlab` beside it for one repository', () => {
  write({
    'one/.gitlab-ci.yml': 'a: {}\n',
    'one/.gitlab/ci/b.yml': 'b: {}\n',
    'one/service/.gitlab-ci.yml': 'c: {}\n',
    'two/.gitlab/d.yml': 'd: {}\n',
    'two/ci/e.gitlab-ci.yml': 'e: {}\n',
  });
  const roots = () => discover([root]).files.map((each) => `${path.basename(each.root)}: ${each.file}`);
  expect(roots()).toEqual([
    'one: .gitlab-ci.yml',
    'one: .gitlab/ci/b.yml',
    'one: service/.gitlab-ci.yml',
    'two: .gitlab/d.yml',
    'two: ci/e.gitlab-ci.yml',
  ]);
  mkdirSync(path.join(root, '.git'));
  expect(new Set(discover([root]).files.map((each) => each.root)).size).toBe(1);
});

it('finds the components that a project publishes, and no other templates', () => {
  const component = (job: string) =>
    `spec:\n  inputs:\n    name:\n---\n${job}: { script: ["echo $[[ inputs.name ]]"] }\n`;
  write({
    'templates/one.yml': component('one'),
    'templates/two/template.yml': component('two'),
    'templates/deployment.yml': 'apiVersion: v1\nname: {{ .Values.name }}\n',
    'chart/templates/three.yml': component('three'),
  });
  const files = findIncludedFiles(root, [{ file: '.gitlab-ci.yml', text: 'a: { script: [x] }' }]);
  expect(files.map(({ file }) => file)).toEqual(['templates/one.yml', 'templates/two/template.yml']);
  const { repository } = scanRepository({ root, files }, { rules: [], asOfMs: 0 });
  expect(resolveConfigurations(repository).flatMap(({ jobs }) => jobs.map(({ id }) => id))).toEqual([
    'one',
    'two',
  ]);
});
