import { AppError } from '#core/errors.ts';
import { FetchError } from '#core/fetch-error.ts';
import type { Secret } from '#core/secret.ts';
import { quoteAnswer } from '../http-answer.ts';
import type { SinkTrouble } from '../sink.ts';
import { needsPerson } from '../tls-receiver.ts';
import type { KafkaClient } from './kafka-client.ts';

/** Something in the records is wrong, or they are too large: halves may be taken. */
const SPLITS: ReadonlySet<string> = new Set([
  'MESSAGE_TOO_LARGE',
  'RECORD_LIST_TOO_LARGE',
  'INVALID_RECORD',
  'INVALID_TIMESTAMP',
]);
/** Final for the library, and yet mended by another producer id, or by the broker itself. */
const PASSES: ReadonlySet<string> = new Set([
  'UNKNOWN_SERVER_ERROR',
  'OUT_OF_ORDER_SEQUENCE_NUMBER',
  'INVALID_PRODUCER_EPOCH',
  'INVALID_PRODUCER_ID_MAPPING',
  'UNKNOWN_PRODUCER_ID',
  'PRODUCER_FENCED',
]);
const ERRORS_LOOKED_AT_MAX = 50;

export const NO_LEADER: SinkTrouble = {
  kind: 'retry',
  code: 'kafka_no_leader',
  message: 'Nobody leads a partition of the topic at the moment.',
};

function kindOf(id: string, canRetry: boolean): SinkTrouble['kind'] {
  if (SPLITS.has(id)) return 'split';
  return canRetry || PASSES.has(id) ? 'retry' : 'refused';
}

/** What a broker says by an error code of its protocol. One that the library does not know may pass. */
export function troubleOfCode(
  client: KafkaClient,
  code: number,
  said: string | null | undefined,
  secrets: readonly Secret[],
): SinkTrouble {
  const id = client.protocolErrorsCodesById[code] ?? '';
  const known = client.protocolErrors[id];
  if (known === undefined)
    return { kind: 'retry', code: 'kafka_unknown_error', message: `The broker answered ${code}.` };
  const words = typeof said === 'string' && said !== '' ? said : known.message;
  const message = `The broker answered ${known.id}: ${quoteAnswer(words, secrets)}`;
  return { kind: kindOf(known.id, known.canRetry), code: `kafka_${known.id.toLowerCase()}`, message };
}

/** An error, what caused it, and what it is made of. */
function* eachError(error: unknown): Generator<object> {
  const waiting: unknown[] = [error];
  for (let count = 0; waiting.length > 0 && count < ERRORS_LOOKED_AT_MAX; count += 1) {
    const next = waiting.shift();
    if (typeof next !== 'object' || next === null) continue;
    yield next;
    waiting.push(Reflect.get(next, 'cause'));
    const parts: unknown = Reflect.get(next, 'errors');
    if (Array.isArray(parts)) waiting.push(...parts.slice(0, ERRORS_LOOKED_AT_MAX));
  }
}

function codeOf(error: object): string {
  const code: unknown = Reflect.get(error, 'code');
  return typeof code === 'string' ? code.toLowerCase().replace(/^plt_kfk_/, '') : 'unknown';
}

const REFUSED_CODES: ReadonlySet<string> = new Set(['authentication', 'user', 'unsupported_api']);

/**
 * What went wrong on the way. What our own configuration cannot give is thrown again.
 *
 * @throws {AppError}
 */
export function troubleOfError(client: KafkaClient, error: unknown, secrets: readonly Secret[]): SinkTrouble {
  if (error instanceof AppError && !(error instanceof FetchError)) throw error;
  const errors = [...eachError(error)];
  const judged = errors.find((each) => each instanceof FetchError);
  if (judged !== undefined) return { kind: 'refused', code: judged.code, message: judged.message };
  for (const each of errors) {
    const [code, said]: unknown[] = [Reflect.get(each, 'apiCode'), Reflect.get(each, 'serverErrorMessage')];
    if (typeof code === 'number')
      return troubleOfCode(client, code, typeof said === 'string' ? said : undefined, secrets);
  }
  const codes = errors.map(codeOf);
  const refused = codes.find((code) => REFUSED_CODES.has(code) || needsPerson(code.toUpperCase()));
  if (refused !== undefined)
    return { kind: 'refused', code: `kafka_${refused}`, message: saysOf(errors, secrets) };
  const code = codes.findLast((each) => each !== 'unknown') ?? 'unknown';
  const message = `The broker could not be reached or broke off (${code}).`;
  return { kind: 'retry', code: `kafka_${code}`, message };
}

/** The innermost message says most. */
function saysOf(errors: readonly object[], secrets: readonly Secret[]): string {
  const messages = errors.map((error) => (error instanceof Error ? error.message : ''));
  return quoteAnswer(messages.findLast((message) => message !== '') ?? 'unknown', secrets);
}
