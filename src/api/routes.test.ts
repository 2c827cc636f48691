import { describe, expect, it } from 'vitest';
import { ProblemCode } from './problem.ts';
import { problemCatalogue } from './problem-catalogue.ts';
import type { Route } from './route.ts';
import { isRouteId, routes } from './routes.ts';

const all = Object.entries<Route>(routes);

describe('the route table', () => {
  it('leaves open only what is on this list', () => {
    const open = all.filter(([, { auth }]) => auth === 'none');
    expect(open.map(([, { method, path }]) => `${method} ${path}`).sort()).toEqual([
      'GET /',
      'GET /.well-known/jwks.json',
      'GET /.well-known/oauth-authorization-server',
      'GET /.well-known/openid-configuration',
      'GET /admin',
      'GET /auth/callback',
      'GET /auth/sign-in',
      'GET /console',
      'GET /console/',
      'GET /console/{+path}',
      'GET /healthz',
      'GET /log/checkpoint',
      'GET /log/tile/{+path}',
      'GET /metrics',
      'GET /readyz',
      'GET /services/collector/health',
      'GET /v1/log',
      'GET /v1/openapi.json',
      'GET /v1/sign-in',
      'POST /oauth2/token',
      'POST /services/collector',
      'POST /services/collector/ack',
      'POST /services/collector/event',
      'POST /services/collector/event/1.0',
      'POST /services/collector/raw',
      'POST /v1/decisions/{id}/receipts',
      'POST /v1/inputs/{name}',
      'POST /v1/posture',
      'POST /v1/sessions',
      'POST /v1/whoami',
      'POST /witness/add-checkpoint',
    ]);
  });

  it('lets a lease token in only where the path names the lease', () => {
    const byLease = all.filter(([, { auth }]) => auth === 'lease-or-session');
    expect(byLease.map(([, { method, path }]) => `${method} ${path}`).sort()).toEqual([
      'POST /v1/leases/{id}/renew',
      'POST /v1/leases/{id}/revoke',
    ]);
  });

  it('has each method of a path once', () => {
    const keys = all.map(([, { method, path }]) => `${method} ${path.replaceAll(/\{\w+\}/g, '{}')}`);
    expect(new Set(keys).size).toBe(keys.length);
  });

  it('has no body where the method has none', () => {
    for (const [, { method, body }] of all)
      if (method === 'GET' || method === 'DELETE') expect(body).toBe(undefined);
  });

  it('knows its own ids, and nothing that an object inherits', () => {
    expect(isRouteId('getLease')).toBe(true);
    expect(isRouteId('toString')).toBe(false);
    expect(isRouteId('__proto__')).toBe(false);
  });
});

describe('the problem catalogue', () => {
  it('has a client or server error, a title and a remedy for every code', () => {
    expect(Object.keys(problemCatalogue).sort()).toEqual([...ProblemCode.options].sort());
    for (const { status, title, remedy } of Object.values(problemCatalogue)) {
      expect(status).toBeGreaterThanOrEqual(400);
      expect(title).toMatch(/^[A-Z].*[^.]$/);
      expect(remedy).toMatch(/^[A-Z].*\.$/);
    }
  });
});
