import { expect, it } from 'vitest';
import { briefly, findingsOf } from '../../testing/scan-text.ts';

const check = (rules: string, more = '') =>
  briefly(
    findingsOf(
      'gitlab-merge-request-credentials',
      `# --- .gitlab-ci.yml\na:\n  id_tokens: { T: { aud: x } }\n  script: [make]\n  ${rules}\n${more}`,
    ),
  );

it.each([
  ['rules: [{ if: $CI_PIPELINE_SOURCE == "merge_request_event" }]', ['2 medium regular']],
  ['rules: [{ if: $CI_MERGE_REQUEST_IID }]', ['2 medium regular']],
  ['only: [merge_requests]', ['2 medium regular']],
  ['rules: [{ if: $CI_COMMIT_BRANCH == $CI_DEFAULT_BRANCH }]', []],
  ['rules: [{ if: $CI_COMMIT_TAG }, { when: never }]', []],
  ['rules: [{ if: $CI_PIPELINE_SOURCE == "merge_request_event", when: never }, { when: on_success }]', []],
  ['rules: [{ if: $WANTED == "yes" }]', ['2 medium pedantic']],
  ['rules: [{ if: $CI_COMMIT_BRANCH =~ /^release/ }]', []],
  ['rules: [{ when: always }]', ['2 medium pedantic']],
  ['rules: [{ if: $CI_MERGE_REQUEST_IID, when: manual }]', []],
  ['needs: []', []],
])('judges %s', (rules, expected) => {
  expect(check(rules)).toEqual(expected);
});

it('goes by the rules of the workflow where a job has none', () => {
  const workflow = (rule: string) => `workflow:\n  rules: [${rule}]\n`;
  const request = '{ if: $CI_PIPELINE_SOURCE == "merge_request_event" }';
  expect(check('needs: []', workflow(request))).toEqual(['2 medium regular']);
  expect(check('needs: []', workflow('{ if: $CI_COMMIT_BRANCH }'))).toEqual([]);
});

it.each([
  ['production', ['4 medium regular']],
  ['{ name: live/eu }', ['4 medium regular']],
  ['{ name: main, deployment_tier: production }', ['4 medium regular']],
  ['review/$CI_COMMIT_REF_SLUG', []],
  ['staging', []],
])('judges the environment %s in merge requests', (environment, expected) => {
  const rules = 'rules: [{ if: $CI_MERGE_REQUEST_IID }]';
  const text = `# --- .gitlab-ci.yml\na:\n  script: [make]\n  ${rules}\n  environment: ${environment}\n`;
  expect(briefly(findingsOf('gitlab-merge-request-credentials', text))).toEqual(expected);
  const main = text.replace('$CI_MERGE_REQUEST_IID', '$CI_COMMIT_BRANCH');
  expect(findingsOf('gitlab-merge-request-credentials', main)).toEqual([]);
});
