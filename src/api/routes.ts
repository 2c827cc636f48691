import { Configuration } from './configuration.ts';
import { Decision, DecisionPage, DecisionQuery } from './decision.ts';
import { Discovery, Jwks, Liveness, OpenApiDocument, Readiness } from './discovery.ts';
import { EventPage, EventQuery } from './event.ts';
import { findingRoutes } from './finding-routes.ts';
import { BODY_PROBLEMS, QUERY_PROBLEMS } from './common-problems.ts';
import { Lease, LeasePage, LeaseQuery, LeaseRevocation, LeaseRevocationResult } from './lease.ts';
import { PostureRequest, PostureResult } from './posture.ts';
import type { ProblemCode } from './problem.ts';
import type { Route } from './route.ts';
import { inputRoutes } from './routes-inputs.ts';
import { logRoutes } from './routes-log.ts';
import { ParkedList, ParkedQuery, SinkList, SinkRetried } from './sink.ts';
import { SealedSecretList, SealedSecretStored, SealedSecretUpdate } from './sealed-secret.ts';
import { ADMIN_LINK_PATH, Session, SessionRequest } from './session.ts';
import { SimulationRequest, SimulationResult, WhoamiRequest, WhoamiResult } from './subject.ts';
import { FORM_MEDIA_TYPE, TOKEN_PATH, TokenRequest, TokenResponse } from './token-exchange.ts';

/** What every route can answer, beside its own problems. */
export const COMMON_PROBLEMS = [
  'request_malformed',
  'request_timeout',
  'headers_too_large',
  'internal_error',
] as const satisfies readonly ProblemCode[];

const LEASE_PROBLEMS = [
  'lease_token_invalid',
  'lease_unknown',
  'access_denied',
  'backend_unavailable',
  'store_unavailable',
] as const;

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
  openSession: {
    method: 'POST',
    path: '/v1/sessions',
    summary: 'Redeem an admin link for a session, once',
    auth: 'none',
    body: SessionRequest,
    answer: { status: 201, schema: Session },
    problems: [...BODY_PROBLEMS, 'admin_link_invalid', 'too_many_failures', 'store_unavailable'],
  },
  closeSession: {
    method: 'DELETE',
    path: '/v1/sessions/current',
    summary: 'End the session that asks',
    auth: 'session',
    answer: { status: 204 },
    problems: ['store_unavailable'],
  },
  listLeases: {
    method: 'GET',
    path: '/v1/leases',
    summary: 'Leases, newest first',
    auth: 'session',
    query: LeaseQuery,
    answer: { status: 200, schema: LeasePage },
    problems: QUERY_PROBLEMS,
  },
  getLease: {
    method: 'GET',
    path: '/v1/leases/{id}',
    summary: 'One lease',
    auth: 'session',
    answer: { status: 200, schema: Lease },
    problems: ['lease_unknown', 'store_unavailable'],
  },
  renewLease: {
    method: 'POST',
    path: '/v1/leases/{id}/renew',
    summary: 'Let the same credential live longer',
    auth: 'lease-or-session',
    answer: { status: 200, schema: Lease },
    problems: [...LEASE_PROBLEMS, 'lease_not_renewable', 'lease_ended', 'lease_expired_maximum'],
  },
  revokeLease: {
    method: 'POST',
    path: '/v1/leases/{id}/revoke',
    summary: 'End a lease now; one that has ended already is a success',
    auth: 'lease-or-session',
    answer: { status: 200, schema: Lease },
    problems: LEASE_PROBLEMS,
  },
  revokeLeases: {
    method: 'POST',
    path: '/v1/leases/revoke',
    summary: 'End all leases that match',
    auth: 'session',
    body: LeaseRevocation,
    answer: { status: 200, schema: LeaseRevocationResult },
    problems: [...BODY_PROBLEMS, 'store_unavailable'],
  },
  listDecisions: {
    method: 'GET',
    path: '/v1/decisions',
    summary: 'Decisions, newest first',
    auth: 'session',
    query: DecisionQuery,
    answer: { status: 200, schema: DecisionPage },
    problems: QUERY_PROBLEMS,
  },
  getDecision: {
    method: 'GET',
    path: '/v1/decisions/{id}',
    summary: 'The story of one decision',
    auth: 'session',
    answer: { status: 200, schema: Decision },
    problems: ['decision_unknown', 'store_unavailable'],
  },
  listEvents: {
    method: 'GET',
    path: '/v1/events',
    summary: 'The record: newest first, or from `after` on, oldest first',
    auth: 'session',
    query: EventQuery,
    answer: { status: 200, schema: EventPage },
    problems: QUERY_PROBLEMS,
  },
  ...findingRoutes,
  ...logRoutes,
  ...inputRoutes,
  listSinks: {
    method: 'GET',
    path: '/v1/sinks',
    summary: 'Where copies of the record go, and how far they are',
    auth: 'session',
    answer: { status: 200, schema: SinkList },
    problems: ['store_unavailable'],
  },
  listParkedEvents: {
    method: 'GET',
    path: '/v1/sinks/{name}/parked',
    summary: 'Events that a sink will not take, in the order of the log',
    auth: 'session',
    query: ParkedQuery,
    answer: { status: 200, schema: ParkedList },
    problems: [...QUERY_PROBLEMS, 'not_found'],
  },
  retrySink: {
    method: 'POST',
    path: '/v1/sinks/{name}/retry',
    summary: 'Try a sink at once, and its parked events again',
    auth: 'session',
    answer: { status: 200, schema: SinkRetried },
    problems: ['not_found', 'store_unavailable'],
  },
  simulateDecision: {
    method: 'POST',
    path: '/v1/simulate',
    summary: 'What would be decided; nothing is recorded or used up',
    auth: 'session',
    body: SimulationRequest,
    answer: { status: 200, schema: SimulationResult },
    problems: BODY_PROBLEMS,
  },
  getConfiguration: {
    method: 'GET',
    path: '/v1/configuration',
    summary: 'The configuration in force, and a refused change',
    auth: 'session',
    answer: { status: 200, schema: Configuration },
    problems: [],
  },
  listSealedSecrets: {
    method: 'GET',
    path: '/v1/sealed-secrets',
    summary: 'Names and dates of sealed secrets, never values',
    auth: 'session',
    answer: { status: 200, schema: SealedSecretList },
    problems: ['store_unavailable'],
  },
  putSealedSecret: {
    method: 'PUT',
    path: '/v1/sealed-secrets/{name}',
    summary: 'Store a value for what has nothing better, or replace it',
    auth: 'session',
    body: SealedSecretUpdate,
    answer: { status: 200, schema: SealedSecretStored },
    problems: [...BODY_PROBLEMS, 'store_unavailable'],
  },
} as const satisfies Record<string, Route>;

export type Routes = typeof routes;
export type RouteId = keyof Routes;

export function isRouteId(text: string): text is RouteId {
  return Object.hasOwn(routes, text);
}
