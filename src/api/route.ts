import type { z } from 'zod';
import type { PersonAction } from './action.ts';
import type { ProblemCode } from './problem.ts';

/**
 * `none`: anybody · `session`: a person's session token · `lease-or-session`: the token of the lease that the
 * path names, or a session token.
 */
export type RouteAuth = 'none' | 'session' | 'lease-or-session';

export type RouteMethod = 'GET' | 'POST' | 'PUT' | 'DELETE';

interface RouteShape {
  method: RouteMethod;
  /**
   * RFC 6570: `/v1/leases/{id}` is one segment, and `{+path}` at the end takes all that follow. A literal segment
   * wins over a variable one.
   */
  path: string;
  summary: string;
  query?: z.ZodObject;
  /** JSON, unless `bodyMediaType` says otherwise. */
  body?: z.ZodType;
  bodyMediaType?: string;
  /** The body is taken as it is, of any media type, also gzipped; then `body` is left out. */
  binaryBody?: true;
  answer: { status: 200 | 201 | 204 | 303; schema?: z.ZodType; mediaType?: string };
  /** Codes beyond those that every route can give. */
  problems: readonly ProblemCode[];
}

/** Who may call it: a route that wants a caller says what that caller does. */
type RouteAccess = { auth: 'none' } | { auth: Exclude<RouteAuth, 'none'>; action: PersonAction };

/** One operation of the API, as data: the server routes by it, OpenAPI and the clients' types come from it. */
export type Route = RouteShape & RouteAccess;

type Segments<Path extends string> = Path extends `${string}{${infer Name}}${infer Rest}`
  ? (Name extends `+${infer Whole}` ? Whole : Name) | Segments<Rest>
  : never;

/** The variables of a path template, by name. */
export type PathParameters<R extends Route> = Readonly<Record<Segments<R['path']>, string>>;

type OutputOf<Schema, Otherwise> = Schema extends z.ZodType ? z.output<Schema> : Otherwise;

export type QueryOf<R extends Route> = OutputOf<R['query'], undefined>;
export type BodyOf<R extends Route> = R extends { binaryBody: true }
  ? Uint8Array
  : OutputOf<R['body'], undefined>;
/** What the handler gives: the answer's JSON before it is JSON. */
export type AnswerOf<R extends Route> = OutputOf<R['answer']['schema'], undefined>;
