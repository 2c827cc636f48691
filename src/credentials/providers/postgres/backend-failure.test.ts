import { DatabaseError } from 'pg';
import { describe, expect, it } from 'vitest';
import { AppError } from '#core/errors.ts';
import { CredentialError } from '../../credential-error.ts';
import { toCredentialError } from './backend-failure.ts';

const at = { server: 'db:5432/shop', doing: 'Making role vg_1', remedyWhenDenied: 'GRANT it.' };

function serverError(code: string): DatabaseError {
  return Object.assign(new DatabaseError('said the server', 1, 'error'), { code, severity: 'ERROR' });
}

describe('a failure at the server', () => {
  it.each([
    ['42501', 'backend_refused'],
    ['2BP01', 'backend_refused'],
    ['VG003', 'backend_refused'],
    ['99999', 'backend_refused'],
    ['VG001', 'backend_misconfigured'],
    ['28P01', 'backend_misconfigured'],
    ['3D000', 'backend_misconfigured'],
    ['25006', 'backend_unavailable'],
    ['53300', 'backend_unavailable'],
    ['57P01', 'backend_unavailable'],
    ['57P03', 'backend_unavailable'],
    ['57014', 'backend_unavailable'],
    ['40001', 'backend_unavailable'],
    ['08006', 'backend_unavailable'],
  ])('with SQLSTATE %s is %s', (state, code) => {
    const cause = serverError(state);
    const error = toCredentialError(cause, at);
    expect(error).toMatchObject({ code, cause, location: at.server });
    expect(error.message).toBe('Making role vg_1 failed: said the server');
  });

  it('says what to grant when something was denied, and only then', () => {
    expect(toCredentialError(serverError('42501'), at).remedy).toBe('GRANT it.');
    expect(toCredentialError(serverError('57P01'), at).remedy).not.toContain('GRANT');
  });

  it.each([
    [{ code: 'ECONNREFUSED' }, 'backend_unavailable'],
    [{ code: 'ENOTFOUND' }, 'backend_unavailable'],
    [{}, 'backend_unavailable'],
    [{ code: 'SELF_SIGNED_CERT_IN_CHAIN' }, 'backend_misconfigured'],
    [{ code: 'ERR_TLS_CERT_ALTNAME_INVALID' }, 'backend_misconfigured'],
  ])('of the connection, %j, is %s', (members, code) => {
    expect(toCredentialError(Object.assign(new Error('connection'), members), at).code).toBe(code);
  });

  it('of the configuration is said as such, and one of ours stays as it is', () => {
    const unreadable = new AppError('secret_reference_unreadable', 'The secret file cannot be read.');
    expect(toCredentialError(unreadable, at).code).toBe('backend_misconfigured');
    const own = new CredentialError('credential_handle_invalid', 'Not ours.');
    expect(toCredentialError(own, at)).toBe(own);
  });

  it('is cut where the server talks on and on', () => {
    const error = toCredentialError(new Error('x'.repeat(100_000)), at);
    expect(error.message.length).toBeLessThan(1_000);
  });
});
