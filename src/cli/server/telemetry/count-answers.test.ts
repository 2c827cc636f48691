import { expect, test } from 'vitest';
import { metricCatalogue } from '#core/telemetry/metric-catalogue.ts';
import { createMetrics } from '#core/telemetry/metric-registry.ts';
import { createAnswerCounter } from './count-answers.ts';

test('answers are counted by operation and class, and timed by operation', () => {
  const metrics = createMetrics(metricCatalogue);
  const onAnswer = createAnswerCounter(metrics);
  for (const status of [200, 204, 302, 404, 499, 503, 0, 101]) onAnswer('exchangeToken', status, 0.002);
  onAnswer('unrouted', 404, 0.000_1);
  const lines = metrics
    .expose()
    .split('\n')
    .filter((line) => line.startsWith('vouchgate_http_'));
  expect(lines).toEqual(
    expect.arrayContaining([
      'vouchgate_http_requests_total{operation="exchangeToken",status_class="2xx"} 2',
      'vouchgate_http_requests_total{operation="exchangeToken",status_class="3xx"} 1',
      'vouchgate_http_requests_total{operation="exchangeToken",status_class="4xx"} 2',
      'vouchgate_http_requests_total{operation="exchangeToken",status_class="5xx"} 1',
      'vouchgate_http_requests_total{operation="exchangeToken",status_class="none"} 2',
      'vouchgate_http_requests_total{operation="unrouted",status_class="4xx"} 1',
      'vouchgate_http_request_duration_seconds_bucket{operation="exchangeToken",le="0.001"} 0',
      'vouchgate_http_request_duration_seconds_bucket{operation="exchangeToken",le="0.0025"} 8',
      'vouchgate_http_request_duration_seconds_count{operation="unrouted"} 1',
    ]),
  );
});
