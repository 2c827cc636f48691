import { QUERY_PROBLEMS } from './common-problems.ts';
import {
  Decision,
  DecisionCountQuery,
  DecisionCounts,
  DecisionNews,
  DecisionPage,
  DecisionQuery,
  DecisionTop,
  DecisionTopQuery,
  DecisionWatchQuery,
} from './decision.ts';
import { EventPage, EventQuery } from './event.ts';
import type { Route } from './route.ts';

/** Decisions, and the record that they stand in. */
export const decisionRoutes = {
  listDecisions: {
    method: 'GET',
    path: '/v1/decisions',
    summary: 'Decisions, newest first',
    auth: 'session',
    action: 'view',
    query: DecisionQuery,
    answer: { status: 200, schema: DecisionPage },
    problems: QUERY_PROBLEMS,
  },
  watchDecisions: {
    method: 'GET',
    path: '/v1/decisions/news',
    summary: 'What was decided since; waits for news when it is asked to',
    auth: 'session',
    action: 'view',
    query: DecisionWatchQuery,
    answer: { status: 200, schema: DecisionNews },
    problems: QUERY_PROBLEMS,
  },
  countDecisions: {
    method: 'GET',
    path: '/v1/decisions/counts',
    summary: 'How many decisions there were, by hour or day and outcome',
    auth: 'session',
    action: 'view',
    query: DecisionCountQuery,
    answer: { status: 200, schema: DecisionCounts },
    problems: QUERY_PROBLEMS,
  },
  listTopValues: {
    method: 'GET',
    path: '/v1/decisions/top',
    summary: 'The values that decisions have most often: repositories, resources, policies, reasons',
    auth: 'session',
    action: 'view',
    query: DecisionTopQuery,
    answer: { status: 200, schema: DecisionTop },
    problems: QUERY_PROBLEMS,
  },
  getDecision: {
    method: 'GET',
    path: '/v1/decisions/{id}',
    summary: 'The story of one decision',
    auth: 'session',
    action: 'view',
    answer: { status: 200, schema: Decision },
    problems: ['decision_unknown', 'store_unavailable'],
  },
  listEvents: {
    method: 'GET',
    path: '/v1/events',
    summary: 'The record: newest first, or from `after` on, oldest first',
    auth: 'session',
    action: 'viewRecord',
    query: EventQuery,
    answer: { status: 200, schema: EventPage },
    problems: QUERY_PROBLEMS,
  },
} as const satisfies Record<string, Route>;
