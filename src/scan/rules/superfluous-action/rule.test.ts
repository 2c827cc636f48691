import { expect, it } from 'vitest';
import { briefly, findingsOf } from '../../testing/scan-text.ts';

const check = (uses: string, on = 'ubuntu-latest') =>
  findingsOf(
    'superfluous-action',
    `on: push\njobs:\n  a:\n    runs-on: ${on}\n    steps: [{ uses: "${uses}" }]\n`,
  );

it('names the command that does the same', () => {
  const findings = check('softprops/action-gh-release@v2');
  expect(briefly(findings)).toEqual(['5 info pedantic']);
  expect(findings[0]?.remedy).toContain('gh release create');
});

it('leaves runners alone that may not have the command', () => {
  expect(check('softprops/action-gh-release@v2', 'self-hosted')).toEqual([]);
});

it.each(['actions/checkout@v6', './softprops/action-gh-release', 'toString/valueOf@v1'])(
  'says nothing about %s',
  (uses) => {
    expect(check(uses)).toEqual([]);
  },
);
