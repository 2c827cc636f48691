import { projectEntityId } from '#identity/principal.ts';
import type { WorkloadIdentity } from '#identity/workload-identity.ts';
import { quoteCedar } from './cedar-text.ts';
import type { CompiledPolicy } from './engine/compiled-policy.ts';
import { RequestScope } from './engine/request-scope.ts';
import { fitsScope } from './explain/scope-failures.ts';
import { type PolicySet, type RecordedUse, requestOfUse } from './recorded-use.ts';

const VALUES_MAX = 3;
const PROJECTS_MAX = 10;
/** What no platform states: a permit that still matches does not look at the field. */
const NOBODY = 'vouchgate:nobody';

/** One thing that a permit leaves open and that all who used it have in common. */
export interface Narrowing {
  /** For people: `ref refs/heads/main`. */
  says: string;
  condition: string;
}

interface Dimension {
  name: string;
  valueOf(identity: WorkloadIdentity): string | undefined;
  /** The same identity with something else there. */
  probe(identity: WorkloadIdentity): WorkloadIdentity;
  conditionFor(values: readonly string[]): string | undefined;
  /** For people, where the value itself says little. */
  says?(identity: WorkloadIdentity, value: string): string;
}

function fieldCondition(path: string, values: readonly string[]): string | undefined {
  const [first] = values;
  if (first === undefined) return undefined;
  if (values.length === 1) return `principal has ${path} && principal.${path} == ${quoteCedar(first)}`;
  const list = values.map(quoteCedar).join(', ');
  return values.length <= VALUES_MAX
    ? `principal has ${path} && [${list}].contains(principal.${path})`
    : undefined;
}

/** Tags are made anew with each release: what they have in common is that they are tags. */
function refCondition(values: readonly string[]): string | undefined {
  if (values.length > 1 && values.every((value) => value.startsWith('refs/tags/'))) {
    return 'principal has ref.full && principal.ref.full like "refs/tags/*"';
  }
  return fieldCondition('ref.full', values);
}

function projectCondition(values: readonly string[]): string | undefined {
  const entities = values.map((value) => `Project::${quoteCedar(value)}`);
  if (entities.length === 0 || entities.length > PROJECTS_MAX) return undefined;
  return entities.length === 1 ? `principal in ${entities[0]}` : `principal in [${entities.join(', ')}]`;
}

const DIMENSIONS: readonly Dimension[] = [
  {
    name: 'project',
    valueOf: (identity) => projectEntityId(identity),
    probe: (identity) => ({ ...identity, project: { ...identity.project, id: NOBODY } }),
    conditionFor: projectCondition,
    says: ({ project }, value) => project?.path ?? value,
  },
  {
    name: 'ref',
    valueOf: ({ ref }) => ref?.full,
    probe: (identity) => ({ ...identity, ref: { ...identity.ref, full: NOBODY } }),
    conditionFor: refCondition,
  },
  {
    name: 'environment',
    valueOf: ({ environment }) => environment?.name,
    probe: (identity) => ({ ...identity, environment: { ...identity.environment, name: NOBODY } }),
    conditionFor: (values) => fieldCondition('environment.name', values),
  },
  {
    name: 'trigger',
    valueOf: ({ trigger }) => trigger,
    probe: (identity) => ({ ...identity, trigger: NOBODY }),
    conditionFor: (values) => fieldCondition('trigger', values),
  },
  {
    name: 'no code of a fork',
    valueOf: ({ forked }) => (forked === false ? 'none' : undefined),
    probe: (identity) => ({ ...identity, forked: true }),
    conditionFor: () => 'principal has forked && !principal.forked',
    says: () => '',
  },
];

/**
 * What a permit could demand without losing anybody of `uses`, all of whom it let through. A field that one of them
 * does not state is left alone: demanding it would lose that one.
 */
export function narrowPermit(
  policy: CompiledPolicy,
  uses: readonly RecordedUse[],
  set: PolicySet,
): Narrowing[] {
  return DIMENSIONS.flatMap((dimension) => {
    // One workload or one project by its id is as narrow as it gets.
    if (dimension.name === 'project' && isBoundToProject(policy)) return [];
    const values = uses.map(({ identity }) => dimension.valueOf(identity));
    const stated = values.filter((value) => value !== undefined);
    if (stated.length < uses.length || isLookedAt(policy, uses, set, dimension)) return [];
    const distinct = [...new Set(stated)].sort();
    const condition = dimension.conditionFor(distinct);
    if (condition === undefined) return [];
    const said = uses.map(({ identity }) => {
      const value = dimension.valueOf(identity) ?? '';
      return dimension.says?.(identity, value) ?? value;
    });
    return [{ says: `${dimension.name} ${[...new Set(said)].sort().join(', ')}`.trim(), condition }];
  });
}

function isBoundToProject({ principal: { entity } }: CompiledPolicy): boolean {
  return entity?.type === 'Project' || entity?.type === 'Workload';
}

/** True when the permit would not let through the same run with something else in this field. */
function isLookedAt(
  policy: CompiledPolicy,
  uses: readonly RecordedUse[],
  set: PolicySet,
  dimension: Dimension,
): boolean {
  return uses.some((use) => {
    const request = requestOfUse({ ...use, identity: dimension.probe(use.identity) }, set);
    if (request === undefined) return true;
    const scope = new RequestScope(request);
    if (!fitsScope(policy, scope)) return true;
    try {
      return !policy.matches(scope, request);
    } catch {
      return true;
    }
  });
}
