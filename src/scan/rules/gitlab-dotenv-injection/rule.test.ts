import { expect, it } from 'vitest';
import { briefly, findingsOf } from '../../testing/scan-text.ts';

const check = (line: string, later = 'environment: live') =>
  findingsOf(
    'gitlab-dotenv-injection',
    `# --- .gitlab-ci.yml
a:
  stage: build
  variables: { TEXT: $CI_MERGE_REQUEST_DESCRIPTION }
  script:
    - ${line}
  artifacts: { reports: { dotenv: [out.env] } }
b:
  stage: deploy
  script: [x]
  ${later}
`,
  );

it.each([
  ['echo "N=$CI_COMMIT_MESSAGE" >> out.env', ['5 high regular']],
  ['echo "N=$TEXT" | tee -a out.env', ['5 high regular']],
  ['echo "N=$CI_COMMIT_TITLE" >> out.env', ['5 low pedantic']],
  ['echo "N=$CI_COMMIT_MESSAGE" >> other.txt', []],
  ['echo "N=$CI_COMMIT_SHA" >> out.env', []],
  ['cat out.env && echo "$CI_COMMIT_MESSAGE"', []],
])('judges %s', (line, expected) => {
  expect(briefly(check(line))).toEqual(expected);
});

it.each([
  ['needs: [a]', 'medium', '"b"'],
  ['needs: [{ job: a, artifacts: false }]', 'medium', 'later jobs'],
  ['dependencies: []', 'medium', 'later jobs'],
  ['id_tokens: { T: { aud: x } }', 'high', '"b"'],
])('knows who gets the variables with %s', (later, severity, name) => {
  const [finding] = check('echo "N=$CI_COMMIT_MESSAGE" >> out.env', later);
  expect([finding?.severity, finding?.message.includes(name)]).toEqual([severity, true]);
});
