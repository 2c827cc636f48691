import type { ProblemCode } from './problem.ts';

/** What reading a list can answer. */
export const QUERY_PROBLEMS = [
  'request_invalid',
  'store_unavailable',
] as const satisfies readonly ProblemCode[];

/** What a body can be refused for. */
export const BODY_PROBLEMS = [
  'request_invalid',
  'body_too_large',
  'media_type_unsupported',
] as const satisfies readonly ProblemCode[];
