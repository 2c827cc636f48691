import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { LeaseState } from '#broker/ports.ts';
import { LEASE_STATES } from '../lease-row.ts';
import { openMemoryStorage } from '../memory/open-memory-storage.ts';
import type { Storage } from '../storage.ts';
import { makeEvent, makeIntent, makeSession, type OpenHarness, START_MS } from './fixtures.ts';

interface Model {
  storage: Storage;
}

/** Carried out on the model and on the real store; both must answer the same. */
class Step implements fc.AsyncCommand<Model, Storage> {
  readonly #name: string;
  readonly #run: (storage: Storage) => Promise<unknown>;

  constructor(name: string, run: (storage: Storage) => Promise<unknown>) {
    this.#name = name;
    this.#run = run;
  }

  check(): boolean {
    return true;
  }

  async run(model: Model, real: Storage): Promise<void> {
    const expected = await this.#run(model.storage);
    expect(await this.#run(real)).toEqual(expected);
  }

  toString(): string {
    return this.#name;
  }
}

// Few values, so that they meet.
const few = (letter: string): fc.Arbitrary<string> =>
  fc.integer({ min: 0, max: 2 }).map((n) => `${letter}${n}`);
const maybe = (letter: string): fc.Arbitrary<string | undefined> =>
  fc.option(few(letter), { nil: undefined });
const time = fc.integer({ min: 0, max: 6 }).map((n) => START_MS + n);
const states: fc.Arbitrary<LeaseState[]> = fc.subarray([...LEASE_STATES]);
const leaseIds = Array.from({ length: 8 }, (_, index) => `lse_${index}`);

const commitStep = fc
  .record({
    token: few('t'),
    proof: maybe('p'),
    holder: maybe('h'),
    retry: maybe('r'),
    state: fc.constantFrom(...LEASE_STATES),
    revocable: fc.boolean(),
    due: time,
    expires: time,
    keyExpires: time,
    lease: fc.constantFrom(...leaseIds),
  })
  .map(({ token, proof, holder, retry, state, revocable, due, expires, keyExpires, lease }) => {
    const intent = makeIntent({
      token,
      ...(proof !== undefined && { proof }),
      ...(holder !== undefined && { holder }),
      ...(retry !== undefined && { retry }),
      expiresAtMs: keyExpires,
      lease: { id: lease, decision: `dec_of_${lease}`, state, revocable, dueAtMs: due, expiresAtMs: expires },
    });
    return new Step(`commit(${JSON.stringify(intent)})`, (storage) => outcome(storage.broker.commit(intent)));
  });

const transitionStep = fc
  .record({ id: fc.constantFrom(...leaseIds), from: states, to: fc.constantFrom(...LEASE_STATES), due: time })
  .map(({ id, from, to, due }) => {
    const change = { state: to, dueAtMs: due, lastError: undefined };
    const event = makeEvent({ type: 'lease.renewed', lease: id });
    return new Step(`transition(${id}, ${from.join('|')}, ${to}, ${due})`, (storage) =>
      storage.broker.transition(id, from, change, [event]),
    );
  });

const readStep = fc
  .record({
    states: fc.option(states, { nil: undefined }),
    due: time,
    limit: fc.integer({ min: 0, max: 5 }),
    decision: fc.constantFrom(...leaseIds),
  })
  .map(({ states: chosen, due, limit, decision }) => {
    return new Step(`read(${chosen?.join('|')}, ${due}, ${limit}, ${decision})`, async (storage) => [
      await storage.broker.leases({ limit, ...(chosen !== undefined && { states: chosen }) }),
      await storage.broker.leases({ decision: `dec_of_${decision}`, limit }),
      await storage.broker.dueLeases(due, limit),
      await storage.broker.lease(decision),
      (await storage.events.list({ afterSequence: 0, limit: 1_000 })).map(({ id }) => id),
      (await storage.events.list({ lease: decision, limit })).map(({ id }) => id),
    ]);
  });

const purgeStep = time.map((nowMs) => new Step(`purge(${nowMs})`, (storage) => storage.broker.purge(nowMs)));

const linkStep = fc
  .record({ link: few('link'), add: fc.boolean(), nowMs: time })
  .map(({ link, add, nowMs }) => {
    const session = makeSession();
    return new Step(`link(${link}, ${add}, ${nowMs})`, async (storage) => {
      if (!add) return storage.sessions.redeemAdminLink(link, session, nowMs);
      const expiresAtMs = START_MS + 4;
      return outcome(storage.sessions.addAdminLink({ tokenHash: link, createdAtMs: START_MS, expiresAtMs }));
    });
  });

/** The result, or the code of what was thrown. */
async function outcome(call: Promise<unknown>): Promise<unknown> {
  try {
    return await call;
  } catch (error) {
    return error instanceof Error && 'code' in error ? { code: error.code } : error;
  }
}

export function describeModel(open: OpenHarness): void {
  describe('model', () => {
    it('answers any sequence of calls as the store in memory does', async () => {
      const commands = fc.commands([commitStep, commitStep, transitionStep, readStep, purgeStep, linkStep], {
        maxCommands: 60,
      });
      await fc.assert(
        fc.asyncProperty(commands, async (steps) => {
          const harness = await open();
          try {
            await fc.asyncModelRun(
              () => ({ model: { storage: openMemoryStorage() }, real: harness.storage }),
              steps,
            );
          } finally {
            await harness.dispose();
          }
        }),
        { numRuns: 20, endOnFailure: true },
      );
    }, 60_000);
  });
}
