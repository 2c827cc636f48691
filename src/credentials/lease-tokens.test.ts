import { randomBytes } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createLeaseTokens } from './lease-tokens.ts';

describe('lease tokens', () => {
  const masterKey = randomBytes(32);
  const tokens = createLeaseTokens(masterKey);

  it('are the same on every server that has the master key', () => {
    const token = tokens.tokenFor('lse_A');
    expect(token).toMatch(/^vgt_[\w-]{43}$/);
    expect(createLeaseTokens(masterKey).tokenFor('lse_A')).toBe(token);
    expect(createLeaseTokens(masterKey).matches('lse_A', token)).toBe(true);
  });

  it('open their own lease only', () => {
    fc.assert(
      fc.property(fc.string(), fc.string(), (mine, other) => {
        expect(tokens.matches(mine, tokens.tokenFor(other))).toBe(mine === other);
      }),
    );
  });

  it('are not guessed by arbitrary text', () => {
    fc.assert(fc.property(fc.string(), (text) => !tokens.matches('lse_A', text)));
    const token = tokens.tokenFor('lse_A');
    expect(tokens.matches('lse_A', `${token}=`)).toBe(false);
    expect(tokens.matches('lse_A', token.slice(4))).toBe(false);
  });

  it('outlive a rotation of the master key for as long as the previous one is given', () => {
    const next = randomBytes(32);
    const token = tokens.tokenFor('lse_A');
    expect(createLeaseTokens({ current: next, previous: [masterKey] }).matches('lse_A', token)).toBe(true);
    expect(createLeaseTokens(next).matches('lse_A', token)).toBe(false);
  });
});
