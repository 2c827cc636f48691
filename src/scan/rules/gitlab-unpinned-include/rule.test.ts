import { expect, it } from 'vitest';
import { briefly, findingsOf } from '../../testing/scan-text.ts';

const check = (include: string) =>
  briefly(findingsOf('gitlab-unpinned-include', `# --- .gitlab-ci.yml\ninclude:\n${include}`));

it.each([
  ['  remote: http://a.example/b.yml', ['2 high regular']],
  ['  - https://a.example/b.yml', ['2 high regular']],
  ['  - project: a/b\n    file: c.yml', ['2 medium regular']],
  ['  - project: a/b\n    ref: main\n    file: c.yml', ['3 medium regular']],
  ['  - project: a/b\n    ref: v1.2.3\n    file: c.yml', ['3 low pedantic']],
  ['  - component: gitlab.example/a/b@~latest', ['2 medium regular']],
  ['  - component: gitlab.example/a/b@main', ['2 medium regular']],
  ['  - component: gitlab.example/a/b@1', ['2 low pedantic']],
])('judges %s', (include, expected) => {
  expect(check(include)).toEqual(expected);
});

it.each([
  ['  - project: a/b\n    ref: $REF\n    file: c.yml'],
  ['  - local: a.yml'],
  ['  - a.yml'],
  ['  - remote: $WHERE'],
  ['  - https://a.example/raw/de0fac2e4500dabe0009e67214ff5f5447ce83dd/b.yml'],
])('says nothing of %s', (include) => {
  expect(check(include)).toEqual([]);
});

it('looks into the child pipelines that jobs start, and at branches that others name', () => {
  const child =
    '# --- .gitlab-ci.yml\na:\n  trigger:\n    include:\n      - remote: https://a.example/b.yml\n';
  expect(briefly(findingsOf('gitlab-unpinned-include', child))).toEqual(['4 high regular']);
  expect(check('  - project: a/b\n    ref: $CI_COMMIT_REF_NAME\n    file: c.yml')).toEqual([
    '3 low pedantic',
  ]);
});
