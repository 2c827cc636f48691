import { expect, it } from 'vitest';
import { briefly, findingsOf } from '../../testing/scan-text.ts';

const withValue = (value: string) =>
  `on: push\njobs:\n  a:\n    runs-on: ubuntu-latest\n    steps:\n      - uses: some/action@v1\n        with:\n          x: ${value}\n`;
const check = (value: string) => briefly(findingsOf('overprovisioned-secrets', withValue(value)));

it.each(['${{ toJSON(secrets) }}', '${{ ToJson( Secrets ) }}', "${{ join(secrets.*, ',') }}"])(
  'sees all of them in %s',
  (value) => {
    expect(check(value)).toEqual(['8 high regular']);
  },
);

it.each(["${{ secrets[format('{0}_KEY', matrix.target)] }}", '${{ secrets[inputs.name] || 1 }}'])(
  'sees a computed name in %s',
  (value) => {
    expect(check(value)).toEqual(['8 medium regular']);
  },
);

it.each(["${{ secrets['A'] }}", '${{ toJSON(secrets.A) }}', '${{ toJSON(github) }}', 'toJSON(secrets)'])(
  'is content with %s',
  (value) => {
    expect(check(value)).toEqual([]);
  },
);

it('looks at the variables of the workflow, too', () => {
  const text = 'on: push\nenv:\n  ALL: ${{ toJSON(secrets) }}\njobs: {}\n';
  expect(findingsOf('overprovisioned-secrets', text)[0]?.message).toContain('every job');
});
