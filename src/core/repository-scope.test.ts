import { describe, expect, it } from 'vitest';
import { ALL_REPOSITORIES, isInScope, type RepositoryScope } from './repository-scope.ts';

const SHOP: RepositoryScope = { kind: 'some', patterns: ['acme/shop', 'pay/*'] };

describe('a scope of repositories', () => {
  it('has exact names and everything below a folder', () => {
    expect(isInScope(SHOP, 'acme/shop')).toBe(true);
    expect(isInScope(SHOP, 'pay/api')).toBe(true);
    expect(isInScope(SHOP, 'pay/group/api')).toBe(true);
  });

  it('does not take one name for the beginning of another', () => {
    expect(isInScope(SHOP, 'acme/shop-admin')).toBe(false);
    expect(isInScope(SHOP, 'payments/api')).toBe(false);
    expect(isInScope(SHOP, 'pay')).toBe(false);
  });

  it('hides what belongs to no repository from all but those who see everything', () => {
    expect(isInScope(SHOP, undefined)).toBe(false);
    expect(isInScope(ALL_REPOSITORIES, undefined)).toBe(true);
  });
});
