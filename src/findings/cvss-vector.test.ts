import { describe, expect, test } from 'vitest';
import { baseScoreOfVector, cvssOfVector } from './cvss-vector.ts';

describe('the base score of a CVSS vector', () => {
  // Examples of FIRST's user guide and of the National Vulnerability Database.
  test.each([
    ['CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:C/C:H/I:H/A:H', 10],
    ['CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H', 9.8],
    ['CVSS:3.0/AV:N/AC:L/PR:N/UI:R/S:C/C:L/I:L/A:N', 6.1],
    ['CVSS:3.1/AV:N/AC:H/PR:N/UI:N/S:U/C:L/I:N/A:N', 3.7],
    ['CVSS:3.1/AV:L/AC:L/PR:L/UI:N/S:U/C:N/I:N/A:H', 5.5],
    ['CVSS:3.1/AV:N/AC:L/PR:H/UI:N/S:C/C:H/I:H/A:H', 9.1],
    ['CVSS:3.1/AV:P/AC:H/PR:H/UI:R/S:U/C:N/I:N/A:N', 0],
    ['CVSS:3.1/AV:N/AC:L/PR:N/UI:R/S:C/C:H/I:H/A:H/E:H', 9.6],
  ])('%s is %d', (vector, score) => {
    expect(baseScoreOfVector(vector)).toBe(score);
  });

  test.each([
    undefined,
    '',
    'AV:N/AC:L/Au:N/C:P/I:P/A:P',
    'CVSS:4.0/AV:N/AC:L/AT:N/PR:N/UI:N/VC:H/VI:H/VA:H/SC:N/SI:N/SA:N',
    'CVSS:3.1/AV:N',
    'CVSS:3.1/AV:constructor/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H',
    `CVSS:3.1/${'A'.repeat(1_000)}`,
  ])('%s has none', (vector) => {
    expect(baseScoreOfVector(vector)).toBeUndefined();
  });

  test('the score of the tool goes before what is computed', () => {
    const vector = 'CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H';
    expect(cvssOfVector(vector, 5)).toEqual({ score: 5, vector });
    expect(cvssOfVector(vector)).toEqual({ score: 9.8, vector });
    expect(cvssOfVector('nonsense')).toBeUndefined();
  });
});
