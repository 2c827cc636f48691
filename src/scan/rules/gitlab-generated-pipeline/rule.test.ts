import { expect, it } from 'vitest';
import { briefly, findingsOf } from '../../testing/scan-text.ts';

const check = (line: string, job = 'make') =>
  briefly(
    findingsOf(
      'gitlab-generated-pipeline',
      `# --- .gitlab-ci.yml
make:
  script:
    - ${line}
  artifacts: { paths: [out/child.yml] }
run:
  trigger: { include: [{ artifact: out/child.yml, job: ${job} }] }
`,
    ),
  );

it.each([
  ['./make.sh "$CI_COMMIT_MESSAGE" > out/child.yml', ['3 high regular']],
  ['sed "s/x/$CI_COMMIT_BRANCH/" a > out/child.yml', ['3 medium regular']],
  ['./make.sh "$CI_COMMIT_SHA" > out/child.yml', []],
  ['echo "$CI_COMMIT_MESSAGE" > log.txt', []],
  ['./make.sh > out/child.yml', []],
])('judges %s', (line, expected) => {
  expect(check(line)).toEqual(expected);
});

it('says nothing of a file whose job is not known', () => {
  expect(check('./make.sh "$CI_COMMIT_MESSAGE" > out/child.yml', 'other')).toEqual([]);
});
