import { describe, expect, it } from 'vitest';
import { ALL_REPOSITORIES, type RepositoryScope } from '#core/repository-scope.ts';
import { FakeBroker, LEASE_TOKEN, leaseExample, NOW_MS } from './broker.fake.ts';
import { createLeaseHandlers } from './leases.ts';
import type { Person } from './ports.ts';

const idOf = (kind: string, count: number) => `${kind}_${String(count).padStart(26, '0')}`;
const MINE = { kind: 'some', patterns: ['acme/*'] } as const;

function setUp() {
  const broker = new FakeBroker();
  broker.leaseRows = [1, 2, 3].map((count) =>
    leaseExample({ id: idOf('lse', count), decision: idOf('dec', count) }),
  );
  const repositories = new Map([
    [idOf('dec', 1), 'acme/shop'],
    [idOf('dec', 2), 'other/x'],
  ]);
  const handlers = createLeaseHandlers({
    broker,
    clock: { nowMs: () => NOW_MS },
    decisions: {
      ...unused,
      repositoriesOf: async (ids) => new Map([...repositories].filter(([id]) => ids.includes(id))),
    },
  });
  return { broker, handlers };
}

const refuse = async () => {
  throw new TypeError('not asked for here');
};
const unused = {
  search: refuse,
  changes: refuse,
  find: refuse,
  counts: refuse,
  top: refuse,
  shapes: refuse,
  position: refuse,
};

// The handlers look at nothing else of a person.
const person = (scope: RepositoryScope) => ({ subject: 'p', scope }) as Person;
const rest = { body: undefined, sourceIp: undefined, headers: {} } as const;

describe('leases, for somebody who may see some repositories', () => {
  const { handlers, broker } = setUp();
  const listFor = async (scope: RepositoryScope) => {
    const answer = await handlers.listLeases({
      ...rest,
      params: {},
      query: { limit: 10 },
      caller: person(scope),
    });
    return answer.value.leases.map(({ id }) => id);
  };

  it('are those of these repositories', async () => {
    expect(await listFor(MINE)).toEqual([idOf('lse', 1)]);
    expect(await listFor(ALL_REPOSITORIES)).toHaveLength(3);
  });

  it.each([2, 3])('do not exist elsewhere: %i', async (count) => {
    const params = { id: idOf('lse', count) };
    const caller = { person: 'p', scope: MINE };
    const asked = [
      () => handlers.getLease({ ...rest, params, query: undefined, caller: person(MINE) }),
      () => handlers.revokeLease({ ...rest, params, query: undefined, caller }),
      () => handlers.renewLease({ ...rest, params, query: undefined, caller }),
    ];
    for (const ask of asked) await expect(ask()).rejects.toMatchObject({ code: 'lease_unknown' });
    expect(broker.authorities).toEqual([]);
  });

  it('are ended one by one by them, and by the holder of the token', async () => {
    const params = { id: idOf('lse', 1) };
    await handlers.revokeLease({ ...rest, params, query: undefined, caller: { person: 'p', scope: MINE } });
    await handlers.revokeLease({ ...rest, params, query: undefined, caller: { leaseToken: LEASE_TOKEN } });
    expect(broker.authorities).toEqual([{ person: 'p' }, { leaseToken: LEASE_TOKEN }]);
    const all = {
      ...rest,
      params: {},
      query: undefined,
      body: { filter: { all: true } },
      caller: person(MINE),
    } as const;
    await expect(handlers.revokeLeases(all)).rejects.toMatchObject({ code: 'access_denied' });
  });
});
