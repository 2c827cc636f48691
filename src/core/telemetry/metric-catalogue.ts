import type { MetricCatalogue, Metrics } from './metric-registry.ts';

const SECONDS = [0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30];
const MICROSECONDS = [0.000_005, 0.000_01, 0.000_025, 0.000_05, 0.000_1, 0.000_25, 0.001, 0.01, 0.1];
const CALLS = [1, 2, 4, 8, 16, 32, 64, 128, 256, 512];

/**
 * Every figure that `/metrics` shows. No label ever holds the name of a repository, a person or a workload: they
 * would be personal, without bound, and open to whoever reads the dashboard. docs/guides/monitoring.md has this
 * table, and a test keeps the two the same.
 */
export const metricCatalogue = {
  vouchgate_build_info: {
    kind: 'gauge',
    help: 'Always 1; the version is the label.',
    labels: { version: 'configured' },
  },
  vouchgate_configuration_in_force: {
    kind: 'gauge',
    help: '1 when a valid configuration is in force; at 0 every exchange is denied.',
    labels: {},
  },
  vouchgate_configuration_refused: {
    kind: 'gauge',
    help: '1 while the newest configuration on disk is refused and the one before it is in force.',
    labels: {},
  },
  vouchgate_exchanges_total: {
    kind: 'counter',
    help: 'Exchanges that were answered, by outcome and by the code of the denial.',
    labels: { outcome: ['issued', 'denied', 'failed'], reason: 'configured' },
  },
  vouchgate_exchange_duration_seconds: {
    kind: 'histogram',
    help: 'Time from the parsed request to the answer of an exchange.',
    labels: { outcome: ['issued', 'denied', 'failed'] },
    buckets: SECONDS,
  },
  vouchgate_http_requests_total: {
    kind: 'counter',
    help: 'Requests over HTTP, by operation of the API and class of the answer; `none` had gone before it was answered.',
    labels: { operation: 'configured', status_class: ['2xx', '3xx', '4xx', '5xx', 'none'] },
  },
  vouchgate_http_request_duration_seconds: {
    kind: 'histogram',
    help: 'Time from the head of a request to its answer, by operation of the API.',
    labels: { operation: 'configured' },
    buckets: SECONDS,
  },
  vouchgate_token_verifications_total: {
    kind: 'counter',
    help: 'Tokens of platforms that were verified, by result.',
    labels: { result: ['accepted', 'refused', 'failed'] },
  },
  vouchgate_token_verification_duration_seconds: {
    kind: 'histogram',
    help: 'Time to verify the token of a platform; a cold key set is in it.',
    labels: {},
    buckets: SECONDS,
  },
  vouchgate_policy_evaluations_total: {
    kind: 'counter',
    help: 'Decisions of the policies, by outcome.',
    labels: { outcome: ['allow', 'deny', 'failed'] },
  },
  vouchgate_policy_evaluation_duration_seconds: {
    kind: 'histogram',
    help: 'Time for one decision of the policies.',
    labels: {},
    buckets: MICROSECONDS,
  },
  vouchgate_posture_answers_total: {
    kind: 'counter',
    help: 'Questions about the posture of a pipeline: known already, inspected now, or unknown.',
    labels: { answer: ['cached', 'inspected', 'unknown'] },
  },
  vouchgate_posture_inspection_duration_seconds: {
    kind: 'histogram',
    help: 'Time until the posture of a pipeline was known that was not cached.',
    labels: {},
    buckets: SECONDS,
  },
  vouchgate_credential_calls_total: {
    kind: 'counter',
    help: 'Calls of credential providers, by kind of provider, operation and outcome.',
    labels: {
      kind: 'configured',
      operation: ['issue', 'renew', 'revoke', 'sweep'],
      outcome: ['ok', 'unavailable', 'refused', 'failed'],
    },
  },
  vouchgate_credential_call_duration_seconds: {
    kind: 'histogram',
    help: 'Time of one call of a credential provider.',
    labels: { kind: 'configured', operation: ['issue', 'renew', 'revoke', 'sweep'] },
    buckets: SECONDS,
  },
  vouchgate_leases: {
    kind: 'gauge',
    help: 'Leases that have not ended, by state.',
    labels: { state: ['pending', 'active', 'revoking'] },
  },
  vouchgate_lease_transitions_total: {
    kind: 'counter',
    help: 'Leases that this server brought into a state; irrevocable ones need a person.',
    labels: { state: ['pending', 'active', 'revoking', 'revoked', 'expired', 'failed', 'irrevocable'] },
  },
  vouchgate_log_size_entries: {
    kind: 'gauge',
    help: 'Entries of the transparency log.',
    labels: {},
  },
  vouchgate_log_seconds_behind: {
    kind: 'gauge',
    help: 'Age of the oldest recorded event that is not in the transparency log yet; 0 when there is none.',
    labels: {},
  },
  vouchgate_log_witnessed_size_entries: {
    kind: 'gauge',
    help: 'Entries under the newest checkpoint that enough witnesses have signed.',
    labels: {},
  },
  vouchgate_log_seconds_since_witnessed: {
    kind: 'gauge',
    help: 'Age of the newest checkpoint that enough witnesses have signed; not there without witnesses.',
    labels: {},
  },
  vouchgate_sink_lag_seconds: {
    kind: 'gauge',
    help: 'Age of the oldest event that a sink does not have yet.',
    labels: { sink: 'configured' },
  },
  vouchgate_sink_events_behind: {
    kind: 'gauge',
    help: 'Events that a sink does not have yet.',
    labels: { sink: 'configured' },
  },
  vouchgate_sink_parked_events: {
    kind: 'gauge',
    help: 'Events that a sink will not take; each needs a person.',
    labels: { sink: 'configured' },
  },
  vouchgate_sink_up: {
    kind: 'gauge',
    help: '1 while a sink takes events, 0 when its circuit is open or it was stopped.',
    labels: { sink: 'configured' },
  },
  vouchgate_findings: {
    kind: 'gauge',
    help: 'Findings that are neither fixed nor accepted, of all tools, by severity.',
    labels: { severity: ['critical', 'high', 'medium', 'low', 'info'] },
  },
  vouchgate_store_commits_total: {
    kind: 'counter',
    help: 'Durable transactions of the store.',
    labels: {},
  },
  vouchgate_store_batch_calls: {
    kind: 'histogram',
    help: 'Calls that shared one durable transaction.',
    labels: {},
    buckets: CALLS,
  },
  vouchgate_store_write_duration_seconds: {
    kind: 'histogram',
    help: 'Time until a write of the broker was durable.',
    labels: { operation: ['commit', 'transition'] },
    buckets: SECONDS,
  },
  vouchgate_store_failures_total: {
    kind: 'counter',
    help: 'Writes of the broker that the store refused or lost.',
    labels: { operation: ['commit', 'transition'] },
  },
  vouchgate_input_records_total: {
    kind: 'counter',
    help: 'Records of other systems that came in, by input: new ones, known ones, and ones that made no sense.',
    labels: { input: 'configured', outcome: ['stored', 'repeated', 'refused'] },
  },
  vouchgate_input_failures_total: {
    kind: 'counter',
    help: 'Times that an input could not be read, or somebody was refused who wanted to deliver to it.',
    labels: { input: 'configured' },
  },
  vouchgate_input_seconds_since_success: {
    kind: 'gauge',
    help: 'Time since this server last read an input to its end, for inputs that are read and not delivered.',
    labels: { input: 'configured' },
  },
  vouchgate_trace_spans_total: {
    kind: 'counter',
    help: 'Spans, by what became of them.',
    labels: { outcome: ['exported', 'dropped', 'refused'] },
  },
  process_cpu_seconds_total: {
    kind: 'counter',
    help: 'CPU time of the process, of user and system.',
    labels: {},
  },
  process_resident_memory_bytes: {
    kind: 'gauge',
    help: 'Resident memory of the process.',
    labels: {},
  },
  process_start_time_seconds: {
    kind: 'gauge',
    help: 'When the process started, in seconds since the epoch.',
    labels: {},
  },
  nodejs_heap_used_bytes: {
    kind: 'gauge',
    help: 'Memory of the JavaScript heap that is in use.',
    labels: {},
  },
  nodejs_eventloop_lag_p99_seconds: {
    kind: 'gauge',
    help: 'How late timers were since the last look, 99 percent of them at most.',
    labels: {},
  },
} as const satisfies MetricCatalogue;

export type VouchgateMetrics = Metrics<typeof metricCatalogue>;
