import { expect, it } from 'vitest';
import { findingsOf } from '../../testing/scan-text.ts';

const check = (rules: string, more = '') =>
  findingsOf(
    'gitlab-unreachable-rule',
    `# --- .gitlab-ci.yml\na:\n  script: [x]\n  rules: ${rules}\n${more}`,
  ).map(({ message }) => message);

const request = '{ if: $CI_PIPELINE_SOURCE == "merge_request_event" }';

it.each([
  ['[{ when: always }, { if: $X, when: never }]', 'never counts'],
  ['[{ changes: [a], when: never }, { when: always }]', 'out of schedules'],
  [`[${request}, { when: on_success }]`, 'runs twice'],
  [`[{ changes: [a] }, { if: $CI_PIPELINE_SOURCE == "push" }, ${request}]`, 'runs twice'],
])('finds the blemish in %s', (rules, message) => {
  const [first, ...others] = check(rules);
  expect(others).toEqual([]);
  expect(first).toContain(message);
});

it.each([
  ['[{ if: $X, when: never }, { when: always }]', ''],
  ['[{ changes: [a] }, { if: $X }]', ''],
  ['[{ if: $CI_MERGE_REQUEST_IID, changes: [a], when: never }, { when: always }]', ''],
  ['[{ changes: [a], when: never }]', ''],
  [`[${request}, { if: $CI_COMMIT_BRANCH == $CI_DEFAULT_BRANCH }]`, ''],
  [`[${request}, { when: on_success }]`, `workflow: { rules: [${request}, { if: $CI_COMMIT_TAG }] }\n`],
])('says nothing of %s', (rules, more) => {
  expect(check(rules, more)).toEqual([]);
});
