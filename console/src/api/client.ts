import type { Problem } from '#api/problem.ts';
import type { AnswerOf, BodyOf, PathParameters, QueryOf } from '#api/route.ts';
import type { Routes } from '#api/routes.ts';
import { operations } from './operations.generated.ts';

export type OperationId = keyof typeof operations & keyof Routes;

type Parameter = string | number | boolean | readonly string[] | undefined;

type ParamsOf<Id extends OperationId> = keyof PathParameters<Routes[Id]> extends never
  ? { params?: undefined }
  : { params: PathParameters<Routes[Id]> };

type BodyPart<Id extends OperationId> =
  BodyOf<Routes[Id]> extends undefined
    ? { body?: undefined }
    : { body: Routes[Id] extends { binaryBody: true } ? Blob : BodyOf<Routes[Id]> };

/** What an operation takes: path variables, query, body. Lists in a query are joined by commas. */
export type InputOf<Id extends OperationId> = ParamsOf<Id> &
  BodyPart<Id> & {
    query?: Partial<Record<keyof QueryOf<Routes[Id]>, Parameter>>;
  };

export type AnswerTo<Id extends OperationId> = AnswerOf<Routes[Id]>;

/** A refusal of the server, or `unreachable` when there was no answer at all. */
export class ApiError extends Error {
  readonly status: number;
  readonly code: string;
  readonly problem: Problem | undefined;

  constructor(status: number, problem: Problem | undefined, options?: ErrorOptions) {
    super(problem?.detail ?? 'The server did not answer.', options);
    this.name = 'ApiError';
    this.status = status;
    this.code = problem?.code ?? 'unreachable';
    this.problem = problem;
  }

  get remedy(): string {
    return this.problem?.remedy ?? 'Check that the server runs and that you can reach it, then try again.';
  }
}

interface LooseInput {
  params?: Readonly<Record<string, string>> | undefined;
  query?: Readonly<Record<string, Parameter>> | undefined;
  body?: unknown;
}

/** The address of an operation, for links and downloads as well. */
export function addressOf<Id extends OperationId>(id: Id, input: Omit<InputOf<Id>, 'body'>): string {
  const { params, query } = input as LooseInput;
  const path = operations[id][1].replace(/\{\+?(\w+)\}/g, (_, name: string) =>
    encodeURIComponent(params?.[name] ?? ''),
  );
  const search = new URLSearchParams();
  for (const [name, value] of Object.entries(query ?? {})) {
    if (value === undefined || value === '' || (Array.isArray(value) && value.length === 0)) continue;
    search.set(name, Array.isArray(value) ? value.join(',') : String(value));
  }
  return search.size === 0 ? path : `${path}?${search.toString()}`;
}

async function problemOf(response: Response): Promise<Problem | undefined> {
  try {
    return (await response.json()) as Problem;
  } catch {
    return undefined;
  }
}

/** Calls the API with the session of this browser. @throws {ApiError} */
export async function call<Id extends OperationId>(
  id: Id,
  input: InputOf<Id>,
  signal?: AbortSignal,
): Promise<AnswerTo<Id>> {
  const [method] = operations[id];
  const { body } = input as LooseInput;
  // The server refuses a change without it: no form and no image of another site can send a field of ours.
  const headers = new Headers({ 'Vouchgate-Request': '1', Accept: 'application/json' });
  if (body !== undefined && !(body instanceof Blob)) headers.set('Content-Type', 'application/json');
  const response = await fetch(addressOf(id, input), {
    method,
    headers,
    credentials: 'same-origin',
    ...(body === undefined ? {} : { body: body instanceof Blob ? body : JSON.stringify(body) }),
    ...(signal === undefined ? {} : { signal }),
  }).catch((cause: unknown) => {
    if (signal?.aborted === true) throw cause;
    throw new ApiError(0, undefined, { cause });
  });
  if (!response.ok) throw new ApiError(response.status, await problemOf(response));
  return (response.status === 204 ? undefined : await response.json()) as AnswerTo<Id>;
}
