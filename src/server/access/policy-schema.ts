import type { PolicySchema } from '#api/access-use.ts';
import { orgEntityId, projectEntityId } from '#identity/principal.ts';
import { policyAttributes } from '#policy/policy-attributes.ts';
import type { RecordedUse } from '#policy/recorded-use.ts';
import { actionNames } from '#policy/schema.ts';
import type { HandlersOf } from '../handler.ts';
import { type AccessDependencies, requireConfiguration } from './access-dependencies.ts';
import { byRuns } from './use-views.ts';

const DAYS = 30;
const VALUES_MAX = 50;
const ENTITIES_MAX = 500;

type ValueOf = (use: RecordedUse) => string | undefined;

/** Attributes whose recorded values help to write a policy; those of people are left out. */
const VALUES: ReadonlyMap<string, ValueOf> = new Map<string, ValueOf>([
  ['principal.provider', ({ identity }) => identity.provider],
  ['principal.platform', ({ identity }) => identity.platform],
  ['principal.issuer', ({ identity }) => identity.issuer],
  ['principal.subject', ({ identity }) => identity.subject],
  ['principal.project.id', ({ identity }) => identity.project?.id],
  ['principal.project.path', ({ identity }) => identity.project?.path],
  ['principal.org.id', ({ identity }) => identity.org?.id],
  ['principal.org.name', ({ identity }) => identity.org?.name],
  ['principal.ref.full', ({ identity }) => identity.ref?.full],
  ['principal.ref.type', ({ identity }) => identity.ref?.type],
  ['principal.trigger', ({ identity }) => identity.trigger],
  ['principal.environment.name', ({ identity }) => identity.environment?.name],
  ['principal.config.uri', ({ identity }) => identity.config?.uri],
  ['principal.callee.uri', ({ identity }) => identity.callee?.uri],
  ['principal.runner.hosting', ({ identity }) => identity.runner?.hosting],
]);

function distinct(uses: readonly RecordedUse[], valueOf: ValueOf): string[] {
  return [...new Set(uses.flatMap((use) => valueOf(use) ?? []))].slice(0, VALUES_MAX);
}

function entities<T>(
  uses: readonly RecordedUse[],
  idOf: (identity: RecordedUse['identity']) => string | undefined,
  view: (id: string, identity: RecordedUse['identity']) => T,
): T[] {
  const byId = new Map<string, T>();
  for (const { identity } of uses) {
    const id = idOf(identity);
    if (id !== undefined && !byId.has(id)) byId.set(id, view(id, identity));
  }
  return [...byId.values()].slice(0, ENTITIES_MAX);
}

export function createPolicySchemaHandlers(deps: AccessDependencies): HandlersOf<'getPolicySchema'> {
  return {
    async getPolicySchema({ caller }) {
      const current = requireConfiguration(deps);
      const recorded = await deps.uses.read(caller.scope, DAYS);
      const uses = recorded.uses.toSorted(byRuns);
      const value: PolicySchema = {
        attributes: policyAttributes.map((attribute) => {
          const valueOf = VALUES.get(attribute.path);
          const values = valueOf === undefined ? [...attribute.values] : distinct(uses, valueOf);
          return { ...attribute, values };
        }),
        actions: [...actionNames],
        resources: [...current.resources.values()].map(({ name, privileged }) => ({ name, privileged })),
        identityProviders: current.identityProviders.map(({ name }) => name),
        projects: entities(uses, projectEntityId, (id, { project }) => ({ id, path: project?.path ?? null })),
        orgs: entities(uses, orgEntityId, (id, { org }) => ({ id, name: org?.name ?? null })),
        postureConfigured: current.posture !== undefined,
      };
      return { value };
    },
  };
}
