import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { describeWorkload, orgEntityId, principalIdOf, projectEntityId } from './principal.ts';

describe('entity ids', () => {
  test('put the provider before what it vouches for', () => {
    expect(principalIdOf({ provider: 'github', subject: 'repo:acme/shop' })).toBe('github/repo:acme/shop');
    expect(projectEntityId({ provider: 'github', project: { id: '7', path: 'acme/shop' } })).toBe('github/7');
    expect(orgEntityId({ provider: 'github', org: { id: '1' } })).toBe('github/1');
  });

  test('do not exist for what has only a name', () => {
    expect(projectEntityId({ provider: 'github', project: { path: 'acme/shop' } })).toBeUndefined();
    expect(orgEntityId({ provider: 'github' })).toBeUndefined();
  });

  test('stay within 512 characters and apart from each other', () => {
    const subjects = fc.tuple(fc.string({ minLength: 505, maxLength: 900 }), fc.string({ minLength: 1 }));
    fc.assert(
      fc.property(subjects, ([subject, more]) => {
        const id = principalIdOf({ provider: 'github', subject });
        const other = principalIdOf({ provider: 'github', subject: subject + more });
        expect(id.length).toBeLessThanOrEqual(512);
        expect(other.length).toBeLessThanOrEqual(512);
        expect(other).not.toBe(id);
        expect(id.isWellFormed() || !subject.isWellFormed()).toBe(true);
      }),
    );
  });
});

describe('the description of a workload', () => {
  test.each([
    [
      {
        project: { path: 'acme/shop', id: '7' },
        ref: { full: 'refs/heads/main' },
        environment: { name: 'production' },
      },
      'acme/shop@refs/heads/main (production)',
    ],
    [{ project: { id: '7' } }, '7'],
    [{ project: { path: 'acme/shop' }, environment: { name: 'eu' } }, 'acme/shop (eu)'],
    [{}, 'the subject'],
  ])('of %j is %s', (identity, text) => {
    expect(describeWorkload({ subject: 'the subject', ...identity })).toBe(text);
  });
});
