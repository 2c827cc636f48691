import type { IncomingMessage } from 'node:http';
import { OWN_ROUTES, type OwnRouteId } from '#api/routes-inputs.ts';
import type { Answer } from './answer.ts';

/**
 * Answers one route whose protocol is somebody else's: it judges the caller from the header, reads the body only
 * then, and writes its own answer. @throws {RequestProblem}
 */
export type OwnEndpoint = (
  request: IncomingMessage,
  params: Readonly<Record<string, string>>,
) => Promise<Answer>;

export type OwnEndpoints = Readonly<Record<OwnRouteId, OwnEndpoint>>;

export function isOwnRoute(id: string): id is OwnRouteId {
  return OWN_ROUTES.some((own) => own === id);
}
