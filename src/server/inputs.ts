import type { IncomingMessage } from 'node:http';
import { type HecAnswer, hecAnswers } from '#audit/inputs/hec/answers.ts';
import type { DeliveryAnswer, Receiver } from '#audit/inputs/input.ts';
import type { TakeIn } from '#audit/inputs/take-in.ts';
import { StoreError } from '#core/store-error.ts';
import type { Logger } from '#core/log.ts';
import type { Answer } from './answer.ts';
import type { FailureThrottle } from './failure-throttle.ts';
import type { OwnEndpoint, OwnEndpoints } from './own-endpoint.ts';
import type { ReadBody } from './request-body.ts';
import { headerText, isRepeated } from './request-headers.ts';
import { RequestProblem } from './request-problem.ts';
import { unpackBody } from './unpack-body.ts';

export interface OpenReceiver {
  readonly name: string;
  /** Id of the kind: `hec`, `webhook`. */
  readonly kind: string;
  readonly receiver: Receiver;
}

export interface InputDependencies {
  /** Those of the configuration in force. */
  receivers(): readonly OpenReceiver[];
  takeIn: TakeIn;
  /** For metrics: what became of a delivery. */
  onDelivery(input: string, outcome: { stored: number; repeated: number; refused: number } | 'failed'): void;
}

export interface InputEndpointOptions {
  inputs: InputDependencies | undefined;
  failures: FailureThrottle;
  sourceOf: (request: IncomingMessage) => string | undefined;
  readBody: ReadBody;
  log: Logger;
}

/** A batch, before and after it was unpacked; its sender has shown its token by then. */
const HEC_BYTES_MAX = 16 * 1024 * 1024;
/** A webhook is signed as a whole, so a stranger can make us hold this much. */
const WEBHOOK_BYTES_MAX = 1_048_576;

function toAnswer(status: number, body: object, headers?: readonly string[]): Answer {
  return {
    status,
    mediaType: 'application/json',
    body: JSON.stringify(body),
    ...(headers === undefined ? {} : { headers }),
  };
}

function hecReply({ status, code, text }: HecAnswer, headers?: readonly string[]): Answer {
  return toAnswer(status, { text, code }, headers);
}

/** In Splunk's words, as its senders read nothing else. */
function hecReplyTo(error: unknown, log: Logger): Answer {
  if (error instanceof RequestProblem && error.code === 'overloaded') return hecReply(hecAnswers.busy);
  if (error instanceof RequestProblem) return hecReply(hecAnswers.invalidFormat);
  log.error('input.delivery_failed', { error });
  return hecReply(error instanceof StoreError ? hecAnswers.busy : hecAnswers.internal);
}

/** Names of one header field only: two could be read as one by us, and as the other by a proxy. */
function headerOf(request: IncomingMessage): (name: string) => string | undefined {
  return (name) => (isRepeated(request, name) ? undefined : headerText(request, name));
}

export function createInputEndpoints(options: InputEndpointOptions): Omit<OwnEndpoints, 'getMetrics'> {
  const { inputs, failures, sourceOf, readBody, log } = options;
  const receiversOf = (kind: string) =>
    inputs?.receivers().filter((receiver) => receiver.kind === kind) ?? [];

  /** Stored before it is answered: what was answered with success is not lost. */
  const takeIn = async (name: string, answer: DeliveryAnswer): Promise<void> => {
    const taken = await inputs?.takeIn(name, answer.records);
    const { stored = 0, repeated = 0, refused = 0 } = taken ?? {};
    inputs?.onDelivery(name, { stored, repeated, refused: refused + answer.refused });
  };

  const receiveHec: OwnEndpoint = async (request) => {
    const receivers = receiversOf('hec');
    if (receivers.length === 0) throw new RequestProblem('not_found', 'No resource has this path.');
    const sourceIp = sourceOf(request);
    const wait = failures.waitSeconds(sourceIp);
    if (wait > 0) return hecReply(hecAnswers.busy, ['Retry-After', String(wait)]);
    const header = headerOf(request);
    let refusal: DeliveryAnswer | undefined;
    // Each input has a token of its own, and the token says which one is meant.
    for (const { name, receiver } of receivers) {
      refusal = await receiver.admit(header);
      if (refusal !== undefined) continue;
      try {
        const body = await unpackBody(request, await readBody(request, HEC_BYTES_MAX), HEC_BYTES_MAX);
        const answer = await receiver.receive({ header, body });
        await takeIn(name, answer);
        return toAnswer(answer.status, answer.body);
      } catch (error) {
        inputs?.onDelivery(name, 'failed');
        return hecReplyTo(error, log);
      }
    }
    failures.fail(sourceIp);
    return toAnswer(refusal?.status ?? 403, refusal?.body ?? {});
  };

  /** Says clearly what is not offered, to who holds a token. */
  const refuseHec =
    (answer: HecAnswer): OwnEndpoint =>
    async () => {
      if (receiversOf('hec').length === 0)
        throw new RequestProblem('not_found', 'No resource has this path.');
      return hecReply(answer);
    };

  const receiveWebhook: OwnEndpoint = async (request, { name = '' }) => {
    const found = receiversOf('webhook').find((receiver) => receiver.name === name);
    if (found === undefined) throw new RequestProblem('not_found', 'There is no such input.');
    const sourceIp = sourceOf(request);
    const wait = failures.waitSeconds(sourceIp);
    if (wait > 0) {
      throw new RequestProblem('too_many_failures', `Too many attempts failed; wait ${wait} s.`, {
        headers: { 'Retry-After': String(wait) },
      });
    }
    const body = await readBody(request, WEBHOOK_BYTES_MAX);
    const header = headerOf(request);
    // Signed as it was sent: what is packed is not unpacked before somebody vouches for it.
    const answer = await found.receiver.receive({ header, body });
    if (answer.status === 401) {
      failures.fail(sourceIp);
      inputs?.onDelivery(name, 'failed');
      log.warn('input.delivery_refused', { input: name, reason: JSON.stringify(answer.body) });
    } else await takeIn(name, answer);
    return toAnswer(answer.status, answer.body);
  };

  return {
    receiveHecEvents: receiveHec,
    receiveHecEventsVersioned: receiveHec,
    receiveHecEventsShort: receiveHec,
    refuseHecRaw: refuseHec(hecAnswers.rawRefused),
    refuseHecAck: refuseHec(hecAnswers.ackDisabled),
    getHecHealth: refuseHec(hecAnswers.healthy),
    receiveWebhook,
  };
}
