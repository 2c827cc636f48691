import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { CredentialRequest } from '../../provider.ts';
import { formatMark, parseHandle, parseMark, planDynamicRole } from './dynamic-role.ts';
import type { PostgresParameters } from './settings.ts';

const LEASE = 'lse_01JD3M9X7Q4R5S6T7V8W9XYZAB';

function request(resource: string, leaseId = LEASE): CredentialRequest<PostgresParameters> {
  return {
    leaseId,
    decisionId: 'dec_01JD3M9X7Q4R5S6T7V8W9XYZAB',
    identity: {
      provider: 'github',
      platform: 'github-actions',
      issuer: 'https://issuer.example',
      subject: 'x',
      claims: {},
    },
    principalId: 'github/1',
    resource,
    parameters: { memberOf: ['ci'], connectionLimit: 4, databaseUrl: false },
    ttlSeconds: 900,
    issuedAtMs: 1_700_000_000_000,
  };
}

describe('the name of a role', () => {
  it('tells the resource and the lease', () => {
    expect(planDynamicRole(request('shop-db'), undefined)).toEqual({
      lease: LEASE,
      role: 'vg_shop_db_01jd3m9x7q4r5s6t7v8w9xyzab',
    });
  });

  it('fits PostgreSQL and needs no quoting, whatever the resource is called', () => {
    fc.assert(
      fc.property(
        fc.string({ unit: 'binary', maxLength: 200 }),
        fc.stringMatching(/^\S{1,60}$/),
        (resource, lease) => {
          const { role } = planDynamicRole(request(resource, lease), undefined);
          expect(role).toMatch(/^vg_[a-z0-9_]*$/);
          expect(Buffer.byteLength(role)).toBeLessThanOrEqual(63);
        },
      ),
    );
  });

  it('is another for every lease, also when the id is not one of ours', () => {
    const names = [LEASE, `${LEASE.slice(0, -1)}C`, 'lease-1', 'lease-2'].map(
      (lease) => planDynamicRole(request('db', lease), undefined).role,
    );
    expect(new Set(names).size).toBe(names.length);
  });

  it('comes with the role that inherits: the resource before the provider', () => {
    const own = request('db');
    own.parameters.reassignOwnedTo = 'app_owner';
    expect(planDynamicRole(own, 'everything_owner').reassignOwnedTo).toBe('app_owner');
    expect(planDynamicRole(request('db'), 'everything_owner').reassignOwnedTo).toBe('everything_owner');
  });
});

describe('a handle', () => {
  it.each([
    ['another role', { lease: LEASE, role: 'postgres' }],
    ['SQL', { lease: LEASE, role: 'vg_a"; DROP ROLE b; --' }],
    ['no lease', { role: 'vg_db_1' }],
    ['a lease that would match every comment', { lease: '', role: 'vg_db_1' }],
    ['an unknown member', { lease: LEASE, role: 'vg_db_1', force: true }],
  ])('that names %s is refused', (_, handle) => {
    expect(() => parseHandle({ ...handle })).toThrowError(
      expect.objectContaining({ code: 'credential_handle_invalid' }),
    );
  });
});

describe('the mark on a role', () => {
  const handle = planDynamicRole(request('db'), 'owner "x"');

  it('comes back from the comment', () => {
    fc.assert(
      fc.property(fc.string(), fc.string({ unit: 'binary' }), (issuer, resource) => {
        const mark = { issuer, decision: 'dec_1', resource, handle };
        expect(parseMark(formatMark(mark))).toEqual(mark);
      }),
    );
  });

  it('is not taken from comments of others', () => {
    const mark = { issuer: 'i', decision: 'd', resource: 'r', handle };
    const other = formatMark({ ...mark, handle: { ...handle, lease: 'lse_other' } });
    const swapped = other.replace('vouchgate lse_other', `vouchgate ${LEASE}`);
    for (const comment of [null, '', 'our role', 'vouchgate x {', 'vouchgate x {}', swapped]) {
      expect(parseMark(comment)).toBeUndefined();
    }
    fc.assert(fc.property(fc.string(), (comment) => parseMark(`vouchgate ${comment}`) === undefined));
  });
});
