import type { IdentityProviderItem, PolicyItem, ResourceItem } from '#api/access-use.ts';
import { policySetOf } from '#broker/access-use/policy-set.ts';
import type { Broker } from '#broker/broker.ts';
import type { Configuration } from '#broker/configuration/configuration.ts';
import type { RuntimeResource } from '#broker/runtime.ts';
import { issuerOf } from '#identity/configured-provider.ts';
import { createSourceFinder, lastLineOf } from '#policy/edit-policy.ts';
import type { PolicySummary } from '#policy/problem.ts';
import type { RecordedUse } from '#policy/recorded-use.ts';
import { usesByPolicy } from '#policy/uses-by-policy.ts';
import type { HandlersOf } from '../handler.ts';
import type { Person } from '../ports.ts';
import { RequestProblem } from '../request-problem.ts';
import { type AccessDependencies, requireConfiguration } from './access-dependencies.ts';
import { byRuns, freezeView, sumUses, workloadUseView } from './use-views.ts';

const DAYS = 30;
const USED_BY_MAX = 20;
const DETAIL_USED_BY_MAX = 500;
const LEASES_COUNTED_MAX = 1_000;

/** What stands in the configuration, and what use was made of it by those that the caller may see. */
export function createAccessOverviewHandlers(
  deps: AccessDependencies,
  broker: Pick<Broker, 'leases'>,
): HandlersOf<'listPolicies' | 'listResources' | 'getResource' | 'listIdentityProviders'> {
  const recorded = ({ scope }: Person) => deps.uses.read(scope, DAYS);

  /** One look at the newest live leases for all resources; undefined for those who may not see every repository. */
  const countLeases = async ({ scope }: Person): Promise<ReadonlyMap<string, number> | undefined> => {
    if (scope.kind !== 'all') return undefined;
    const states = ['pending', 'active', 'revoking'] as const;
    const counts = new Map<string, number>();
    for (const { resource } of await broker.leases({ states, limit: LEASES_COUNTED_MAX })) {
      counts.set(resource, (counts.get(resource) ?? 0) + 1);
    }
    return counts;
  };

  const resourceView = (
    current: Configuration,
    resource: RuntimeResource,
    uses: readonly RecordedUse[],
    leases: ReadonlyMap<string, number> | undefined,
  ): ResourceItem => {
    const { name, privileged, tags, ttlSeconds, ttlSecondsMax, proofRequired } = resource;
    const kind = current.credentialProviders.get(resource.credentialProvider)?.kind;
    const policies = current.policies.filter((policy) => (policy.resource ?? name) === name);
    const freeze = deps.freezes
      .inForce()
      .find(
        ({ target }) => target.kind === 'everything' || (target.kind === 'resource' && target.name === name),
      );
    return {
      name,
      credentialType: kind?.id ?? '',
      credentialProvider: resource.credentialProvider,
      privileged,
      storedSecret: kind?.stored ?? false,
      ttlSeconds,
      ttlSecondsMax,
      proofRequired,
      tags: { ...tags },
      policies: policies.map(({ id }) => id),
      permits: policies.filter(({ effect }) => effect === 'permit').length,
      use: sumUses(uses),
      workloads: uses.length,
      liveLeases: leases === undefined ? null : (leases.get(name) ?? 0),
      frozen: freeze === undefined ? null : freezeView(freeze),
    };
  };

  return {
    async listPolicies({ caller }) {
      const current = requireConfiguration(deps);
      const { uses } = await recorded(caller);
      const set = policySetOf(current);
      const byPolicy = await usesByPolicy(uses, set);
      const find = createSourceFinder(current.files);
      const policies = current.policies.map((policy): PolicyItem => {
        const used = (byPolicy.get(policy.id) ?? []).toSorted(byRuns);
        return {
          ...policyView(policy, find),
          use: sumUses(used),
          usedBy: used.slice(0, USED_BY_MAX).map((use) => workloadUseView(use, set)),
          usedByTotal: used.length,
        };
      });
      return { value: { digest: current.digest, policies } };
    },
    async listResources({ caller }) {
      const current = requireConfiguration(deps);
      const [{ uses }, leases] = await Promise.all([recorded(caller), countLeases(caller)]);
      const resources = [...current.resources.values()].map((resource) => {
        const asked = uses.filter((use) => use.resource === resource.name);
        return resourceView(current, resource, asked, leases);
      });
      return { value: { resources } };
    },
    async getResource({ params, caller }) {
      const current = requireConfiguration(deps);
      const resource = current.resources.get(params.name);
      if (resource === undefined) throw new RequestProblem('not_found', 'There is no resource of this name.');
      const [{ uses }, leases] = await Promise.all([recorded(caller), countLeases(caller)]);
      const set = policySetOf(current);
      const asked = uses.filter((use) => use.resource === resource.name).toSorted(byRuns);
      const usedBy = asked.slice(0, DETAIL_USED_BY_MAX).map((use) => workloadUseView(use, set));
      return { value: { ...resourceView(current, resource, asked, leases), usedBy } };
    },
    async listIdentityProviders({ caller }) {
      const current = requireConfiguration(deps);
      const { uses } = await recorded(caller);
      const identityProviders = current.identityProviders.map((provider): IdentityProviderItem => {
        const { name, kind } = provider;
        const own = uses.filter(({ identity }) => identity.provider === name);
        const freeze = deps.freezes
          .inForce()
          .find(
            ({ target }) =>
              target.kind === 'everything' || (target.kind === 'identityProvider' && target.name === name),
          );
        return {
          name,
          platform: kind.id,
          issuer: issuerOf(provider) ?? '',
          use: sumUses(own),
          repositories: new Set(own.map(({ identity }) => identity.project?.path ?? identity.subject)).size,
          frozen: freeze === undefined ? null : freezeView(freeze),
        };
      });
      return { value: { identityProviders } };
    },
  };
}

function policyView(
  policy: PolicySummary,
  find: ReturnType<typeof createSourceFinder>,
): Omit<PolicyItem, 'use' | 'usedBy' | 'usedByTotal'> {
  const { id, effect, file, line, resource, annotations } = policy;
  const found = find(policy);
  const lastLine = found === undefined ? line : lastLineOf(found.source);
  return { id, effect, file, line, lastLine, resource: resource ?? null, annotations: { ...annotations } };
}
