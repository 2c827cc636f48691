import type { Access, Job } from '#pipeline/model.ts';
import { effectivePermissions } from '#pipeline/permissions.ts';
import { asMapping, keyText } from '#pipeline/yaml/access.ts';
import type { TextEdit } from '../../../fix/apply-edits.ts';
import { changeUnder } from './mapping-edits.ts';

export interface GrantedScope {
  readonly name: string;
  readonly access: Access;
}

const ORDER: readonly Access[] = ['none', 'read', 'write'];
const includes = (has: Access | 'unknown', wanted: Access): boolean =>
  has !== 'unknown' && ORDER.indexOf(has) >= ORDER.indexOf(wanted);

/** What the job has now, as scopes: its own block replaces that of the workflow as a whole. */
function presentScopes(job: Job): [string, string][] | undefined {
  const { declared } = effectivePermissions(job);
  // Nothing is said anywhere: then reading the code is what nearly every job needs.
  if (declared === undefined) return [['contents', 'read']];
  if (declared.all !== undefined) return declared.all === 'none' ? [] : undefined;
  return declared.scopes.map(({ name, access }) => [name, access]);
}

/** Gives a job one more scope and leaves it all others; undefined where that cannot be written. */
export function grantScope(job: Job, scope: GrantedScope): TextEdit[] | undefined {
  const { source } = job.pipeline;
  if (includes(effectivePermissions(job).access(scope.name), scope.access)) return [];
  const own = job.node.entries.find((entry) => keyText(entry) === 'permissions');
  const change = {
    remove: (name: string) => name === scope.name,
    add: [[scope.name, scope.access]] as const,
  };
  if (own !== undefined && asMapping(own.value)?.entries.length !== 0 && own.value.kind === 'mapping') {
    return changeUnder(source, job.node, 'permissions', change);
  }
  const present = presentScopes(job);
  if (present === undefined) return undefined;
  const scopes: [string, string][] = [
    ...present.filter(([name]) => name !== scope.name),
    [scope.name, scope.access],
  ];
  if (own === undefined) {
    return changeUnder(source, job.node, 'permissions', { remove: () => false, add: scopes });
  }
  const value = `{ ${scopes.map(([name, access]) => `${name}: ${access}`).join(', ')} }`;
  return [{ start: own.value.start, end: own.value.end, replacement: value }];
}
