/** Splunk's own answers, by its own numbers: senders act on `code`. */
export const hecAnswers = {
  success: { status: 200, code: 0, text: 'Success' },
  tokenDisabled: { status: 403, code: 1, text: 'Token disabled' },
  tokenRequired: { status: 401, code: 2, text: 'Token is required' },
  invalidAuthorization: { status: 401, code: 3, text: 'Invalid authorization' },
  invalidToken: { status: 403, code: 4, text: 'Invalid token' },
  noData: { status: 400, code: 5, text: 'No data' },
  invalidFormat: { status: 400, code: 6, text: 'Invalid data format' },
  /** Splunk takes raw data; we do not, as it has no fields to read. */
  rawRefused: { status: 400, code: 6, text: 'Invalid data format: send events to /services/collector/event' },
  internal: { status: 500, code: 8, text: 'Internal server error' },
  busy: { status: 503, code: 9, text: 'Server is busy' },
  eventRequired: { status: 400, code: 12, text: 'Event field is required' },
  eventBlank: { status: 400, code: 13, text: 'Event field cannot be blank' },
  ackDisabled: { status: 400, code: 14, text: 'ACK is disabled' },
  healthy: { status: 200, code: 17, text: 'HEC is healthy' },
} as const;
export type HecAnswer = (typeof hecAnswers)[keyof typeof hecAnswers];
