import { beforeAll, describe, expect, it } from 'vitest';
import fc from 'fast-check';
import { isInScope, type RepositoryScope } from '#core/repository-scope.ts';
import { compilePeoplePolicies } from '#policy/people/compile-people-policies.ts';
import type { PeoplePolicy } from '#policy/people/people-policy.ts';
import { judgeAuthority, needsOf } from './authority.ts';
import type { SignedIn } from './ports.ts';
import { narrowScope, uniteScopes } from './scopes.ts';
import type { PeopleSettings } from './settings.ts';

const ISSUER = 'https://login.acme.example';

const settings: PeopleSettings = {
  signIn: { name: 'Acme', issuer: ISSUER, clientId: 'v', scopes: ['openid'], groupsClaim: 'groups' },
  sessions: { lifetime: 43_200, idle: 3_600 },
  roles: [
    { role: 'owner', groups: ['platform'], subjects: [] },
    { role: 'security', groups: [], subjects: ['sam'] },
    { role: 'developer', groups: ['shop-devs'], subjects: [], team: 'shop' },
    { role: 'developer', groups: ['mobile-devs'], subjects: [], team: 'mobile' },
    { role: 'auditor', groups: ['audit'], subjects: [] },
  ],
  teams: {
    shop: { repositories: ['acme/shop', 'acme/shop-deploy'] },
    mobile: { repositories: ['acme-mobile/*'] },
  },
};

function person(groups: readonly string[], change: Partial<SignedIn> = {}): SignedIn {
  return { subject: 'alice', name: 'Alice', signedInBy: 'oidc', issuer: ISSUER, groups, ...change };
}

describe('authority', () => {
  let policy: PeoplePolicy;
  beforeAll(async () => {
    const compilation = await compilePeoplePolicies([], new Set(['shop', 'mobile']));
    if (!compilation.ok) throw new Error('built-in policies');
    ({ policy } = compilation);
  });
  const scopeOf = (
    who: SignedIn,
    action: Parameters<typeof judgeAuthority>[2],
    bounds?: Parameters<typeof judgeAuthority>[3],
  ) => judgeAuthority({ settings, policy }, who, action, bounds).scope;

  it('of a developer ends at the repositories of their teams', () => {
    const both = person(['shop-devs', 'mobile-devs']);
    expect(scopeOf(both, 'view')).toEqual({
      kind: 'some',
      patterns: ['acme/shop', 'acme/shop-deploy', 'acme-mobile/*'],
    });
    expect(scopeOf(both, 'viewRecord')).toBeUndefined();
    expect(scopeOf(both, 'approve')).toBeUndefined();
  });

  it('differs by action where somebody has two roles', () => {
    const who = person(['shop-devs', 'audit']);
    expect(scopeOf(who, 'view')).toEqual({ kind: 'all' });
    expect(scopeOf(who, 'triage')).toEqual({ kind: 'some', patterns: ['acme/shop', 'acme/shop-deploy'] });
  });

  it('is none without a role, with another issuer, and with a group of only the same beginning', () => {
    expect(scopeOf(person([]), 'own')).toBeUndefined();
    expect(scopeOf(person(['platform2', 'plat', '__proto__']), 'own')).toBeUndefined();
    expect(scopeOf(person(['platform'], { issuer: 'https://evil.example' }), 'own')).toBeUndefined();
    expect(scopeOf(person(['platform'], { issuer: undefined }), 'own')).toBeUndefined();
  });

  it('of the admin link does not depend on the configuration', () => {
    const admin = person([], { subject: 'admin', signedInBy: 'link', issuer: undefined });
    expect(scopeOf(admin, 'administer')).toEqual({ kind: 'all' });
  });

  it('of a token is no more than it was made for, and no more than its maker has now', () => {
    const owner = person(['platform']);
    const bounds = { actions: ['view', 'viewRecord', 'upload'] as const, repositories: undefined };
    expect(scopeOf(owner, 'viewRecord', bounds)).toEqual({ kind: 'all' });
    expect(scopeOf(owner, 'triage', bounds)).toBeUndefined();
    // Its maker left the group.
    expect(scopeOf(person([]), 'view', bounds)).toBeUndefined();
  });

  it('of a token for some repositories does not reach what belongs to none', () => {
    const owner = person(['platform']);
    const bounds = { actions: ['view', 'viewRecord', 'configure'] as const, repositories: ['acme/shop'] };
    expect(scopeOf(owner, 'view', bounds)).toEqual({ kind: 'some', patterns: ['acme/shop'] });
    expect(scopeOf(owner, 'viewRecord', bounds)).toBeUndefined();
    expect(scopeOf(owner, 'configure', bounds)).toBeUndefined();
    const developer = person(['mobile-devs']);
    expect(
      scopeOf(developer, 'view', { actions: ['view'], repositories: ['acme/shop', 'acme-mobile/app'] }),
    ).toEqual({
      kind: 'some',
      patterns: ['acme-mobile/app'],
    });
  });

  it('tells whoever is refused what was needed and who has it', () => {
    expect(needsOf({ settings, policy }, 'approve')).toEqual({
      action: 'approve',
      roles: ['owner', 'security', 'approver'],
      ask: ['group platform (owner)', 'sam (security)'],
    });
    const nobody = { ...settings, roles: [] };
    expect(needsOf({ settings: nobody, policy }, 'configure').ask).toEqual([
      'whoever runs the server (vouchgate up --admin-link)',
    ]);
  });
});

describe('scopes', () => {
  const name = fc.constantFrom('acme/shop', 'acme/web', 'acme-mobile/app', 'acme/group/deep', 'other/x');
  const pattern = fc.constantFrom(
    'acme/shop',
    'acme/*',
    'acme/group/*',
    'acme-mobile/*',
    'other/x',
    'acme/web',
  );
  const scope: fc.Arbitrary<RepositoryScope> = fc.oneof(
    fc.constant({ kind: 'all' } as const),
    fc.array(pattern, { maxLength: 4 }).map((patterns) => ({ kind: 'some', patterns }) as const),
  );

  it('are united to what either sees', () => {
    fc.assert(
      fc.property(fc.array(scope, { maxLength: 4 }), name, (scopes, repository) => {
        expect(isInScope(uniteScopes(scopes), repository)).toBe(
          scopes.some((one) => isInScope(one, repository)),
        );
      }),
    );
  });

  it('are narrowed to what both see', () => {
    fc.assert(
      fc.property(scope, fc.array(pattern, { maxLength: 4 }), name, (wide, patterns, repository) => {
        expect(isInScope(narrowScope(wide, patterns), repository)).toBe(
          isInScope(wide, repository) && isInScope({ kind: 'some', patterns }, repository),
        );
      }),
    );
  });
});
