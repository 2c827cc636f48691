import { Lease } from '#api/lease.ts';

export interface FakeLease {
  id: string;
  token: string;
  resource: string;
  state: Lease['state'];
  expiresAtMs: number;
  renewals: number;
  revocable: boolean;
}

/** The lease as the API shows it. */
export function showLease(lease: FakeLease): Lease {
  return Lease.parse({
    id: lease.id,
    decision: 'dec_0',
    state: lease.state,
    resource: lease.resource,
    credentialProvider: 'main',
    principal: 'github/456789',
    workload: 'acme/shop@refs/heads/main',
    holder: null,
    handle: { role: 'vg_shop' },
    revocable: lease.revocable,
    createdAt: '2026-01-01T00:00:00.000Z',
    expiresAt: new Date(lease.expiresAtMs).toISOString(),
    expiresAtMax: new Date(lease.expiresAtMs).toISOString(),
    endedAt: null,
    attempts: 0,
    lastError: null,
  });
}
