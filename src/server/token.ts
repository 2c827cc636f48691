import type { IncomingMessage, ServerResponse } from 'node:http';
import {
  CREDENTIAL_TOKEN_TYPE,
  FORM_MEDIA_TYPE,
  TOKEN_PATH,
  type TokenResponse,
} from '#api/token-exchange.ts';
import type { ExchangeRequest, ExchangeResult, IssuedExchange } from '#broker/exchange.ts';
import type { Logger } from '#core/log.ts';
import { Secret } from '#core/secret.ts';
import { StoreError } from '#core/store-error.ts';
import type { Admission } from './admission.ts';
import type { Answer, SendAnswer } from './answer.ts';
import type { ServerDependencies } from './dependencies.ts';
import { reportIncident } from './incident.ts';
import { isMediaType } from './media-type.ts';
import { discardBody, type ReadBody } from './request-body.ts';
import { headerText, isEncoded, isRepeated } from './request-headers.ts';
import { problemOfStore, RequestProblem } from './request-problem.ts';
import { answerDenial, answerFault } from './token-errors.ts';
import { parseTokenRequest } from './token-request.ts';
import { momentOf } from './views.ts';

/** Token types of RFC 8693 §3 that can be used as an access token; all else is `N_A` (§2.2.1). */
const BEARER_TYPES = new Set([
  'urn:ietf:params:oauth:token-type:access_token',
  'urn:ietf:params:oauth:token-type:jwt',
]);

export type TokenEndpoint = (request: IncomingMessage, response: ServerResponse) => Promise<void>;

function plainValue(value: string | Secret | undefined): string {
  return value instanceof Secret ? value.reveal() : (value ?? '');
}

/** The one place where a credential leaves its wrapper for the wire. */
function accessTokenOf({ accessTokenField, credential }: IssuedExchange): string {
  if (accessTokenField !== undefined) return plainValue(credential.values[accessTokenField]);
  const entries = Object.entries(credential.values).map(([name, value]) => [name, plainValue(value)]);
  return JSON.stringify(Object.fromEntries(entries));
}

/** The client hides these before anything can print them. */
function secretFieldsOf({ accessTokenField, credential }: IssuedExchange): string[] {
  const leaving = accessTokenField === undefined ? Object.keys(credential.values) : [accessTokenField];
  return leaving.filter((name) => credential.values[name] instanceof Secret);
}

export function tokenResponse(issued: IssuedExchange, nowMs: number): TokenResponse {
  const { lease, credential, accessTokenField } = issued;
  const tokenType = accessTokenField === undefined ? CREDENTIAL_TOKEN_TYPE : issued.issuedTokenType;
  return {
    access_token: accessTokenOf(issued),
    issued_token_type: tokenType,
    token_type: BEARER_TYPES.has(tokenType) ? 'Bearer' : 'N_A',
    expires_in: Math.max(0, Math.floor((credential.expiresAtMs - nowMs) / 1_000)),
    decision: issued.decision,
    resource: lease.resource,
    credential_type: issued.credentialType,
    value_field: accessTokenField ?? null,
    secret_fields: secretFieldsOf(issued),
    environment: { ...credential.environment },
    expires_at: momentOf(credential.expiresAtMs),
    lease: {
      id: lease.id,
      token: issued.leaseToken,
      renewable: issued.renewable,
      revocable: lease.revocable,
    },
  };
}

const OVERLOADED = answerDenial(undefined, {
  code: 'overloaded',
  message: 'Too many exchanges are under way.',
  facts: [],
  remedy: 'Try again after the time that Retry-After gives; the token was not used.',
  retryable: true,
});

function answerResult(result: ExchangeResult, nowMs: number): Answer {
  if (result.outcome === 'denied') return answerDenial(result.decision, result.denial);
  return {
    status: 200,
    mediaType: 'application/json',
    body: JSON.stringify(tokenResponse(result.issued, nowMs)),
    // RFC 6749 §5.1 wants it for caches of HTTP/1.0, beside `Cache-Control: no-store`.
    headers: ['Pragma', 'no-cache'],
  };
}

