import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { integerParameter, limitParameter, listParameter, nameParameter } from './parameters.ts';
import { LeaseState } from './lease.ts';

describe('integerParameter', () => {
  const parameter = integerParameter(0, 1_000);

  it('takes decimal digits', () => {
    expect(parameter.parse('0')).toBe(0);
    expect(parameter.parse('1000')).toBe(1_000);
  });

  it.each(['', ' 5', '+5', '-1', '1e2', '0x10', '1.0', '1001', 'NaN', '٣', '9'.repeat(40)])(
    'refuses %j',
    (text) => {
      expect(parameter.safeParse(text).success).toBe(false);
    },
  );

  it('takes nothing but what Number writes back in the same digits', () => {
    fc.assert(
      fc.property(fc.string(), (text) => {
        const parsed = parameter.safeParse(text);
        if (parsed.success) expect(String(parsed.data)).toBe(text.replace(/^0+(?=\d)/, ''));
      }),
    );
  });
});

describe('listParameter', () => {
  it('splits at commas and checks every word', () => {
    expect(listParameter(LeaseState).parse('active,pending')).toEqual(['active', 'pending']);
    expect(listParameter(LeaseState).safeParse('active,').success).toBe(false);
    expect(listParameter(LeaseState).safeParse('').success).toBe(false);
  });
});

describe('nameParameter', () => {
  it.each(['', 'a\u0000b', 'a\nb', '\u009b', '\ud800', 'x'.repeat(601)])('refuses %j', (text) => {
    expect(nameParameter.safeParse(text).success).toBe(false);
  });

  it('takes what platforms put into names', () => {
    expect(nameParameter.parse('github/repo:acme/shop:ref:refs/heads/é main')).toContain('é');
  });
});

describe('limitParameter', () => {
  it('is a hundred unless told, and never over a thousand', () => {
    expect(limitParameter.parse(undefined)).toBe(100);
    expect(limitParameter.safeParse('1001').success).toBe(false);
    expect(limitParameter.safeParse('0').success).toBe(false);
  });
});
