import { createHash } from 'node:crypto';
import { z } from 'zod';
import { isId } from '#core/ids.ts';
import { CredentialError } from '../../credential-error.ts';
import type { CredentialRequest, Handle } from '../../provider.ts';
import type { PostgresParameters } from './settings.ts';

/** The name begins with this: what the sweeper looks for, and what a person sees in `\du`. */
export const ROLE_PREFIX = 'vg_';
const RESOURCE_CHARS_MAX = 24;
const LEASE_CHARS = 26;
const ROLE_PATTERN = /^vg_[a-z0-9_]{1,60}$/;
const MARK_PATTERN = /^vouchgate \S+ (\{.*\})$/s;

/** A role that we made, as a lease's handle. `lease` makes it findable from the database's side. */
export const DynamicRole = z.strictObject({
  lease: z.string().regex(/^\S{1,200}$/),
  role: z.string().regex(ROLE_PATTERN),
  reassignOwnedTo: z.string().min(1).max(63).optional(),
});
export type DynamicRole = z.infer<typeof DynamicRole>;

/** What the comment on a role says: enough to take it back, and to find its decision in the record. */
const RoleMark = z.object({
  issuer: z.string(),
  decision: z.string(),
  resource: z.string(),
  handle: DynamicRole,
});
export type RoleMark = z.infer<typeof RoleMark>;

function leaseBit(leaseId: string): string {
  if (isId('lse', leaseId)) return leaseId.slice('lse_'.length).toLowerCase();
  return createHash('sha256').update(leaseId).digest('hex').slice(0, LEASE_CHARS);
}

/** `vg_<resource>_<lease>`: at most 54 of the 63 bytes, and only characters that nothing has to quote. */
export function planDynamicRole(
  request: CredentialRequest<PostgresParameters>,
  ownerRole: string | undefined,
): DynamicRole {
  const resourceBit = request.resource
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '_')
    .slice(0, RESOURCE_CHARS_MAX);
  const reassignOwnedTo = request.parameters.reassignOwnedTo ?? ownerRole;
  return {
    lease: request.leaseId,
    role: `${ROLE_PREFIX}${resourceBit}_${leaseBit(request.leaseId)}`,
    ...(reassignOwnedTo !== undefined && { reassignOwnedTo }),
  };
}

/** @throws CredentialError `credential_handle_invalid`: a handle that is not ours must never name a role to drop */
export function parseHandle(handle: Handle): DynamicRole {
  const parsed = DynamicRole.safeParse(handle);
  if (parsed.success) return parsed.data;
  throw new CredentialError('credential_handle_invalid', 'The lease does not name a role of ours.', {
    cause: parsed.error,
  });
}

/** How the comment of this lease's role begins; nobody but a CREATEROLE role can write or change it. */
export function markPrefix(leaseId: string): string {
  return `vouchgate ${leaseId} `;
}

export function formatMark(mark: RoleMark): string {
  return markPrefix(mark.handle.lease) + JSON.stringify(mark);
}

/** Undefined for a comment that somebody else wrote. */
export function parseMark(comment: string | null): RoleMark | undefined {
  const json = MARK_PATTERN.exec(comment ?? '')?.[1];
  if (json === undefined) return undefined;
  try {
    const mark = RoleMark.parse(JSON.parse(json));
    return comment?.startsWith(markPrefix(mark.handle.lease)) ? mark : undefined;
  } catch {
    return undefined;
  }
}
