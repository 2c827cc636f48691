import { expect, it } from 'vitest';
import { evaluateExpression } from '../guard.ts';
import { readDefinitions } from '../read-file.ts';
import { SourceText } from '../source.ts';
import { parseExpression } from './expressions/parse.ts';
import { hasMemberActivitiesOnly, outsiderAssumption } from './outsider.ts';

function judge(event: string, text: string): string {
  const parsed = parseExpression(text);
  return parsed.ok ? evaluateExpression(parsed.root, outsiderAssumption(event)) : 'error';
}

it.each([
  ['pull_request_target', 'github.event.pull_request.merged', 'false'],
  ['pull_request_target', "github.event.action == 'labeled'", 'false'],
  ['pull_request_target', "github.event.action == 'opened'", 'unknown'],
  ['pull_request_target', "github.event.label.name == 'safe'", 'false'],
  ['issues', "github.event.label.name == 'bug'", 'unknown'],
  ['pull_request_target', "contains(github.event.pull_request.labels.*.name, 'safe')", 'unknown'],
  ['workflow_run', "github.event.workflow_run.event == 'push'", 'false'],
  ['workflow_run', "github.event.workflow_run.event == 'pull_request'", 'unknown'],
  ['workflow_run', 'github.event.workflow_run.head_repository.fork', 'true'],
  ['workflow_run', 'github.event.workflow_run.head_repository.full_name == github.repository', 'false'],
  ['pull_request_target', "github.event.workflow_run.event == 'push'", 'false'],
  // The payload of a comment has no pull request, so that this keeps nobody out.
  ['issue_comment', "github.event.pull_request.author_association != 'NONE'", 'true'],
  ['issue_comment', "github.event.comment.author_association == 'MEMBER'", 'false'],
  ['issue_comment', 'github.event.issue.pull_request', 'unknown'],
  ['pull_request', "github.ref == 'refs/heads/main'", 'false'],
  ['pull_request', "startsWith(github.ref, 'refs/pull/')", 'true'],
  ['pull_request_target', "github.ref == 'refs/heads/main'", 'unknown'],
])('under %s an outsider makes %s %s', (event, text, expected) => {
  expect(judge(event, text)).toBe(expected);
});

it.each([
  ['pull_request_target: { types: [labeled] }', true],
  ['pull_request_target: { types: [labeled, synchronize] }', false],
  ['pull_request_target:', false],
  ['pull_request_target: { types: [] }', false],
  ['issues: { types: [assigned, deleted] }', true],
  ['issue_comment: { types: [deleted] }', false],
])('%s needs a member: %s', (on, expected) => {
  const source = new SourceText('.github/workflows/a.yml', `on:\n  ${on}\njobs: {}\n`);
  const [definition] = readDefinitions(source).definitions;
  const triggers = definition?.kind === 'pipeline' ? definition.pipeline.triggers : [];
  expect(triggers.map(hasMemberActivitiesOnly)).toEqual([expected]);
});
