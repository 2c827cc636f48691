import { randomUUID } from 'node:crypto';
import type { NoteSigner } from '#audit/log/note-key.ts';
import { createSealer } from '#audit/log/sealer.ts';
import type { Clock } from '#core/clock.ts';
import type { Storage } from '#storage/storage.ts';

/** How long a server that seals is waited for when it has gone silent. */
const LEAD_MS = 3_000;
const LEAD_AGAIN_MS = 1_000;
/** Steps without a look at anything else, when there is much to do. */
const STEPS_MAX = 100;

/**
 * Brings the log up to date. Of several servers one does it: the others look every second whether it is still there.
 * Returns the work for a timer, which is at most a second apart.
 *
 * @param postQuantum signs beside the signer; read for each step
 */
export function createLogSealing(
  storage: Pick<Storage, 'events' | 'log'>,
  signer: NoteSigner,
  clock: Clock,
  postQuantum: () => NoteSigner | undefined = () => undefined,
): () => Promise<void> {
  const server = randomUUID();
  const { log, events } = storage;
  const signers = () => [signer, postQuantum()].filter((each) => each !== undefined);
  const sealer = createSealer({ store: log, events, origin: signer.name, signers, clock });
  let leadsUntilMs = 0;
  let asksAgainMs = 0;

  const leads = async (): Promise<boolean> => {
    const nowMs = clock.nowMs();
    if (nowMs < asksAgainMs) return nowMs < leadsUntilMs;
    asksAgainMs = nowMs + LEAD_AGAIN_MS;
    const led = await log.lead(server, nowMs, nowMs + LEAD_MS);
    leadsUntilMs = led ? nowMs + LEAD_MS : 0;
    return led;
  };

  return async () => {
    if (!(await leads())) return;
    for (let step = 0; step < STEPS_MAX; step += 1) {
      const sealed = await sealer.seal();
      if (sealed.outcome !== 'sealed' || !sealed.more) return;
    }
  };
}
