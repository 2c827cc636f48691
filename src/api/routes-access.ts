import { BODY_PROBLEMS } from './common-problems.ts';
import { Configuration } from './configuration.ts';
import type { Route } from './route.ts';
import { configurationChangeRoutes } from './routes-configuration-changes.ts';
import { SealedSecretList, SealedSecretStored, SealedSecretUpdate } from './sealed-secret.ts';
import { SimulationRequest, SimulationResult } from './subject.ts';

/** Who may have what: configuration, policies, and trying them out. */
export const accessRoutes = {
  ...configurationChangeRoutes,
  simulateDecision: {
    method: 'POST',
    path: '/v1/simulate',
    summary: 'What would be decided; nothing is recorded or used up',
    auth: 'session',
    action: 'view',
    body: SimulationRequest,
    answer: { status: 200, schema: SimulationResult },
    problems: [...BODY_PROBLEMS, 'decision_unknown', 'store_unavailable'],
  },
  getConfiguration: {
    method: 'GET',
    path: '/v1/configuration',
    summary: 'The configuration in force, and a refused change',
    auth: 'session',
    action: 'view',
    answer: { status: 200, schema: Configuration },
    problems: ['access_denied'],
  },
  listSealedSecrets: {
    method: 'GET',
    path: '/v1/sealed-secrets',
    summary: 'Names and dates of sealed secrets, never values',
    auth: 'session',
    action: 'configure',
    answer: { status: 200, schema: SealedSecretList },
    problems: ['store_unavailable'],
  },
  putSealedSecret: {
    method: 'PUT',
    path: '/v1/sealed-secrets/{name}',
    summary: 'Store a value for what has nothing better, or replace it',
    auth: 'session',
    action: 'configure',
    body: SealedSecretUpdate,
    answer: { status: 200, schema: SealedSecretStored },
    problems: [...BODY_PROBLEMS, 'store_unavailable'],
  },
} as const satisfies Record<string, Route>;
