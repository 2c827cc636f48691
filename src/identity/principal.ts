import { hash } from 'node:crypto';
import type { WorkloadIdentity } from './workload-identity.ts';

const ID_CHARS_MAX = 512;
const DIGEST_CHARS = 43;

/**
 * An entity id that stays within its bound. What is too long keeps its head for the reader and gets a digest
 * of the whole for uniqueness: two long ids never become one.
 */
function bounded(id: string): string {
  if (id.length <= ID_CHARS_MAX) return id;
  const head = id.slice(0, ID_CHARS_MAX - DIGEST_CHARS - 1).toWellFormed();
  return `${head}~${hash('sha256', id, 'base64url')}`;
}

/**
 * Cedar entity id of the workload: `<provider>/<subject>`, at most 512 characters. A provider's name has no
 * slash (checked where providers are configured), so the first slash ends it.
 */
export function principalIdOf(identity: Pick<WorkloadIdentity, 'provider' | 'subject'>): string {
  return bounded(`${identity.provider}/${identity.subject}`);
}

/** Cedar entity id of the project; undefined without an immutable id, for a path can change hands. */
export function projectEntityId(
  identity: Pick<WorkloadIdentity, 'provider' | 'project'>,
): string | undefined {
  const id = identity.project?.id;
  return id === undefined ? undefined : bounded(`${identity.provider}/${id}`);
}

/** Cedar entity id of the organisation, group or owner; undefined without an immutable id. */
export function orgEntityId(identity: Pick<WorkloadIdentity, 'provider' | 'org'>): string | undefined {
  const id = identity.org?.id;
  return id === undefined ? undefined : bounded(`${identity.provider}/${id}`);
}

/** What a list shows of a workload: `acme/shop@refs/heads/main (production)`. For people, not for decisions. */
export function describeWorkload(
  identity: Pick<WorkloadIdentity, 'subject' | 'project' | 'ref' | 'environment'>,
): string {
  const project = identity.project?.path ?? identity.project?.id;
  if (project === undefined) return bounded(identity.subject);
  const ref = identity.ref?.full === undefined ? '' : `@${identity.ref.full}`;
  const environment = identity.environment === undefined ? '' : ` (${identity.environment.name})`;
  return bounded(`${project}${ref}${environment}`);
}
