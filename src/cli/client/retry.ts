import { randomInt } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import { ClientError } from './client-error.ts';
import type { HttpAnswer } from './http-send.ts';

export type Sleep = (ms: number) => Promise<unknown>;

export interface RetryOptions {
  attemptsMax: number;
  /** First pause; doubles with each attempt, with up to as much again at random, so that jobs do not march in step. */
  pauseMs: number;
  sleep: Sleep;
}

export const retryDefaults: RetryOptions = { attemptsMax: 4, pauseMs: 250, sleep: (ms) => delay(ms) };

const PAUSE_MS_MAX = 20_000;
const PASSING = new Set(['server_unreachable', 'server_timeout']);

/** Seconds of a `Retry-After` header as milliseconds; its date form is not worth a clock comparison here. */
export function retryAfterMs(answer: HttpAnswer): number | undefined {
  const seconds = Number(answer.headers['retry-after']);
  return Number.isFinite(seconds) && seconds >= 0 ? Math.min(seconds * 1000, PAUSE_MS_MAX) : undefined;
}

/**
 * Calls until there is an answer that is worth keeping. Only for requests that may be repeated: a lost
 * answer looks the same as a lost request.
 */
export async function withRetries(
  send: (attempt: number) => Promise<HttpAnswer>,
  shouldRetry: (answer: HttpAnswer) => boolean,
  options: RetryOptions,
): Promise<HttpAnswer> {
  for (let attempt = 1; ; attempt += 1) {
    const isLast = attempt >= options.attemptsMax;
    let pauseMs = Math.min(options.pauseMs * 2 ** (attempt - 1), PAUSE_MS_MAX);
    pauseMs += randomInt(Math.max(1, Math.round(pauseMs)));
    try {
      const answer = await send(attempt);
      if (isLast || !shouldRetry(answer)) return answer;
      pauseMs = Math.max(retryAfterMs(answer) ?? 0, pauseMs);
    } catch (error) {
      if (isLast || !(error instanceof ClientError) || !PASSING.has(error.code)) throw error;
    }
    await options.sleep(pauseMs);
  }
}
