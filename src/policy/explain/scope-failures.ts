import type { CompiledPolicy } from '../engine/compiled-policy.ts';
import type { RequestScope } from '../engine/request-scope.ts';
import type { EntityName } from '../engine/value.ts';
import type { Failure } from './prepare-formula.ts';
import { clip } from './show-value.ts';

const PART_OF_TYPE: Readonly<Record<string, string>> = {
  Project: 'project',
  Org: 'org',
  IdentityProvider: 'provider',
};

export function fitsScope({ principal }: CompiledPolicy, scope: RequestScope): boolean {
  return principal.possible && (principal.entity === undefined || fits(principal.entity, scope));
}

/** What the scope of a permit wanted of the principal, where the request does not fit. */
export function scopeFailures(policy: CompiledPolicy, scope: RequestScope): readonly Failure[] {
  if (fitsScope(policy, scope)) return [];
  const { principal } = policy;
  const wanted = principal.entity;
  const part = PART_OF_TYPE[wanted?.type ?? ''];
  const path = part === undefined ? ['principal'] : ['principal', part];
  const expected = clip(wanted?.id ?? principal.type ?? 'a workload');
  return [
    { path, guard: false, fact: { name: path.join('.'), expected, received: receivedFor(wanted, scope) } },
  ];
}

function fits(wanted: EntityName, scope: RequestScope): boolean {
  return wanted.type === 'Workload' ? wanted.id === scope.principal.id : scope.isIn(wanted);
}

function receivedFor(wanted: EntityName | undefined, scope: RequestScope): string | undefined {
  const byType: Readonly<Record<string, EntityName | undefined>> = {
    Project: scope.project,
    Org: scope.org,
    IdentityProvider: scope.identityProvider,
  };
  const type = wanted?.type ?? '';
  const received = Object.hasOwn(byType, type) ? byType[type] : scope.principal;
  return received === undefined ? undefined : clip(received.id);
}
