import type { Secret } from '#core/secret.ts';
import { exchange, parseAnswer, troubleOf } from '../http-answer.ts';
import type { SinkContext, SinkTrouble } from '../sink.ts';

const POLL_FIRST_MS = 250;
const POLL_LONGEST_MS = 5_000;

export interface AckQuery {
  readonly url: string;
  readonly channel: string;
  readonly token: Secret;
  readonly timeoutMs: number;
}

/**
 * Asks until the indexers have all of these. Undefined when they have. A `true` is told once only, so each answer
 * counts at once.
 */
export async function awaitAcknowledgement(
  context: SinkContext,
  { url, channel, token, timeoutMs }: AckQuery,
  ackIds: readonly number[],
  signal: AbortSignal,
): Promise<SinkTrouble | undefined> {
  const waiting = new Set(ackIds);
  const endMs = context.clock.nowMs() + timeoutMs;
  for (let pauseMs = POLL_FIRST_MS; ; pauseMs = Math.min(pauseMs * 2, POLL_LONGEST_MS)) {
    const done = await exchange(context.fetch, `${url}/services/collector/ack?channel=${channel}`, {
      method: 'POST',
      headers: { authorization: `Splunk ${token.reveal()}`, 'content-type': 'application/json' },
      body: JSON.stringify({ acks: [...waiting] }),
      signal,
    });
    const trouble = 'trouble' in done ? done.trouble : troubleOf(done.answer, context.clock, [token]);
    if (trouble !== undefined) return trouble.kind === 'split' ? { ...trouble, kind: 'retry' } : trouble;
    const acks = 'answer' in done ? parseAnswer(done.answer.body)?.['acks'] : undefined;
    for (const [id, acknowledged] of Object.entries(Object(acks))) {
      if (acknowledged === true) waiting.delete(Number(id));
    }
    if (waiting.size === 0) return undefined;
    if (context.clock.nowMs() + pauseMs > endMs) {
      const message = `The indexers did not acknowledge ${waiting.size} requests in time.`;
      return { kind: 'retry', code: 'splunk_not_acknowledged', message };
    }
    await context.sleep(pauseMs, signal);
  }
}
