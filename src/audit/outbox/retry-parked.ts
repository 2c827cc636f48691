import type { SendResult, SinkBatch, SinkTrouble } from '../sinks/sink.ts';
import type { DeliveryOptions } from './delivery.ts';
import { interpretResult, parkedOf } from './interpret-result.ts';
import { BatchPlanner } from './plan-batch.ts';
import type { ParkedEvent } from './ports.ts';

/**
 * Sends a parked event once more, alone. It is parked no more when it was taken, and parked anew when it was refused
 * again; what comes back is trouble that has nothing to do with it: it stays as it is, asked for.
 */
export async function retryParked(
  options: DeliveryOptions,
  parked: ParkedEvent,
  checkpoint: string | undefined,
  send: (batch: SinkBatch) => Promise<SendResult>,
): Promise<SinkTrouble | undefined> {
  const { store, name, readLog, origin, schema, limits, clock } = options;
  const items = await readLog({ from: parked.index, size: parked.index + 1, limit: 1 });
  const nowMs = clock.nowMs();
  const plan = new BatchPlanner(limits, { schema, origin, nowMs }).add(items).finish();
  const [document] = plan?.documents ?? [];
  if (document === undefined) {
    await store.park(name, plan?.parked[0] ?? { ...parked, retryAsked: false });
    return undefined;
  }
  const batch: SinkBatch = { origin, documents: [document], checkpoint };
  const { rejected, trouble } = interpretResult(await send(batch), batch, 0);
  const [rejection] = rejected;
  if (rejection !== undefined) await store.park(name, parkedOf(document, rejection, nowMs));
  else if (trouble === undefined) await store.unpark(name, parked.index);
  return trouble;
}
