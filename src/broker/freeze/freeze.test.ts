import { describe, expect, it } from 'vitest';
import { type FreezeTarget, isUnderFreeze } from './freeze.ts';

const subject = {
  identity: { provider: 'github', project: { id: '456', path: 'Acme/Shop' } },
  resource: 'shop-db',
};

describe('a freeze', () => {
  it.each<[FreezeTarget, boolean]>([
    [{ kind: 'everything' }, true],
    [{ kind: 'identityProvider', name: 'github' }, true],
    [{ kind: 'identityProvider', name: 'gitlab' }, false],
    [{ kind: 'resource', name: 'shop-db' }, true],
    [{ kind: 'resource', name: 'shop' }, false],
    [{ kind: 'repository', name: 'acme/shop' }, true],
    [{ kind: 'repository', name: 'acme/shop2' }, false],
    [{ kind: 'repository', name: 'acme/*' }, true],
    [{ kind: 'repository', name: 'acm/*' }, false],
    [{ kind: 'repository', name: 'github/456' }, true],
    [{ kind: 'repository', name: 'gitlab/456' }, false],
  ])('of %o covers acme/shop of github asking for shop-db: %s', (target, expected) => {
    expect(isUnderFreeze(target, subject)).toBe(expected);
  });

  it('of a repository does not cover a workload of which no repository is known', () => {
    const stranger = { identity: { provider: 'github' }, resource: 'shop-db' };
    expect(isUnderFreeze({ kind: 'repository', name: '*' }, stranger)).toBe(false);
    expect(isUnderFreeze({ kind: 'repository', name: 'undefined' }, stranger)).toBe(false);
  });
});
