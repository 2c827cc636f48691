import { setTimeout as delay } from 'node:timers/promises';
import type { Receipt } from '#api/log.ts';
import type { RecordedEvent } from '#audit/event.ts';
import { newId } from '#core/ids.ts';
import type { RepositoryScope } from '#core/repository-scope.ts';
import { principalIdOf } from '#identity/principal.ts';
import type { Admission } from './admission.ts';
import { readStory, readStoryFor, unknownDecision } from './decision-story.ts';
import type { ServerDependencies } from './dependencies.ts';
import type { HandlersOf } from './handler.ts';
import { overloaded } from './request-body.ts';
import { eventsInScope } from './record-scope.ts';
import { RequestProblem } from './request-problem.ts';

/** The log is at most a second behind. */
const WAIT_MS = 2_500;
const POLL_MS = 100;

export function createReceiptHandlers(
  deps: Pick<ServerDependencies, 'broker' | 'events' | 'decisions' | 'transparencyLog' | 'clock'>,
  admission: Admission,
): HandlersOf<'getEventReceipt' | 'listReceipts' | 'claimReceipts' | 'eraseEvent'> {
  const { broker, events, transparencyLog } = deps;

  /** Waits for the sealer, a moment and not longer. */
  const receiptOf = async (event: RecordedEvent): Promise<Receipt> => {
    for (let waitedMs = 0; waitedMs < WAIT_MS; waitedMs += POLL_MS) {
      const receipt = await transparencyLog.receiptOf(event);
      if (receipt !== undefined) return { schema: 'vouchgate-receipt/1', ...receipt };
      await delay(POLL_MS);
    }
    throw new RequestProblem('receipt_pending', 'The event is recorded and not in the log yet.', {
      headers: { 'Retry-After': '1' },
    });
  };

  const findEvent = async (text: string, scope: RepositoryScope): Promise<RecordedEvent> => {
    const sequence = /^\d{1,15}$/.test(text) ? Number(text) : -1;
    const [event] = sequence < 0 ? [] : await events.list({ afterSequence: sequence - 1, limit: 1 });
    const [seen] = event?.sequence === sequence ? await eventsInScope([event], scope, deps.decisions) : [];
    if (seen !== undefined) return seen;
    throw new RequestProblem('event_unknown', 'There is no event with this sequence number.');
  };

  const receiptsOf = async (story: readonly RecordedEvent[]) => {
    const receipts: Receipt[] = [];
    for (const event of story) receipts.push(await receiptOf(event));
    return { value: { receipts } };
  };

  return {
    async getEventReceipt({ params, caller }) {
      return { value: await receiptOf(await findEvent(params.sequence, caller.scope)) };
    },
    async eraseEvent({ params, body, caller }) {
      const event = await findEvent(params.sequence, caller.scope);
      // Its proof is complete before anything of it goes.
      await receiptOf(event);
      await events.append([
        {
          id: newId('evt', deps.clock),
          timeMs: deps.clock.nowMs(),
          type: 'event.erased',
          actor: { kind: 'person', id: caller.subject },
          body: { event: event.id, sequence: event.sequence, reason: body.reason, session: caller.id },
        },
      ]);
      await transparencyLog.erase(event);
      return { value: undefined };
    },
    async listReceipts({ params, caller }) {
      return receiptsOf(await readStoryFor(events, params.id, caller.scope));
    },
    async claimReceipts({ params, body }) {
      const release = admission.enter();
      if (release === undefined) throw overloaded();
      try {
        const verification = await broker.identify(body.token);
        const story = await readStory(events, params.id);
        // One answer for a decision that is not there, a token that is not good, and somebody else's decision.
        const own = verification.ok && principalIdOf(verification.value.identity) === story[0].actor.id;
        if (!own) throw unknownDecision();
        return await receiptsOf(story);
      } finally {
        release();
      }
    },
  };
}
