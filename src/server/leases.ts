import type { LeaseQuery, LeaseState } from '#api/lease.ts';
import type { LeaseAnswer, LeaseAuthority } from '#broker/broker.ts';
import type { Lease, LeaseFilter } from '#broker/ports.ts';
import { isId } from '#core/ids.ts';
import { isInScope, type RepositoryScope } from '#core/repository-scope.ts';
import { challenge } from './people/refuse-caller.ts';
import type { ServerDependencies } from './dependencies.ts';
import type { HandlersOf } from './handler.ts';
import type { LeaseCaller } from './ports.ts';
import { RequestProblem } from './request-problem.ts';
import { leaseView, stateOf } from './views.ts';

const READS_MAX = 10;

function unknownLease(): RequestProblem {
  return new RequestProblem('lease_unknown', 'There is no lease with this id.');
}

/** Ids are ours: what does not look like one is not asked for, so that no hostile text reaches the store. */
function checkId(id: string): string {
  if (!isId('lse', id)) throw unknownLease();
  return id;
}

function filterOf(query: LeaseQuery, beforeId: string | undefined): LeaseFilter {
  const { resource, credentialProvider, principal, decision, state, limit } = query;
  return {
    limit,
    ...(resource === undefined ? {} : { resource }),
    ...(credentialProvider === undefined ? {} : { credentialProvider }),
    ...(principal === undefined ? {} : { principal }),
    ...(decision === undefined ? {} : { decision }),
    ...(beforeId === undefined ? {} : { beforeId }),
    ...(state === undefined ? {} : { states: storedStates(state) }),
  };
}

/** States to look for: what is shown as expired may still be stored as active. */
function storedStates(shown: readonly LeaseState[]): LeaseState[] {
  const states = new Set(shown);
  if (states.has('expired')) states.add('active');
  return [...states];
}

export function createLeaseHandlers(
  deps: Pick<ServerDependencies, 'broker' | 'clock' | 'decisions'>,
): HandlersOf<'listLeases' | 'getLease' | 'renewLease' | 'revokeLease' | 'revokeLeases'> {
  const { broker, clock, decisions } = deps;

  /** A lease belongs to the repository of its decision. */
  const inScope = async (leases: readonly Lease[], scope: RepositoryScope): Promise<readonly Lease[]> => {
    if (scope.kind === 'all') return leases;
    const repositories = await decisions.repositoriesOf(leases.map(({ decision }) => decision));
    return leases.filter(({ decision }) => isInScope(scope, repositories.get(decision)));
  };

  /** @throws {RequestProblem} for a lease outside of what a person may see; the holder of its token may always. */
  const admit = async (id: string, caller: LeaseCaller): Promise<LeaseAuthority> => {
    if ('leaseToken' in caller) return caller;
    if (caller.scope.kind === 'some') await findLease(id, caller.scope);
    return { person: caller.person };
  };

  const findLease = async (id: string, scope: RepositoryScope): Promise<Lease> => {
    const lease = await broker.lease(checkId(id));
    const [seen] = lease === undefined ? [] : await inScope([lease], scope);
    if (seen === undefined) throw unknownLease();
    return seen;
  };

  const settle = (answer: LeaseAnswer) => {
    if (answer.ok) return { value: leaseView(answer.lease, clock.nowMs()) };
    const { code, message, remedy } = answer;
    const headers = code === 'lease_token_invalid' ? challenge('invalid_token') : {};
    throw new RequestProblem(code, message, { remedy, headers });
  };

  /** Reads on while the filter by shown state leaves the page short, so that an empty page means the end. */
  const readPage = async (query: LeaseQuery): Promise<{ leases: Lease[]; next: string | null }> => {
    const leases: Lease[] = [];
    let before = query.before;
    for (let read = 0; read < READS_MAX; read += 1) {
      const rows = await broker.leases(filterOf(query, before));
      for (const lease of rows) {
        const { state } = query;
        if (state !== undefined && !state.includes(stateOf(lease, clock.nowMs()))) continue;
        leases.push(lease);
        if (leases.length === query.limit) return { leases, next: lease.id };
      }
      before = rows.at(-1)?.id;
      if (rows.length < query.limit || before === undefined) return { leases, next: null };
    }
    return { leases, next: before ?? null };
  };

  return {
    async listLeases({ query, caller }) {
      if (query.before !== undefined && !isId('lse', query.before)) {
        throw new RequestProblem('request_invalid', '`before` is not the id of a lease.');
      }
      const { leases, next } = await readPage(query);
      const seen = await inScope(leases, caller.scope);
      return { value: { leases: seen.map((lease) => leaseView(lease, clock.nowMs())), next } };
    },
    async getLease({ params, caller }) {
      return { value: leaseView(await findLease(params.id, caller.scope), clock.nowMs()) };
    },
    async renewLease({ params, caller }) {
      const id = checkId(params.id);
      return settle(await broker.renewLease(id, await admit(id, caller)));
    },
    async revokeLease({ params, caller }) {
      const id = checkId(params.id);
      return settle(await broker.revokeLease(id, await admit(id, caller)));
    },
    async revokeLeases({ body, caller }) {
      const { all, ...filter } = body.filter;
      if (all !== true && Object.keys(filter).length === 0) {
        throw new RequestProblem('request_invalid', 'The filter is empty.', {
          remedy: 'Name what to revoke, or say `{"filter": {"all": true}}` to revoke every lease.',
        });
      }
      if (caller.scope.kind === 'some') {
        throw new RequestProblem(
          'access_denied',
          'Many leases at once are for those who see every repository.',
          {
            remedy: 'End them one by one: `vouchgate leases revoke <id>`.',
          },
        );
      }
      return { value: await broker.revokeLeases(definedOf(filter), caller.subject) };
    },
  };
}

type RevocationFilter = Omit<LeaseFilter, 'limit' | 'beforeId'>;

function definedOf(filter: { [Name in keyof RevocationFilter]: RevocationFilter[Name] | undefined }) {
  const { states, resource, credentialProvider, principal, decision } = filter;
  return {
    ...(states === undefined ? {} : { states }),
    ...(resource === undefined ? {} : { resource }),
    ...(credentialProvider === undefined ? {} : { credentialProvider }),
    ...(principal === undefined ? {} : { principal }),
    ...(decision === undefined ? {} : { decision }),
  };
}
