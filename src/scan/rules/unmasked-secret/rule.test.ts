import { expect, it } from 'vitest';
import { findingsOf } from '../../testing/scan-text.ts';

const check = (value: string) =>
  findingsOf(
    'unmasked-secret',
    `on: push\njobs:\n  a:\n    runs-on: ubuntu-latest\n    steps:\n      - uses: some/action@v1\n        with:\n          x: ${value}\n`,
  ).map(({ message }) => message.split('`')[1]);

it('points at the part, once', () => {
  expect(check('${{ fromJSON(secrets.A).b.c }}')).toEqual(['fromJSON(secrets.A).b']);
  expect(check('${{ fromJson(secrets.A)[inputs.b] }}')).toEqual(['fromJson(secrets.A)[inputs.b]']);
});

it('does not mean documents that are no secrets, and secrets as a whole', () => {
  expect(check('${{ fromJSON(vars.A).b }}${{ secrets.A }}')).toEqual([]);
});

it('leaves a document that is read as a whole to pedants', () => {
  expect(check('${{ fromJSON(secrets.A) }}')).toEqual(['fromJSON(secrets.A)']);
  expect(check('${{ toJSON(fromJSON(secrets.A)) }}')).toEqual([]);
});
