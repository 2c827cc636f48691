import { expect, it } from 'vitest';
import { briefly, findingsOf } from '../../testing/scan-text.ts';

const check = (image: string, more = 'stage: test') =>
  briefly(
    findingsOf(
      'gitlab-unpinned-image',
      `# --- .gitlab-ci.yml\nimage: ${image}\na:\n  script: [x]\nb:\n  script: [x]\n  ${more}\n`,
    ),
  );

it.each([
  ['alpine', 'stage: test', ['1 low pedantic']],
  ['{ name: "alpine:latest" }', 'environment: production', ['1 medium regular']],
  ['alpine:3.22', 'environment: production', ['1 low auditor']],
  ['$IMAGE', 'environment: production', []],
])('judges %s with %s, once for all jobs', (image, more, expected) => {
  expect(check(image, more)).toEqual(expected);
});
