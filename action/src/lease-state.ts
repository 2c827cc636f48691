import { Secret } from '#core/secret.ts';
import type { LeaseGrant } from '#cli/client/exchange-answer.ts';
import { optionalText, parseRecord, requiredText } from '#cli/client/json-fields.ts';
import type { Runner } from './runner.ts';

export interface SavedLease {
  server: string;
  caFile: string | undefined;
  resource: string;
  lease: Pick<LeaseGrant, 'id' | 'token' | 'revocable'>;
}

const LEASES_MAX = 20;

/** One state a lease: the post step must know of the first even when the second was refused. */
export function saveLease(
  runner: Runner,
  index: number,
  { server, caFile, resource, lease }: SavedLease,
): void {
  if (!lease.revocable) return;
  const { id, token } = lease;
  runner.saveState(`lease_${index}`, JSON.stringify({ server, caFile, resource, id, token: token.reveal() }));
}

export function readLeases(runner: Runner): SavedLease[] {
  const leases: SavedLease[] = [];
  for (let index = 0; index < LEASES_MAX; index += 1) {
    const text = runner.state(`lease_${index}`);
    if (text === undefined || text === '') continue;
    const record = parseRecord(text);
    leases.push({
      server: requiredText(record, 'server'),
      caFile: optionalText(record, 'caFile'),
      resource: requiredText(record, 'resource'),
      lease: {
        id: requiredText(record, 'id'),
        token: new Secret(requiredText(record, 'token')),
        revocable: true,
      },
    });
  }
  return leases;
}
