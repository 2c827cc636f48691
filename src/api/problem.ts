import { z } from 'zod';
import { PersonAction } from './action.ts';
import { PersonRole } from './person.ts';

/** What can go wrong outside the token endpoint. Codes are API; each is a line of `docs/reference/errors.md`. */
export const ProblemCode = z.enum([
  'request_malformed',
  'request_invalid',
  'request_timeout',
  'headers_too_large',
  'body_too_large',
  'media_type_unsupported',
  'not_found',
  'method_not_allowed',
  'authentication_required',
  'session_invalid',
  'admin_link_invalid',
  'csrf_refused',
  'action_denied',
  'sign_in_refused',
  'sign_in_unavailable',
  'sign_in_not_configured',
  'session_required',
  'session_unknown',
  'api_token_unknown',
  'api_token_refused',
  'lease_token_invalid',
  'access_denied',
  'too_many_failures',
  'lease_unknown',
  'lease_not_renewable',
  'lease_ended',
  'lease_expired_maximum',
  'decision_unknown',
  'event_unknown',
  'receipt_pending',
  'finding_unknown',
  'findings_busy',
  'triage_invalid',
  'repository_invalid',
  'repository_unknown',
  'pipeline_unknown',
  'definitions_invalid',
  'definitions_too_large',
  'report_too_large',
  'report_unreadable',
  'report_refused',
  'report_unknown',
  'report_ambiguous',
  'backend_unavailable',
  'frozen',
  'freeze_unknown',
  'freeze_target_unknown',
  'proposal_unknown',
  'proposal_invalid',
  'proposal_outdated',
  'proposal_decided',
  'approval_by_author',
  'approval_needs_owner',
  'configuration_missing',
  'overloaded',
  'store_unavailable',
  'store_full',
  'store_read_only',
  'store_corrupt',
  'store_version_unknown',
  'store_locked',
  'store_refused',
  'internal_error',
]);
export type ProblemCode = z.infer<typeof ProblemCode>;

/** RFC 9457 problem details. `type` is a stable URN, `urn:vouchgate:error:<code>`; nothing is served for it. */
export const Problem = z.object({
  type: z.string(),
  title: z.string(),
  status: z.int(),
  detail: z.string(),
  code: ProblemCode,
  remedy: z.string(),
  /** Set on `internal_error`: the operator finds the cause in the log under it. */
  incident: z.string().optional(),
  /** Set on `request_invalid`: what in the request was wrong, and where. */
  fields: z.array(z.object({ path: z.string(), message: z.string() })).optional(),
  /** Set on `action_denied`: what was needed, which roles have it, and who has such a role. */
  needs: z.object({ action: PersonAction, roles: z.array(PersonRole), ask: z.array(z.string()) }).optional(),
});
export type Problem = z.infer<typeof Problem>;

export const PROBLEM_MEDIA_TYPE = 'application/problem+json';
export const PROBLEM_TYPE_PREFIX = 'urn:vouchgate:error:';
