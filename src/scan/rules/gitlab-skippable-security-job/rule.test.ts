import { expect, it } from 'vitest';
import { briefly, findingsOf } from '../../testing/scan-text.ts';

const check = (id: string, allow: string, line = 'x') =>
  briefly(
    findingsOf(
      'gitlab-skippable-security-job',
      `# --- .gitlab-ci.yml\n${id}:\n  allow_failure: ${allow}\n  script:\n    - ${line}\n`,
    ),
  );

it.each([
  ['sast', 'true', 'x', ['2 low pedantic']],
  ['check', 'true', 'trivy fs .', ['2 low pedantic']],
  ['sast', 'false', 'x', []],
  ['sast', '{ exit_codes: 137 }', 'x', []],
  ['broadcast', 'true', 'x', []],
])('judges %s with %s and %s', (id, allow, line, expected) => {
  expect(check(id, allow, line)).toEqual(expected);
});

it.each([
  ['when: manual', 1],
  ['when: manual\n  allow_failure: false', 0],
  ['rules: [{ when: manual }]', 0],
])('judges a check with %j', (more, count) => {
  const text = `# --- .gitlab-ci.yml\nsast:\n  script: [x]\n  ${more}\n`;
  expect(findingsOf('gitlab-skippable-security-job', text)).toHaveLength(count);
});
