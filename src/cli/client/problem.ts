import { ClientError, type ClientErrorCode } from './client-error.ts';
import type { HttpAnswer } from './http-send.ts';
import { optionalText, parseRecord, type JsonRecord } from './json-fields.ts';

function readProblem(body: string): JsonRecord | undefined {
  try {
    return parseRecord(body);
  } catch {
    return undefined;
  }
}

function codeFor(status: number): ClientErrorCode {
  if (status === 401) return 'session_rejected';
  if (status === 404) return 'not_found';
  if (status === 429 || status >= 500) return 'server_unavailable';
  return 'server_refused';
}

/** What to do when the server did not say; it does not know how this command line logs in. */
const REMEDIES: Partial<Record<ClientErrorCode, string>> = {
  session_rejected: 'Log in with an admin link: vouchgate login LINK.',
  server_unavailable: 'Try again; if it stays, look at the log of the server.',
};

/** An RFC 9457 problem as an error that keeps the server's words and code. */
export function toProblemError(answer: HttpAnswer): ClientError {
  const problem = readProblem(answer.body);
  const code = codeFor(answer.status);
  const detail = problem && (optionalText(problem, 'detail') ?? optionalText(problem, 'title'));
  const incident = problem && optionalText(problem, 'incident');
  return new ClientError(code, detail ?? `the server answered ${answer.status} without a word of ours`, {
    remedy:
      (problem && optionalText(problem, 'remedy')) ?? REMEDIES[code] ?? 'Check the address of the server.',
    ...(incident === undefined ? {} : { location: `incident ${incident}` }),
    serverCode: problem && optionalText(problem, 'code'),
  });
}
