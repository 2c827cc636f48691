import { z } from 'zod';
import { QUERY_PROBLEMS } from './common-problems.ts';
import type { Route } from './route.ts';
import { TimelinePage, TimelineQuery } from './timeline.ts';

/** In the words of Splunk's HTTP Event Collector; every answer of these paths has this form, errors too. */
export const HecAnswer = z.object({
  text: z.string(),
  code: z.int(),
  'invalid-event-number': z.int().optional(),
});

export const DeliveryAnswer = z.object({ message: z.string() });

const HEC_PROBLEMS = ['body_too_large', 'media_type_unsupported', 'overloaded', 'store_unavailable'] as const;

function hecRoute<const Path extends string>(path: Path, summary: string) {
  return {
    method: 'POST',
    path,
    summary,
    auth: 'none',
    binaryBody: true,
    answer: { status: 200, schema: HecAnswer },
    problems: HEC_PROBLEMS,
  } as const satisfies Route;
}

/** What other systems tell us, the timeline that it becomes, and the figures of this server. */
export const inputRoutes = {
  listTimeline: {
    method: 'GET',
    path: '/v1/timeline',
    summary: 'Decisions of ours and activity of other systems, by identity, newest first',
    auth: 'session',
    action: 'viewRecord',
    query: TimelineQuery,
    answer: { status: 200, schema: TimelinePage },
    problems: QUERY_PROBLEMS,
  },
  receiveHecEvents: hecRoute('/services/collector/event', 'Take events as a Splunk HTTP Event Collector'),
  receiveHecEventsVersioned: hecRoute('/services/collector/event/1.0', 'The same under its versioned path'),
  receiveHecEventsShort: hecRoute('/services/collector', 'The same under its short path'),
  refuseHecRaw: hecRoute('/services/collector/raw', 'Raw data is refused: it has no fields to read'),
  refuseHecAck: hecRoute('/services/collector/ack', 'Indexer acknowledgement is off'),
  getHecHealth: {
    method: 'GET',
    path: '/services/collector/health',
    summary: 'Whether the collector takes events',
    auth: 'none',
    answer: { status: 200, schema: HecAnswer },
    problems: ['not_found'],
  },
  receiveWebhook: {
    method: 'POST',
    path: '/v1/inputs/{name}',
    summary: 'Take a signed webhook for an input of the configuration',
    auth: 'none',
    binaryBody: true,
    answer: { status: 200, schema: DeliveryAnswer },
    problems: ['not_found', ...HEC_PROBLEMS, 'too_many_failures'],
  },
  getMetrics: {
    method: 'GET',
    path: '/metrics',
    summary: 'Figures for Prometheus, when the configuration says who may read them',
    auth: 'none',
    answer: { status: 200, mediaType: 'text/plain; version=0.0.4; charset=utf-8' },
    problems: ['not_found', 'authentication_required', 'too_many_failures'],
  },
} as const satisfies Record<string, Route>;

/** Routes that judge their callers themselves, from the header of the request, before any of its body is read. */
export const OWN_ROUTES = [
  'receiveHecEvents',
  'receiveHecEventsVersioned',
  'receiveHecEventsShort',
  'refuseHecRaw',
  'refuseHecAck',
  'getHecHealth',
  'receiveWebhook',
  'getMetrics',
] as const satisfies readonly (keyof typeof inputRoutes)[];
export type OwnRouteId = (typeof OWN_ROUTES)[number];
