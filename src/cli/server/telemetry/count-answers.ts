import type { VouchgateMetrics } from '#core/telemetry/metric-catalogue.ts';
import type { AnswerListener } from '#server/dispatch.ts';

const CLASSES = ['none', 'none', '2xx', '3xx', '4xx', '5xx'] as const;

/** Counts by the ids of our own operations: a path that nobody has is `unrouted`, whatever it says. */
export function createAnswerCounter(metrics: Pick<VouchgateMetrics, 'count' | 'observe'>): AnswerListener {
  return (operation, status, seconds) => {
    const status_class = CLASSES[Math.floor(status / 100)] ?? 'none';
    metrics.count('vouchgate_http_requests_total', { operation, status_class });
    metrics.observe('vouchgate_http_request_duration_seconds', { operation }, seconds);
  };
}
