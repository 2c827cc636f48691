import { expect, it } from 'vitest';
import { briefly, findingsOf } from '../../testing/scan-text.ts';

const check = (gate: string, deployment = 'environment: live', name = 'approve') =>
  briefly(
    findingsOf(
      'gitlab-open-gate',
      `# --- .gitlab-ci.yml\n${name}:\n  stage: test\n  script: [x]\n  ${gate}\ngo:\n  stage: deploy\n  script: [y]\n  ${deployment}\n`,
    ),
  );

it.each([
  ['when: manual', undefined, ['1 medium regular']],
  ['rules: [{ when: manual }]\n  allow_failure: true', undefined, ['1 medium regular']],
  ['when: manual\n  allow_failure: false', undefined, []],
  ['rules: [{ when: manual }]', undefined, []],
  ['when: on_success', undefined, []],
  ['when: manual', 'variables: {}', []],
  ['when: manual', 'environment: live\n  when: manual', []],
  ['when: manual', 'environment: live\n  needs: [approve]', []],
])('judges %j before %j', (gate, deployment, expected) => {
  expect(check(gate, deployment)).toEqual(expected);
});

it('says nothing of manual jobs that are none', () => {
  expect(check('when: manual', undefined, 'deploy-staging')).toEqual([]);
});
