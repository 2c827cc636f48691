import type { AnswerOf, BodyOf, PathParameters, QueryOf, Route } from '#api/route.ts';
import type { RouteId, Routes } from '#api/routes.ts';
import type { LeaseAuthority } from '#broker/broker.ts';
import type { StoredSession } from './ports.ts';

type CallerOf<R extends Route> = R['auth'] extends 'session'
  ? StoredSession
  : R['auth'] extends 'lease-or-session'
    ? LeaseAuthority
    : undefined;

/** A request that has passed the route's schemas and its authentication. */
export interface RouteRequest<R extends Route> {
  params: PathParameters<R>;
  query: QueryOf<R>;
  body: BodyOf<R>;
  caller: CallerOf<R>;
  sourceIp: string | undefined;
}

type ValueOf<R extends Route> = R['answer'] extends { mediaType: `text/html${string}` }
  ? string
  : AnswerOf<R>;

export interface Reply<Value> {
  /** JSON before it is JSON; the text itself where the answer is a page. */
  value: Value;
  headers?: readonly string[];
  cacheControl?: string;
  contentSecurityPolicy?: string;
}

export type Handler<R extends Route> = (
  request: RouteRequest<R>,
) => Reply<ValueOf<R>> | Promise<Reply<ValueOf<R>>>;

/** One for every route of the table; the token endpoint has a path of its own (`token.ts`). */
export type Handlers = { readonly [Id in Exclude<RouteId, 'exchangeToken'>]: Handler<Routes[Id]> };

export type HandlersOf<Id extends keyof Handlers> = Pick<Handlers, Id>;
