import { expect, it } from 'vitest';
import { findingsOf } from '../../testing/scan-text.ts';

const messages = (on: string) =>
  findingsOf('unknown-event', `on: ${on}\njobs: {}\n`).map(({ message }) => message);

it.each([
  ['pull-request', 'GitHub has no event "pull-request"; did you mean "pull_request"?'],
  ['schedule', 'schedule has no "cron", so that it never fires'],
  [
    '{ workflow_run: { types: [completed] } }',
    'workflow_run does not say "workflows", so that it never fires',
  ],
  ['[push, pushed_tags]', 'GitHub has no event "pushed_tags"'],
  ['{ push: { branch: main } }', 'push knows no "branch"; did you mean "branches"?'],
  ['{ issues: { types: [open] } }', 'issues has no activity "open"; did you mean "opened"?'],
  [
    '{ push: { branches: [a], branches-ignore: [b] } }',
    'push has both "branches" and "branches-ignore", and GitHub takes only one of them',
  ],
])('refuses %s', (on, message) => {
  expect(messages(on)).toEqual([message]);
});

it.each([
  '[push, workflow_dispatch]',
  '{ push: , pull_request: { types: labeled } }',
  '{ repository_dispatch: { types: [anything] }, schedule: [{ cron: "0 0 * * *" }] }',
  '{ push: { branches: [a], tags-ignore: [b], paths: [c] } }',
])('accepts %s', (on) => {
  expect(messages(on)).toEqual([]);
});
