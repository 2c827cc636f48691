import { PROBLEM_MEDIA_TYPE, PROBLEM_TYPE_PREFIX, type Problem, type ProblemCode } from '#api/problem.ts';
import { problemCatalogue } from '#api/problem-catalogue.ts';
import { AppError, type AppErrorOptions } from '#core/errors.ts';
import type { StoreError } from '#core/store-error.ts';
import type { Needs } from '#people/authority.ts';
import type { Answer } from './answer.ts';

const DETAIL_CHARS_MAX = 1_000;
const RETRY_SECONDS = 1;

export interface RequestProblemOptions extends AppErrorOptions {
  fields?: readonly { path: string; message: string }[];
  headers?: Readonly<Record<string, string>>;
  needs?: Needs;
}

/** A request that is answered with a problem. `message` goes to the caller: it never repeats what they sent. */
export class RequestProblem extends AppError<ProblemCode> {
  readonly fields: readonly { path: string; message: string }[] | undefined;
  readonly headers: Readonly<Record<string, string>>;
  readonly needs: Needs | undefined;

  constructor(code: ProblemCode, message: string, options: RequestProblemOptions = {}) {
    super(code, message, options);
    this.fields = options.fields;
    this.headers = options.headers ?? {};
    this.needs = options.needs;
  }
}

/** What the caller is told of a store that fails: its code and remedy; the cause stays in the log. */
export function problemOfStore(error: StoreError): RequestProblem {
  const { status, title, remedy } = problemCatalogue[error.code];
  return new RequestProblem(error.code, `${title}; nothing was changed.`, {
    remedy: error.remedy ?? remedy,
    headers: status === 503 ? { 'Retry-After': String(RETRY_SECONDS) } : {},
    cause: error,
  });
}

export function internalProblem(incident: string): Problem {
  return problemOf(new RequestProblem('internal_error', 'The server met an error of its own.'), incident);
}

export function problemOf(problem: RequestProblem, incident?: string): Problem {
  const { status, title, remedy } = problemCatalogue[problem.code];
  return {
    type: `${PROBLEM_TYPE_PREFIX}${problem.code}`,
    title,
    status,
    detail: problem.message.slice(0, DETAIL_CHARS_MAX),
    code: problem.code,
    remedy: problem.remedy ?? remedy,
    ...(incident === undefined ? {} : { incident }),
    ...(problem.fields === undefined ? {} : { fields: [...problem.fields] }),
    ...(problem.needs === undefined ? {} : { needs: needsView(problem.needs) }),
  };
}

function needsView({ action, roles, ask }: Needs): NonNullable<Problem['needs']> {
  return { action, roles: [...roles], ask: [...ask] };
}

export function answerWithProblem(problem: Problem, headers: Readonly<Record<string, string>> = {}): Answer {
  return {
    status: problem.status,
    mediaType: PROBLEM_MEDIA_TYPE,
    body: JSON.stringify(problem),
    headers: Object.entries(headers).flat(),
  };
}
