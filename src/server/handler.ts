import type { IncomingHttpHeaders } from 'node:http';
import type { AnswerOf, BodyOf, PathParameters, QueryOf, Route } from '#api/route.ts';
import type { RouteId, Routes } from '#api/routes.ts';
import type { OwnRouteId } from '#api/routes-inputs.ts';
import type { LeaseCaller, Person } from './ports.ts';

type CallerOf<R extends Route> = R['auth'] extends 'session'
  ? Person
  : R['auth'] extends 'lease-or-session'
    ? LeaseCaller
    : undefined;

/** A request that has passed the route's schemas and its authentication. */
export interface RouteRequest<R extends Route> {
  params: PathParameters<R>;
  query: QueryOf<R>;
  body: BodyOf<R>;
  caller: CallerOf<R>;
  sourceIp: string | undefined;
  headers: IncomingHttpHeaders;
}

type ValueOf<R extends Route> = R['answer'] extends { mediaType: `text/${string}` }
  ? string
  : R['answer'] extends { mediaType: 'application/octet-stream' }
    ? Uint8Array
    : AnswerOf<R>;

export interface Reply<Value> {
  /** JSON before it is JSON; the text or the bytes themselves where the answer is no JSON. */
  value: Value;
  /** Where a protocol of others wants another answer than that of the route. */
  as?: { status: number; mediaType: string };
  headers?: readonly string[];
  cacheControl?: string;
  contentSecurityPolicy?: string;
}

export type Handler<R extends Route> = (
  request: RouteRequest<R>,
) => Reply<ValueOf<R>> | Promise<Reply<ValueOf<R>>>;

/**
 * One for every route of the table; the token endpoint has a path of its own (`token.ts`), and so have those whose
 * protocol is somebody else's (`own-endpoint.ts`).
 */
export type HandledRouteId = Exclude<RouteId, 'exchangeToken' | OwnRouteId>;
export type Handlers = { readonly [Id in HandledRouteId]: Handler<Routes[Id]> };

export type HandlersOf<Id extends keyof Handlers> = Pick<Handlers, Id>;
