import { expect, it } from 'vitest';
import { briefly, findingsOf } from '../../testing/scan-text.ts';

const SUCCESS = "github.event.workflow_run.conclusion == 'success'";
const pair = (guard: string, upstream: string, step = 'run: gh run download 1', more = '') =>
  [
    '# --- .github/workflows/a.yml',
    `on:\n  workflow_run:\n    workflows: [build]${more}\njobs:\n  a:\n    if: ${guard}\n    runs-on: ubuntu-latest\n    steps:\n      - ${step}`,
    '# --- .github/workflows/b.yml',
    `name: build\non: ${upstream}\njobs: {}\n`,
  ].join('\n');
const check = (...args: Parameters<typeof pair>) =>
  briefly(findingsOf('unproven-workflow-run', pair(...args)));

it('depends on who starts the run before', () => {
  expect(check(SUCCESS, 'pull_request')).toEqual(['6 low pedantic']);
  expect(check(SUCCESS, 'push')).toEqual([]);
});

it('is a note when the run before is not known', () => {
  const [text = ''] = pair(SUCCESS, 'push').split('# --- .github/workflows/b.yml');
  expect(briefly(findingsOf('unproven-workflow-run', text))).toEqual(['6 low auditor']);
});

it.each([
  `${SUCCESS} && github.event.workflow_run.event == 'push'`,
  `${SUCCESS} && github.event.workflow_run.head_repository.full_name == github.repository`,
  "github.event.workflow_run.conclusion == 'failure'",
  'always()',
])('is content with %s', (guard) => {
  expect(check(guard, 'pull_request')).toEqual([]);
});

it('is content when nothing is taken from that run, or its branch is said', () => {
  expect(check(SUCCESS, 'pull_request', 'run: echo done')).toEqual([]);
  expect(check(SUCCESS, 'pull_request', undefined, '\n    branches: [main]')).toEqual([]);
});
