import { BODY_PROBLEMS, QUERY_PROBLEMS } from './common-problems.ts';
import { Lease, LeasePage, LeaseQuery, LeaseRevocation, LeaseRevocationResult } from './lease.ts';
import type { Route } from './route.ts';

const LEASE_PROBLEMS = [
  'lease_token_invalid',
  'lease_unknown',
  'access_denied',
  'backend_unavailable',
  'store_unavailable',
] as const;

/** The lives of credentials. */
export const leaseRoutes = {
  listLeases: {
    method: 'GET',
    path: '/v1/leases',
    summary: 'Leases, newest first',
    auth: 'session',
    action: 'view',
    query: LeaseQuery,
    answer: { status: 200, schema: LeasePage },
    problems: QUERY_PROBLEMS,
  },
  getLease: {
    method: 'GET',
    path: '/v1/leases/{id}',
    summary: 'One lease',
    auth: 'session',
    action: 'view',
    answer: { status: 200, schema: Lease },
    problems: ['lease_unknown', 'store_unavailable'],
  },
  renewLease: {
    method: 'POST',
    path: '/v1/leases/{id}/renew',
    summary: 'Let the same credential live longer',
    auth: 'lease-or-session',
    action: 'manageLeases',
    answer: { status: 200, schema: Lease },
    problems: [...LEASE_PROBLEMS, 'lease_not_renewable', 'lease_ended', 'lease_expired_maximum'],
  },
  revokeLease: {
    method: 'POST',
    path: '/v1/leases/{id}/revoke',
    summary: 'End a lease now; one that has ended already is a success',
    auth: 'lease-or-session',
    action: 'manageLeases',
    answer: { status: 200, schema: Lease },
    problems: LEASE_PROBLEMS,
  },
  revokeLeases: {
    method: 'POST',
    path: '/v1/leases/revoke',
    summary: 'End all leases that match',
    auth: 'session',
    action: 'manageLeases',
    body: LeaseRevocation,
    answer: { status: 200, schema: LeaseRevocationResult },
    problems: [...BODY_PROBLEMS, 'access_denied', 'store_unavailable'],
  },
} as const satisfies Record<string, Route>;
