import { expect, it } from 'vitest';
import { findingsOf } from '../../testing/scan-text.ts';

const check = (variable: string) =>
  findingsOf('gitlab-hardcoded-credential', `# --- .gitlab-ci.yml\nvariables:\n  ${variable}\n`);

it('finds a value, and never shows it', () => {
  for (const quote of ['', '"', "'"]) {
    const value = 'q7Wn2Lr9Zt4Bv6Xc1Mk8';
    const found = check(`UPLOAD_TOKEN: ${quote}${value}${quote}`);
    expect(found).toHaveLength(1);
    expect(JSON.stringify(found)).not.toContain(value.slice(2));
  }
});

it.each([
  ['UPLOAD_TOKEN: $STORED_TOKEN'],
  ['POSTGRES_PASSWORD: q7Wn2Lr9Zt4Bv6Xc1Mk8'],
  ['UPLOAD_TOKEN: test-q7Wn2Lr9Zt4Bv6Xc1Mk8'],
  ['TOKEN_URL: q7Wn2Lr9Zt4Bv6Xc1Mk8'],
  ['UPLOAD_TOKEN: a/path/of/q7Wn2Lr9Zt4B'],
  ['UPLOAD_TOKEN: short1'],
  [['UPLOAD_TOKEN: glpat', 'Zt4Bv6Xc1Mk8q7Wn2Lr9'].join('-')],
  ['SECRET_KEY: aaaaaaaaaaaaaaaaaaa1'],
])('says nothing of %s', (variable) => {
  expect(check(variable)).toEqual([]);
});
