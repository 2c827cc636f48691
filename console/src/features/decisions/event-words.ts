import type { Event } from '#api/event.ts';
import { textAt } from './read-body.ts';

const WORDS: Readonly<Record<string, string>> = {
  'decision.issued': 'Decided, and the credential issued',
  'decision.allowed': 'Decided: allowed',
  'decision.denied': 'Decided: denied',
  'credential.issued': 'Credential issued',
  'credential.reissued': 'Credential given again to the same holder',
  'credential.failed': 'The back-end made no credential',
  'lease.renewed': 'Lease renewed',
  'lease.renewal_failed': 'Renewal failed',
  'lease.revoked': 'Access revoked',
  'lease.expired': 'Access expired',
  'lease.revocation_failed': 'Revocation failed, and is tried again',
  'lease.irrevocable': 'Access could not be revoked: a person must',
};

export function wordsFor({ type }: Event): string {
  return WORDS[type] ?? type;
}

/** Who did it, and what the event adds. */
export function detailOf({ actor, body }: Event): string {
  const who = { workload: 'the job', person: actor.id, server: 'this server' }[actor.kind];
  const why = textAt(body, 'reason') ?? textAt(body, 'error') ?? textAt(body, 'message');
  return why === undefined ? `By ${who}.` : `By ${who}: ${why}`;
}
