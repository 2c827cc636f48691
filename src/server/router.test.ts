import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Route } from '#api/route.ts';
import { routes } from '#api/routes.ts';
import { parseRequestTarget } from './request-target.ts';
import { createRouter } from './router.ts';

const router = createRouter();

describe('createRouter', () => {
  it('finds every route of the table', () => {
    for (const [id, { method, path }] of Object.entries<Route>(routes)) {
      expect(router(method, path.replaceAll(/\{\w+\}/g, 'x'))).toMatchObject({ found: true, id });
    }
  });

  it('takes a literal segment before a variable one', () => {
    expect(router('POST', '/v1/leases/revoke')).toMatchObject({ id: 'revokeLeases' });
    expect(router('POST', '/v1/leases/lse_1/revoke')).toMatchObject({
      id: 'revokeLease',
      params: { id: 'lse_1' },
    });
  });

  it('answers HEAD where there is GET', () => {
    expect(router('HEAD', '/healthz')).toMatchObject({ found: true, id: 'getLiveness' });
    expect(router('HEAD', '/oauth2/token')).toEqual({ found: false, allowed: ['POST'] });
  });

  it('says which methods a path has', () => {
    expect(router('PUT', '/v1/leases')).toEqual({ found: false, allowed: ['GET', 'HEAD'] });
    expect(router('OPTIONS', '/oauth2/token')).toEqual({ found: false, allowed: ['POST'] });
  });

  it.each([
    '/V1/leases',
    '/v1//leases',
    '/v1/leases/',
    '/v1/./leases',
    '/v1/%6ceases',
    '/v1/leases/%',
    '/v1/leases//renew',
    '//healthz',
    '/__proto__',
  ])('finds nothing at %s', (path) => {
    expect(router('GET', path)).toEqual({ found: false, allowed: [] });
  });

  it('answers any path', () => {
    fc.assert(fc.property(fc.string(), fc.string(), (method, path) => void router(method, `/${path}`)));
  });
});

describe('parseRequestTarget', () => {
  it.each([
    ['/a?b=c?d', { path: '/a', query: 'b=c?d' }],
    ['/a', { path: '/a', query: '' }],
    ['http://any.example/a?b', { path: '/a', query: 'b' }],
    ['https://any.example', { path: '/', query: '' }],
    ['*', undefined],
    ['any.example:443', undefined],
    ['/a#b', undefined],
    ['', undefined],
  ])('reads %j', (target, expected) => {
    expect(parseRequestTarget(target)).toEqual(expected);
  });
});
