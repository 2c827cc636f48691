import { describe, expect, it } from 'vitest';
import { fixRepository } from '../../fix/fix-repository.ts';
import { briefly, findingsOf, TEST_DAY_MS } from '../../testing/scan-text.ts';
import { rule } from './rule.ts';

const workflow = (guard: string) =>
  `on: push\npermissions: {}\njobs:\n  a:\n    if: ${guard}\n    runs-on: ubuntu-latest\n    steps:\n      - run: make\n`;
const check = (guard: string) => briefly(findingsOf('condition-always-true', workflow(guard)));

describe('what is always true', () => {
  it.each([
    "${{ github.ref == 'a' }} && ${{ github.actor == 'b' }}",
    '"!${{ github.event.forced }}"',
    "github.ref == 'a' || 'b'",
    "github.ref != 'a' || github.ref != 'b'",
    "github.ref != 'b' || 'a' != github.ref",
  ])('%s', (guard) => {
    expect(check(guard)).toHaveLength(1);
  });
});

describe('what is not, or is meant', () => {
  it.each([
    "${{ github.ref == 'a' }}",
    "github.ref == 'a' && 'b'",
    'always()',
    'success() || failure()',
    "github.ref != 'a' && github.ref != 'b'",
    "github.ref != 'a' || github.actor != 'b'",
    "|\n      github.ref == 'a'",
    "github.ref || ''",
  ])('%s', (guard) => {
    expect(check(guard)).toEqual([]);
  });
});

describe('the fix', () => {
  const fix = (guard: string) => {
    const files = [{ file: '.github/workflows/a.yml', text: workflow(guard) }];
    const options = { rules: [rule], asOfMs: TEST_DAY_MS };
    return fixRepository({ root: '', files }, options, 'unsafe').changed.get('.github/workflows/a.yml');
  };

  it('keeps what belonged together together', () => {
    expect(fix('${{ inputs.a || inputs.b }} && ${{ inputs.c }}')).toBe(
      workflow('${{ (inputs.a || inputs.b) && inputs.c }}'),
    );
    expect(fix('"!${{ inputs.a }}"')).toBe(workflow('"${{ !inputs.a }}"'));
  });

  it('takes only the line break of a block away', () => {
    expect(fix('>+\n      ${{ inputs.a }}\n')).toBe(workflow('>-\n      ${{ inputs.a }}\n'));
  });

  it('leaves alone what would be no expression', () => {
    expect(fix('only if ${{ inputs.a }}')).toBeUndefined();
  });
});

it.each(['"1 == 2"', 'true', '"${{ false }}"', "\"contains('a', 'b')\""])(
  'is pedantic about %s',
  (condition) => {
    const text = `on: push\njobs: { a: { runs-on: x, if: ${condition}, steps: [{ run: a }] } }\n`;
    expect(findingsOf('condition-always-true', text).map(({ persona }) => persona)).toEqual(['pedantic']);
  },
);

it.each(['always()', '"!cancelled()"', "\"hashFiles('a') != ''\""])(
  'knows that %s depends on the run',
  (condition) => {
    const text = `on: push\njobs: { a: { runs-on: x, steps: [{ run: a, if: ${condition} }] } }\n`;
    expect(findingsOf('condition-always-true', text)).toEqual([]);
  },
);
