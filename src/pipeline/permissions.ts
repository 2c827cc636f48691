import type { Access, Job, Permissions } from './model.ts';

/** What a job's token may do, and why it is so. */
export interface EffectivePermissions {
  /** Where it is said; `default` is the platform's or the organisation's setting, which no file shows. */
  readonly from: 'job' | 'pipeline' | 'default';
  readonly declared: Permissions | undefined;
  access(scope: string): Access | 'unknown';
}

function accessIn(permissions: Permissions, scope: string): Access {
  // An identity token is never part of `read-all`, but it is of `write-all`.
  if (permissions.all !== undefined) {
    return scope === 'id-token' && permissions.all === 'read' ? 'none' : permissions.all;
  }
  return permissions.scopes.find(({ name }) => name === scope)?.access ?? 'none';
}

/**
 * A job's own block replaces the pipeline's as a whole, and a scope that a block leaves out is none. Without any
 * block the setting of the repository holds: at least contents and packages to read, at most everything to write.
 */
export function effectivePermissions(job: Job): EffectivePermissions {
  const declared = job.permissions ?? job.pipeline.permissions;
  if (declared === undefined) {
    return { from: 'default', declared, access: (scope) => (scope === 'id-token' ? 'none' : 'unknown') };
  }
  const from = job.permissions === undefined ? 'pipeline' : 'job';
  return { from, declared, access: (scope) => accessIn(declared, scope) };
}

/** Scopes that the job can write, as far as the file says. */
export function writableScopes(job: Job): readonly string[] {
  const declared = job.permissions ?? job.pipeline.permissions;
  if (declared === undefined) return [];
  if (declared.all !== undefined) return declared.all === 'write' ? ['*'] : [];
  return declared.scopes.filter(({ access }) => access === 'write').map(({ name }) => name);
}