/** What stands in the way of an answer becomes one: the caller is told what it can do, never the cause. */
function answerError(error: unknown, log: Logger): Answer {
  if (error instanceof RequestProblem) {
    if (error.code === 'overloaded') return OVERLOADED;
    const reason = error.code === 'body_too_large' ? 'body_too_large' : 'request_malformed';
    return answerFault({ reason, message: error.message, remedy: 'Send the form of one exchange, whole.' });
  }
  if (error instanceof StoreError) {
    log.error('http.store_failed', { operation: 'exchangeToken', code: error.code, error });
    const { message, remedy } = problemOfStore(error);
    return answerDenial(undefined, {
      code: 'store_unavailable',
      message,
      facts: [],
      remedy: remedy ?? '',
      retryable: error.code !== 'store_refused',
    });
  }
  const incident = reportIncident(log, 'exchangeToken', error);
  return answerFault({
    reason: 'internal_error',
    message: `The server met an error of its own, incident ${incident}.`,
    remedy: 'Give the incident id to the operator; the cause is in the log under it.',
  });
}

/** A second Authorization or DPoP field: we and a proxy could each look at another one. */
function answerRepeatedHeader(request: IncomingMessage): Answer | undefined {
  // RFC 9449 §4.3, check 1. Node joins fields of one name with a comma, which no JWT contains.
  if (headerText(request, 'dpop')?.includes(',') === true) {
    return answerDenial(undefined, {
      code: 'proof_invalid',
      message: 'There is more than one DPoP header field.',
      facts: [],
      remedy: 'Send one DPoP proof per request (RFC 9449).',
      retryable: false,
    });
  }
  if (request.headers.authorization === undefined || !isRepeated(request, 'authorization')) return undefined;
  const message = 'There is more than one Authorization header field.';
  return answerFault({
    reason: 'request_malformed',
    message,
    remedy: 'Leave it out: the token is in the form.',
  });
}

/** `POST /oauth2/token`: RFC 8693 on one resource, by hand for speed. */
export function createTokenEndpoint(options: {
  deps: Pick<ServerDependencies, 'broker' | 'clock' | 'log' | 'publicUrl'>;
  admission: Admission;
  formBytesMax: number;
  readBody: ReadBody;
  sourceOf: (request: IncomingMessage) => string | undefined;
  send: SendAnswer;
}): TokenEndpoint {
  const { deps, admission, send } = options;
  const url = deps.publicUrl.replace(/\/+$/, '') + TOKEN_PATH;

  const proofOf = (header: string | undefined): ExchangeRequest['proof'] =>
    header === undefined ? undefined : { jwt: header, method: 'POST', url };

  const exchange = async (request: ExchangeRequest): Promise<Answer> => {
    const release = admission.enter();
    if (release === undefined) return OVERLOADED;
    try {
      return answerResult(await deps.broker.exchange(request), deps.clock.nowMs());
    } finally {
      release();
    }
  };

  const answerTo = async (request: IncomingMessage): Promise<Answer> => {
    if (!isMediaType(request.headers['content-type'], FORM_MEDIA_TYPE) || isEncoded(request)) {
      return answerFault({
        reason: 'media_type_unsupported',
        message: `The body is not ${FORM_MEDIA_TYPE}.`,
        remedy: `Send a form as ${FORM_MEDIA_TYPE}, in UTF-8 and without a content encoding.`,
      });
    }
    const repeated = answerRepeatedHeader(request);
    if (repeated !== undefined) return repeated;
    const body = await options.readBody(request, options.formBytesMax);
    const parsed = parseTokenRequest(body.toString('latin1'));
    if (!parsed.ok) return answerFault(parsed.fault);
    const proof = proofOf(headerText(request, 'dpop'));
    const traceparent = headerText(request, 'traceparent');
    return exchange({ ...parsed.value, proof, sourceIp: options.sourceOf(request), traceparent });
  };

  return async (request, response) => {
    let answer: Answer;
    try {
      answer = await answerTo(request);
    } catch (error) {
      answer = answerError(error, deps.log);
    }
    if (!request.complete) await discardBody(request);
    send(response, answer, { close: !request.complete });
  };
}
