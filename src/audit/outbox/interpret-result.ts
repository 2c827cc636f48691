import type { Rejection, SendResult, SinkBatch, SinkDocument, SinkTrouble } from '../sinks/sink.ts';
import type { ParkedEvent } from './ports.ts';

/** Rejected in a row, with nothing taken in between: then it is the sink that is wrong, not the events. */
const REJECTED_IN_A_ROW_MAX = 20;

/** What follows from what a sink answered. */
export interface Outcome {
  /** Documents from the first on that need not be sent again. */
  readonly settled: number;
  readonly rejected: readonly Rejection[];
  readonly trouble: SinkTrouble | undefined;
  readonly rejectedInARow: number;
}

/** The last half of a batch that is down to one document: that one is what will never be taken. */
function rejectLast({ settled, rejected, trouble }: SendResult, batch: SinkBatch): SendResult {
  const left = batch.documents.length - settled;
  if (trouble?.kind !== 'split' || left !== 1) return { settled, rejected, ...(trouble && { trouble }) };
  const { code, message } = trouble;
  return { settled: settled + 1, rejected: [...rejected, { at: settled, code, message }] };
}

function everythingRejected({ code, message }: Rejection): SinkTrouble {
  return {
    kind: 'refused',
    code: 'everything_rejected',
    message: `It takes no event at all (${code}): ${message}`,
  };
}

/**
 * Reads the answer of a sink. One that refuses event after event is wrongly set up: parking them all would only hide
 * that, so nothing of it counts, and the sink waits.
 */
export function interpretResult(result: SendResult, batch: SinkBatch, rejectedBefore: number): Outcome {
  const { settled, rejected, trouble } = rejectLast(result, batch);
  const taken = result.taken ?? settled - rejected.length;
  const rejectedInARow = taken > 0 ? 0 : rejectedBefore + rejected.length;
  const [first] = rejected;
  if (first !== undefined && rejectedInARow > REJECTED_IN_A_ROW_MAX)
    return { settled: 0, rejected: [], trouble: everythingRejected(first), rejectedInARow: rejectedBefore };
  return { settled, rejected, trouble, rejectedInARow };
}

export function parkedOf(
  document: SinkDocument,
  { code, message }: Pick<Rejection, 'code' | 'message'>,
  nowMs: number,
): ParkedEvent {
  return {
    index: document.index,
    sequence: document.event.sequence,
    eventId: document.event.id,
    code,
    message,
    parkedAtMs: nowMs,
    retryAsked: false,
  };
}
