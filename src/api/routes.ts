import { Discovery, Jwks, Liveness, OpenApiDocument, Readiness } from './discovery.ts';
import { findingRoutes, ruleRoutes } from './finding-routes.ts';
import { BODY_PROBLEMS, QUERY_PROBLEMS } from './common-problems.ts';
import { PostureRequest, PostureResult } from './posture.ts';
import type { ProblemCode } from './problem.ts';
import type { Route } from './route.ts';
import { accessRoutes } from './routes-access.ts';
import { decisionRoutes } from './routes-decisions.ts';
import { inputRoutes } from './routes-inputs.ts';
import { inventoryRoutes } from './routes-inventory.ts';
import { leaseRoutes } from './routes-leases.ts';
import { logRoutes } from './routes-log.ts';
import { overviewRoutes } from './routes-overview.ts';
import { peopleRoutes } from './routes-people.ts';
import { ParkedList, ParkedQuery, SinkList, SinkRetried } from './sink.ts';
import { ADMIN_LINK_PATH } from './session.ts';
import { WhoamiRequest, WhoamiResult } from './subject.ts';
import { FORM_MEDIA_TYPE, TOKEN_PATH, TokenRequest, TokenResponse } from './token-exchange.ts';

/** What every route can answer, beside its own problems. */
export const COMMON_PROBLEMS = [
  'request_malformed',
  'request_timeout',
  'headers_too_large',
  'internal_error',
] as const satisfies readonly ProblemCode[];

/** The whole API. The key is the operation's id. */
export const routes = {
  exchangeToken: {
    method: 'POST',
    path: TOKEN_PATH,
    summary: 'Exchange a platform token for a short-lived credential (RFC 8693)',
    auth: 'none',
    body: TokenRequest,
    bodyMediaType: FORM_MEDIA_TYPE,
    answer: { status: 200, schema: TokenResponse },
    problems: [],
  },
  getOpenIdConfiguration: {
    method: 'GET',
    path: '/.well-known/openid-configuration',
    summary: 'Issuer metadata for those who verify tokens that Vouchgate issues',
    auth: 'none',
    answer: { status: 200, schema: Discovery },
    problems: [],
  },
  getAuthorizationServerMetadata: {
    method: 'GET',
    path: '/.well-known/oauth-authorization-server',
    summary: 'Authorization server metadata (RFC 8414)',
    auth: 'none',
    answer: { status: 200, schema: Discovery },
    problems: [],
  },
  getJwks: {
    method: 'GET',
    path: '/.well-known/jwks.json',
    summary: 'Public keys of the tokens that Vouchgate issues',
    auth: 'none',
    answer: { status: 200, schema: Jwks, mediaType: 'application/jwk-set+json' },
    problems: [],
  },
  getLiveness: {
    method: 'GET',
    path: '/healthz',
    summary: 'The process is up',
    auth: 'none',
    answer: { status: 200, schema: Liveness },
    problems: [],
  },
  getReadiness: {
    method: 'GET',
    path: '/readyz',
    summary: 'A durable write is possible and a configuration is in force',
    auth: 'none',
    answer: { status: 200, schema: Readiness },
    problems: ['configuration_missing', 'store_unavailable'],
  },
  getOpenApi: {
    method: 'GET',
    path: '/v1/openapi.json',
    summary: 'This document',
    auth: 'none',
    answer: { status: 200, schema: OpenApiDocument },
    problems: [],
  },
  getHomePage: {
    method: 'GET',
    path: '/',
    summary: 'What this server is, for people',
    auth: 'none',
    answer: { status: 200, mediaType: 'text/html; charset=utf-8' },
    problems: [],
  },
  getAdminLinkPage: {
    method: 'GET',
    path: ADMIN_LINK_PATH,
    summary: 'Shows what to do with an admin link; the link itself never reaches the server',
    auth: 'none',
    answer: { status: 200, mediaType: 'text/html; charset=utf-8' },
    problems: [],
  },
  identifyToken: {
    method: 'POST',
    path: '/v1/whoami',
    summary: 'Whom a platform token is taken for; it is verified and not used up',
    auth: 'none',
    body: WhoamiRequest,
    answer: { status: 200, schema: WhoamiResult },
    problems: [...BODY_PROBLEMS, 'overloaded'],
  },
  inspectPipeline: {
    method: 'POST',
    path: '/v1/posture',
    summary: 'How the pipeline is that a platform token comes from; the token is verified and not used up',
    auth: 'none',
    body: PostureRequest,
    answer: { status: 200, schema: PostureResult },
    problems: [...BODY_PROBLEMS, 'overloaded'],
  },
  ...peopleRoutes,
  ...overviewRoutes,
  ...inventoryRoutes,
  ...accessRoutes,
  ...decisionRoutes,
  ...leaseRoutes,
  ...findingRoutes,
  ...ruleRoutes,
  ...logRoutes,
  ...inputRoutes,
  listSinks: {
    method: 'GET',
    path: '/v1/sinks',
    summary: 'Where copies of the record go, and how far they are',
    auth: 'session',
    action: 'viewRecord',
    answer: { status: 200, schema: SinkList },
    problems: ['store_unavailable'],
  },
  listParkedEvents: {
    method: 'GET',
    path: '/v1/sinks/{name}/parked',
    summary: 'Events that a sink will not take, in the order of the log',
    auth: 'session',
    action: 'viewRecord',
    query: ParkedQuery,
    answer: { status: 200, schema: ParkedList },
    problems: [...QUERY_PROBLEMS, 'not_found'],
  },
  retrySink: {
    method: 'POST',
    path: '/v1/sinks/{name}/retry',
    summary: 'Try a sink at once, and its parked events again',
    auth: 'session',
    action: 'configure',
    answer: { status: 200, schema: SinkRetried },
    problems: ['not_found', 'store_unavailable'],
  },
} as const satisfies Record<string, Route>;

export type Routes = typeof routes;
export type RouteId = keyof Routes;

export function isRouteId(text: string): text is RouteId {
  return Object.hasOwn(routes, text);
}
