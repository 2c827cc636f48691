import type { IncomingHttpHeaders, IncomingMessage, ServerResponse } from 'node:http';
import type { Route } from '#api/route.ts';
import { type RouteId, routes } from '#api/routes.ts';
import type { Logger } from '#core/log.ts';
import { StoreError } from '#core/store-error.ts';
import type { Answer, SendAnswer } from './answer.ts';
import type { Authenticate, Caller } from './authenticate.ts';
import type { HandledRouteId, Handlers, Reply } from './handler.ts';
import { isOwnRoute, type OwnEndpoints } from './own-endpoint.ts';
import { reportIncident } from './incident.ts';
import type { ServerLimits } from './limits.ts';
import { parseBody, parseQuery } from './parse-request.ts';
import { discardBody, type ReadBody } from './request-body.ts';
import {
  answerWithProblem,
  internalProblem,
  problemOf,
  problemOfStore,
  RequestProblem,
} from './request-problem.ts';
import { parseRequestTarget } from './request-target.ts';
import type { RouteMatch, Router } from './router.ts';
import type { TokenEndpoint } from './token.ts';

/** A handler whose types are no longer known: its input has passed the schemas of its own route. */
type AnyHandler = (request: {
  params: Readonly<Record<string, string>>;
  query: unknown;
  body: unknown;
  caller: Caller;
  sourceIp: string | undefined;
  headers: IncomingHttpHeaders;
}) => Reply<unknown> | Promise<Reply<unknown>>;

export interface DispatchOptions {
  router: Router;
  handlers: Handlers;
  own: OwnEndpoints;
  token: TokenEndpoint;
  authenticate: Authenticate;
  sourceOf: (request: IncomingMessage) => string | undefined;
  readBody: ReadBody;
  limits: Pick<ServerLimits, 'jsonBytesMax' | 'openJsonBytesMax' | 'reportBytesMax'>;
  log: Logger;
  send: SendAnswer;
  /** Told of each answer. Undefined, where nobody counts: then it costs nothing. */
  onAnswer?: AnswerListener | undefined;
}

/** `status` is 0 where the caller had gone before it was answered. */
export type AnswerListener = (operation: RouteId | 'unrouted', status: number, seconds: number) => void;

function bodyOf(value: unknown, mediaType: string): string | Uint8Array {
  if (value instanceof Uint8Array) return value;
  return mediaType.startsWith('text/') ? String(value) : JSON.stringify(value);
}

function answerReply(route: Route, reply: Reply<unknown>): Answer {
  const { value, headers, cacheControl, contentSecurityPolicy } = reply;
  const { mediaType = 'application/json' } = { ...route.answer, ...reply.as };
  const status = reply.as?.status ?? route.answer.status;
  return {
    status,
    mediaType,
    body: status === 204 ? '' : bodyOf(value, mediaType),
    ...(headers === undefined ? {} : { headers }),
    ...(cacheControl === undefined ? {} : { cacheControl }),
    ...(contentSecurityPolicy === undefined ? {} : { contentSecurityPolicy }),
  };
}

function bytesMaxOf(route: Route, limits: DispatchOptions['limits']): number {
  if (route.binaryBody && route.auth !== 'none') return limits.reportBytesMax;
  return route.auth === 'none' ? limits.openJsonBytesMax : limits.jsonBytesMax;
}

/** The caller is told what it can do; the cause goes to the log and nowhere else. */
function answerError(error: unknown, operation: string, log: Logger): Answer {
  if (error instanceof RequestProblem) return answerWithProblem(problemOf(error), error.headers);
  if (error instanceof StoreError) {
    log.error('http.store_failed', { operation, code: error.code, error });
    const problem = problemOfStore(error);
    return answerWithProblem(problemOf(problem), problem.headers);
  }
  return answerWithProblem(internalProblem(reportIncident(log, operation, error)));
}

function unrouted(allowed: readonly string[]): RequestProblem {
  if (allowed.length === 0) return new RequestProblem('not_found', 'No resource has this path.');
  return new RequestProblem('method_not_allowed', `This path takes ${allowed.join(', ')}.`, {
    headers: { Allow: allowed.join(', ') },
  });
}

/** From a request to its handler and back. Never rejects. */
export function createDispatch(options: DispatchOptions) {
  const { router, handlers, authenticate, limits, log, send } = options;

  const answerTo = async (
    id: HandledRouteId,
    params: Readonly<Record<string, string>>,
    query: string,
    request: IncomingMessage,
  ): Promise<Answer> => {
    const route: Route = routes[id];
    const sourceIp = options.sourceOf(request);
    const bytesMax = bytesMaxOf(route, limits);
    // Before anything else is looked at: strangers learn nothing of what is behind.
    const caller = await authenticate(route, id, request, sourceIp);
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- input passes this route's own schemas
    const handler = handlers[id] as AnyHandler;
    const reply = await handler({
      params,
      query: parseQuery(route, query),
      body: await parseBody(route, request, options.readBody, bytesMax),
      caller,
      sourceIp,
      headers: request.headers,
    });
    return answerReply(route, reply);
  };

  const finish = async (request: IncomingMessage, response: ServerResponse, answer: Answer) => {
    await discardBody(request);
    send(response, answer, { close: !request.complete });
  };

  const serve = async (
    request: IncomingMessage,
    response: ServerResponse,
    target: ReturnType<typeof parseRequestTarget>,
    match: RouteMatch | undefined,
  ): Promise<void> => {
    if (match?.found === true && match.id === 'exchangeToken') return options.token(request, response);
    let answer: Answer;
    try {
      if (target === undefined || match === undefined) {
        throw new RequestProblem('request_malformed', 'The request target is not a path.');
      }
      if (!match.found || match.id === 'exchangeToken') throw unrouted(match.found ? [] : match.allowed);
      answer = isOwnRoute(match.id)
        ? await options.own[match.id](request, match.params)
        : await answerTo(match.id, match.params, target.query, request);
    } catch (error) {
      answer = answerError(error, operationOf(match), log);
    }
    return finish(request, response, answer);
  };

  const find = (request: IncomingMessage) => {
    const target = parseRequestTarget(request.url ?? '');
    return { target, match: target && router(request.method ?? '', target.path) };
  };

  const { onAnswer } = options;
  if (onAnswer === undefined) {
    return (request: IncomingMessage, response: ServerResponse): Promise<void> => {
      const { target, match } = find(request);
      return serve(request, response, target, match);
    };
  }
  return async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const startedAtMs = performance.now();
    const { target, match } = find(request);
    try {
      await serve(request, response, target, match);
    } finally {
      const seconds = (performance.now() - startedAtMs) / 1_000;
      onAnswer(operationOf(match), response.headersSent ? response.statusCode : 0, seconds);
    }
  };
}

function operationOf(match: RouteMatch | undefined): RouteId | 'unrouted' {
  return match?.found === true ? match.id : 'unrouted';
}
