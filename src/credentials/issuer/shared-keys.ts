import type { Clock } from '#core/clock.ts';
import { newId } from '#core/ids.ts';
import type { Logger } from '#core/log.ts';
import type { SigningKeyStore, StoredSigningKey } from '../ports.ts';
import type { Sealer } from '../sealing/envelope.ts';
import { SealingError } from '../sealing/sealing-error.ts';
import { IssuerError } from './issuer-error.ts';
import { inOrder, planRotation, type RotationSchedule } from './rotation.ts';
import { createStoredSigningKey, openSigningKey, type SigningKey } from './signing-key.ts';
import type { SigningAlgorithm } from './token-signer.ts';

const ATTEMPTS_MAX = 5;

/** What the record says of a key; type and body are those of an audit event. */
export interface KeyEvent {
  type: 'key.created' | 'key.retired';
  body: Readonly<{ key: string; algorithm: SigningAlgorithm; activeFrom: string }>;
}

export interface SharedKeysOptions {
  store: SigningKeyStore;
  sealer: Sealer;
  clock: Clock;
  log: Logger;
  schedule: RotationSchedule;
  /** Rejecting keeps the event, to be offered again the next time. */
  onEvent: (event: KeyEvent) => Promise<void>;
}

/** The keys in the store, opened, and changed when that is due. Any number of servers may do this at once. */
export interface SharedKeys {
  /**
   * Looks at the store, adds and retires what is due for these algorithms, and gives all keys that are to be
   * published, oldest first.
   *
   * @throws {StoreError} when the store cannot be reached.
   * @throws {IssuerError} `signing_key_unavailable` when a key is sealed under a master key that is not there.
   */
  settle(algorithms: ReadonlySet<SigningAlgorithm>): Promise<readonly SigningKey[]>;
  /** Reports what has not been reported yet. */
  deliverEvents(): Promise<void>;
}

function cannotOpen(id: string, cause: SealingError): IssuerError {
  return new IssuerError('signing_key_unavailable', `The signing key ${id} cannot be opened.`, {
    cause,
    remedy:
      'Start with the master key that sealed it, as the current or as a previous one; if that key is lost, remove the signing keys from the store.',
  });
}

function doesNotSettle(): IssuerError {
  return new IssuerError('signing_key_unavailable', 'The signing keys in the store do not settle.', {
    remedy: 'Compare the clocks of all servers, and look for `signing_key.rejected` in the log.',
  });
}

export function createSharedKeys(options: SharedKeysOptions): SharedKeys {
  const { store, sealer, clock, log, schedule } = options;
  const events: KeyEvent[] = [];
  let opened: readonly SigningKey[] = [];

  const report = (type: KeyEvent['type'], { id, algorithm, activeFromMs }: StoredSigningKey | SigningKey) => {
    const body = { key: id, algorithm, activeFrom: new Date(activeFromMs).toISOString() };
    log.info(type, body);
    events.push({ type, body });
  };

  const openOrSkip = (stored: StoredSigningKey): SigningKey[] => {
    const known = opened.find(({ id }) => id === stored.id);
    if (known !== undefined) return [known];
    try {
      return [openSigningKey(stored, sealer)];
    } catch (cause) {
      // Another master key is a mistake of the operator: going on would split the servers into two issuers.
      if (cause instanceof SealingError && cause.code === 'sealed_key_unknown') {
        throw cannotOpen(stored.id, cause);
      }
      log.error('signing_key.rejected', { key: stored.id, error: cause });
      return [];
    }
  };

  const load = async () => {
    const stored = await store.list();
    const nowMs = clock.nowMs();
    const alive = stored.filter(({ retiredAtMs }) => retiredAtMs === undefined || retiredAtMs > nowMs);
    opened = inOrder(alive.flatMap(openOrSkip));
  };

  const add = async (algorithm: SigningAlgorithm, activeFromMs: number) => {
    const id = newId('key', clock);
    const createdAtMs = clock.nowMs();
    const key = await createStoredSigningKey({ id, algorithm, createdAtMs, activeFromMs }, sealer);
    if (await store.add(key)) report('key.created', key);
  };

  /** True when something was changed and the keys must be looked at again. */
  const advance = async (algorithm: SigningAlgorithm): Promise<boolean> => {
    const keys = opened.filter((key) => key.algorithm === algorithm);
    const plan = planRotation(keys, clock.nowMs(), schedule);
    if (plan.addFromMs !== undefined) await add(algorithm, plan.addFromMs);
    for (const key of keys.filter(({ id }) => plan.retire.includes(id))) {
      await store.retire(key.id, clock.nowMs());
      report('key.retired', key);
    }
    return plan.addFromMs !== undefined || plan.retire.length > 0;
  };

  return {
    async settle(algorithms) {
      for (let attempt = 0; attempt < ATTEMPTS_MAX; attempt += 1) {
        await load();
        let changed = false;
        for (const algorithm of algorithms) changed = (await advance(algorithm)) || changed;
        if (!changed) return opened;
      }
      throw doesNotSettle();
    },
    async deliverEvents() {
      for (let event = events[0]; event !== undefined; event = events[0]) {
        await options.onEvent(event);
        events.shift();
      }
    },
  };
}
