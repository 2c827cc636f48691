import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { rules } from '#scan/rules.generated.ts';
import { inspectDefinitions } from './inspect-definitions.ts';
import type { DefinitionTree, InspectionOutcome } from './inspection-task.ts';
import { shaOf } from './testing/memory-source.ts';
import { cleanWorkflow, DEPLOY, poisonedWorkflow } from './testing/workflows.ts';

const SECONDS_MAX = 20;

function inspect(
  files: Readonly<Record<string, string>>,
  file: string | undefined,
  commit = shaOf('a'),
): InspectionOutcome {
  const tree: DefinitionTree = {
    repository: 'acme/shop',
    commit,
    file,
    files: Object.entries(files).map(([name, text]) => ({ file: name, text })),
    asked: ['.vouchgate.yml', '.vouchgate.yaml'],
    unread: [],
  };
  const task = { pipeline: tree, callee: { ...tree, commit: shaOf('b') }, reference: tree };
  return inspectDefinitions(
    { ...task, suppressions: 'default-branch', asOfMs: Date.UTC(2026, 10, 1) },
    rules,
  );
}

describe('an inspection comes to an end, whatever it is given', () => {
  const hostile = fc.oneof(
    fc.string({ unit: 'binary', maxLength: 200 }),
    fc.constantFrom(
      cleanWorkflow,
      poisonedWorkflow,
      'include: [{ local: "../../etc/passwd" }]',
      '__proto__: {}',
      '- - - -',
    ),
    fc.string({ maxLength: 60 }).map((text) => `${poisonedWorkflow}${text}`),
  );
  const name = fc.constantFrom(
    DEPLOY,
    '.gitlab-ci.yml',
    '.vouchgate.yml',
    'zizmor.yml',
    'azure-pipelines.yml',
    '__proto__',
    'action.yml',
    'Jenkinsfile',
  );

  it('by random texts under the names of definitions and settings', { timeout: 60_000 }, () => {
    fc.assert(
      fc.property(fc.dictionary(name, hostile, { maxKeys: 5 }), fc.option(name), (files, file) => {
        expect(['inspected', 'incomplete', 'absent']).toContain(inspect(files, file ?? undefined).kind);
      }),
      { numRuns: 150 },
    );
  });

  it.each([
    ['one line of a mebibyte', `${cleanWorkflow}# ${'x'.repeat(1_048_576)}`],
    ['a script of a mebibyte', cleanWorkflow.replace('make deploy', `echo ${'$(('.repeat(350_000)}`)],
    ['ignore comments without end', `${poisonedWorkflow}${'# vouchgate: ignore[a'.repeat(50_000)}`],
    ['stars in a setting', poisonedWorkflow],
  ])('with %s', { timeout: SECONDS_MAX * 1_000 }, (_, text) => {
    const settings = `version: 1\nscan: { exclude: ["${'*a'.repeat(20)}"] }\n`;
    const outcome = inspect({ [DEPLOY]: text, '.vouchgate.yml': settings }, DEPLOY);
    expect(outcome.kind).toBe('inspected');
  });

  it('with includes that go around in a circle', () => {
    const main = 'include: [a.yml]\n';
    const outcome = inspect(
      { '.gitlab-ci.yml': main, 'a.yml': 'include: [.gitlab-ci.yml, a.yml]\n' },
      '.gitlab-ci.yml',
    );
    expect(outcome.kind).toBe('inspected');
  });
});
