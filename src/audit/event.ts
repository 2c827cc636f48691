import { z } from 'zod';

/**
 * Kinds of audit events. `decision.issued` is a decision and the release of its credential in one step, for
 * credentials that we mint ourselves; where a back-end is touched it is `decision.allowed` (the intent,
 * durable before the back-end is called) and later `credential.issued` or `credential.failed`.
 */
export const AuditEventType = z.enum([
  'decision.issued',
  'decision.allowed',
  'decision.denied',
  'credential.issued',
  'credential.reissued',
  'credential.failed',
  'lease.renewed',
  'lease.renewal_failed',
  'lease.revoked',
  'lease.expired',
  'lease.revocation_failed',
  'lease.irrevocable',
  'orphan.removed',
  'configuration.applied',
  'configuration.refused',
  'configuration.proposed',
  'configuration.approved',
  'configuration.rejected',
  'access.frozen',
  'access.unfrozen',
  'secret.sealed',
  'session.opened',
  'session.refused',
  'session.closed',
  'access.refused',
  'api_token.created',
  'api_token.revoked',
  'key.created',
  'key.retired',
  'event.erased',
  'log.pruned',
  'findings.imported',
  'finding.triaged',
  'finding.acceptance_ended',
  'sink.down',
  'sink.up',
  'sink.retried',
  'server.started',
  'server.stopped',
]);
export type AuditEventType = z.infer<typeof AuditEventType>;

export const AuditActor = z.strictObject({
  kind: z.enum(['workload', 'person', 'server']),
  /** A workload's principal id, a person's session subject, a server's id. */
  id: z.string(),
});
export type AuditActor = z.infer<typeof AuditActor>;

/** One thing that happened. `body` is specific to the type, holds no secret, and is never changed later. */
export const AuditEvent = z.strictObject({
  id: z.string(),
  timeMs: z.int(),
  type: AuditEventType,
  actor: AuditActor,
  /** The decision it belongs to, so that the story of one credential can be read in order. */
  decision: z.string().optional(),
  resource: z.string().optional(),
  lease: z.string().optional(),
  body: z.record(z.string(), z.unknown()),
});
export type AuditEvent = z.infer<typeof AuditEvent>;

/** An event as recorded: `sequence` grows in the order of recording and has no meaning beyond that. */
export type RecordedEvent = AuditEvent & { sequence: number };
