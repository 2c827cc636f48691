import { expect, it } from 'vitest';
import { briefly, findingsOf } from '../../testing/scan-text.ts';

const check = (job: string) => findingsOf('archived-action', `on: push\njobs:\n  a:\n    ${job}\n`);

it('sees archived actions in any spelling, and called workflows of such repositories', () => {
  expect(briefly(check('steps: [{ uses: "Actions/Setup-Ruby@v1" }]'))).toEqual(['4 low regular']);
  expect(briefly(check('uses: actions/setup-ruby/.github/workflows/x.yml@v1'))).toEqual(['4 low regular']);
});

it('says what to use in its place', () => {
  const [finding] = check('steps: [{ uses: "gradle/gradle-build-action@v3" }]');
  expect(finding?.remedy).toContain('gradle/actions/setup-gradle');
});

it.each(['ruby/setup-ruby@v1', './actions/setup-ruby', 'docker://actions/setup-ruby', 'constructor/x@v1'])(
  'says nothing about %s',
  (uses) => {
    expect(check(`steps: [{ uses: "${uses}" }]`)).toEqual([]);
  },
);
