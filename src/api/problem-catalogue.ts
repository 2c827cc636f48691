import { peopleProblems } from './people-problems.ts';
import type { ProblemCode } from './problem.ts';

export interface ProblemEntry {
  status: number;
  title: string;
  /** What to do about it, where the place that found it knows nothing better. */
  remedy: string;
}

const MEND_STORE = 'The operator finds the cause in the log of the server; it recovers without a restart.';

/** Status, title and remedy of every problem: one source for the server and for the reference page. */
export const problemCatalogue: Readonly<Record<ProblemCode, ProblemEntry>> = {
  ...peopleProblems,
  request_malformed: {
    status: 400,
    title: 'The request is not well-formed',
    remedy: 'Send well-formed HTTP/1.1; /v1/openapi.json has what each operation takes.',
  },
  request_invalid: {
    status: 400,
    title: 'The request has invalid values',
    remedy: 'Correct what `fields` names; /v1/openapi.json has what the operation takes.',
  },
  request_timeout: {
    status: 408,
    title: 'The request did not arrive in time',
    remedy: 'Send the whole request at once, and try again.',
  },
  headers_too_large: {
    status: 431,
    title: 'The header fields are too large',
    remedy: 'Send less than 16 KiB of header fields.',
  },
  body_too_large: {
    status: 413,
    title: 'The body is too large',
    remedy: 'Send a smaller body; the detail has the limit.',
  },
  media_type_unsupported: {
    status: 415,
    title: 'The media type of the body is not supported',
    remedy: 'Send the body as the detail says, in UTF-8 and without a content encoding.',
  },
  not_found: {
    status: 404,
    title: 'There is nothing here',
    remedy: 'Check the path against /v1/openapi.json.',
  },
  method_not_allowed: {
    status: 405,
    title: 'This method is not for this path',
    remedy: 'Use a method that the Allow header names.',
  },
  authentication_required: {
    status: 401,
    title: 'A token is needed',
    remedy: 'Log in with an admin link: `vouchgate login LINK`.',
  },
  session_invalid: {
    status: 401,
    title: 'The session is not valid, or has ended',
    remedy:
      'Log in again: `vouchgate up --admin-link` on the server prints a link, `vouchgate login LINK` takes it.',
  },
  admin_link_invalid: {
    status: 401,
    title: 'The admin link is not valid, was used, or has expired',
    remedy: 'Make a new one with `vouchgate up --admin-link` on the server.',
  },
  lease_token_invalid: {
    status: 401,
    title: 'The token is not that of this lease',
    remedy: 'Use the `lease.token` that came with the credential.',
  },
  access_denied: {
    status: 403,
    title: 'A policy does not allow this',
    remedy: 'Have the policy changed, or ask for something else.',
  },
  too_many_failures: {
    status: 429,
    title: 'Too many failed attempts from this address',
    remedy: 'Wait as long as Retry-After says, then try with a valid token.',
  },
  lease_unknown: {
    status: 404,
    title: 'There is no such lease',
    remedy: 'List the leases: `vouchgate leases`.',
  },
  lease_not_renewable: {
    status: 409,
    title: 'This lease cannot be renewed',
    remedy: 'Exchange a fresh token for a new credential.',
  },
  lease_ended: {
    status: 409,
    title: 'The lease has ended',
    remedy: 'Exchange a fresh token for a new credential.',
  },
  lease_expired_maximum: {
    status: 409,
    title: 'The lease has reached its longest life',
    remedy: 'Exchange a fresh token for a new credential.',
  },
  decision_unknown: {
    status: 404,
    title: 'There is no such decision',
    remedy: 'List the decisions: `vouchgate audit list`.',
  },
  event_unknown: {
    status: 404,
    title: 'There is no such event',
    remedy: 'Take a sequence number from `vouchgate audit list`.',
  },
  receipt_pending: {
    status: 503,
    title: 'The event is not in the log yet',
    remedy: 'Try again in a second: the log is sealed a moment after an event is recorded.',
  },
  finding_unknown: {
    status: 404,
    title: 'There is no such finding',
    remedy: 'List the findings: `vouchgate findings list`.',
  },
  findings_busy: {
    status: 503,
    title: 'The findings of this repository change too fast',
    remedy: 'Try again in a moment.',
  },
  triage_invalid: {
    status: 422,
    title: 'The decision cannot be kept',
    remedy: 'Give an owner, a reason, and a day in the future.',
  },
  repository_invalid: {
    status: 422,
    title: 'The repository has no usable name',
    remedy: 'Give it as owner/name, with at most 200 printable characters.',
  },
  repository_unknown: {
    status: 404,
    title: 'There is no such repository',
    remedy: 'Upload its definitions: `vouchgate scan --upload` in the repository.',
  },
  pipeline_unknown: {
    status: 404,
    title: 'There is no such pipeline',
    remedy: 'Look for it in the list of pipelines; a file that was moved has a new name there.',
  },
  definitions_invalid: {
    status: 400,
    title: 'The definitions cannot be used',
    remedy: 'Upload them with `vouchgate scan --upload` of this version.',
  },
  definitions_too_large: {
    status: 413,
    title: 'The definitions take more to inspect than they may',
    remedy: 'Exclude what is no pipeline (`scan: exclude:` in .vouchgate.yml), and upload again.',
  },
  report_too_large: {
    status: 413,
    title: 'The report is too large',
    remedy: 'Split it, or let the tool leave out what is no finding.',
  },
  report_unreadable: {
    status: 422,
    title: 'The report cannot be read',
    remedy: 'Let the tool write it again; `vouchgate import --dry-run` says more.',
  },
  report_refused: {
    status: 422,
    title: 'The report is refused for what it holds',
    remedy: 'Take out document type definitions and nested archives.',
  },
  report_unknown: {
    status: 422,
    title: 'The format of the report is not known',
    remedy: 'Name the format with `as`, or let the tool write SARIF.',
  },
  report_ambiguous: {
    status: 422,
    title: 'The report could be of several formats',
    remedy: 'Name the format with `as`.',
  },
  backend_unavailable: {
    status: 503,
    title: 'The back-end did not answer',
    remedy: 'Try again shortly; `vouchgate doctor` on the server finds the cause.',
  },
  frozen: {
    status: 403,
    title: 'Access is frozen',
    remedy: 'Ask those who froze it; `vouchgate freeze` shows what is stopped and why.',
  },
  freeze_unknown: {
    status: 404,
    title: 'Nothing is frozen under this id',
    remedy: 'Take the id from `GET /v1/freezes`; it may have ended.',
  },
  freeze_target_unknown: {
    status: 422,
    title: 'There is nothing of this name to freeze',
    remedy: 'Name a resource or an identity provider of the configuration in force.',
  },
  proposal_unknown: {
    status: 404,
    title: 'There is no such proposal',
    remedy: 'Take the id from `GET /v1/configuration/proposals`.',
  },
  proposal_invalid: {
    status: 422,
    title: 'The configuration would not be valid',
    remedy: 'Mend what `fields` names; `POST /v1/policies/check` gives the places.',
  },
  proposal_outdated: {
    status: 409,
    title: 'The configuration changed meanwhile',
    remedy: 'Look at it again as it is now, then repeat what you meant.',
  },
  proposal_decided: {
    status: 409,
    title: 'The proposal is decided already',
    remedy: 'Propose the change again if it is still wanted.',
  },
  approval_needs_owner: {
    status: 403,
    title: 'The change is about who may do what here',
    remedy: 'Ask an owner to approve it.',
  },
  approval_by_author: {
    status: 403,
    title: 'Nobody approves a change of their own',
    remedy: 'Ask somebody else, or set `changes.approvals: 0` in vouchgate.yaml, in the folder itself.',
  },
  configuration_missing: {
    status: 503,
    title: 'No valid configuration is in force',
    remedy: 'Mend vouchgate.yaml; `vouchgate policy check` says what is wrong.',
  },
  overloaded: {
    status: 503,
    title: 'Too many requests are under way',
    remedy: 'Try again after the time that Retry-After gives.',
  },
  store_unavailable: { status: 503, title: 'The store cannot be reached', remedy: MEND_STORE },
  store_full: { status: 503, title: 'The store is full', remedy: MEND_STORE },
  store_read_only: { status: 503, title: 'The store is read-only', remedy: MEND_STORE },
  store_corrupt: { status: 503, title: 'The store is damaged', remedy: MEND_STORE },
  store_version_unknown: {
    status: 503,
    title: 'The store was written by a newer version',
    remedy: 'Run the version of Vouchgate that wrote it, or a newer one.',
  },
  store_locked: {
    status: 503,
    title: 'Another process uses the store',
    remedy: 'Stop the other server on the same data directory.',
  },
  store_refused: {
    status: 422,
    title: 'The store cannot keep this value',
    remedy: 'Send a smaller value, or under another name.',
  },
  internal_error: {
    status: 500,
    title: 'Something went wrong here',
    remedy: 'Give the incident id to the operator; the cause is in the log under it.',
  },
};
