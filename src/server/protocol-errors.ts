import type { IncomingMessage, ServerResponse } from 'node:http';
import { STATUS_CODES } from 'node:http';
import type { Socket } from 'node:net';
import type { ProblemCode } from '#api/problem.ts';
import { answerHeaders } from './answer.ts';
import { answerWithProblem, problemOf, RequestProblem } from './request-problem.ts';

interface Exchange {
  request: IncomingMessage;
  response: ServerResponse;
}

/** The newest exchange of each connection, to know whether an answer may still be written to it. */
export type Exchanges = WeakMap<object, Exchange>;

function problemCodeOf(error: Error): ProblemCode {
  const code = 'code' in error ? error.code : undefined;
  if (code === 'HPE_HEADER_OVERFLOW') return 'headers_too_large';
  return code === 'ERR_HTTP_REQUEST_TIMEOUT' ? 'request_timeout' : 'request_malformed';
}

const DETAILS: Partial<Record<ProblemCode, string>> = {
  headers_too_large: 'The header fields have more bytes than are read.',
  request_timeout: 'The whole request did not arrive in time.',
};

function rawAnswer(code: ProblemCode, fixed: readonly string[]): string {
  const problem = new RequestProblem(code, DETAILS[code] ?? 'The request is not well-formed HTTP/1.1.');
  const answer = answerWithProblem(problemOf(problem));
  const headers = answerHeaders(answer, Buffer.byteLength(answer.body), fixed, true);
  let head = `HTTP/1.1 ${answer.status} ${STATUS_CODES[answer.status]}\r\n`;
  for (let index = 0; index < headers.length; index += 2)
    head += `${headers[index]}: ${headers[index + 1]}\r\n`;
  return `${head}\r\n${String(answer.body)}`;
}

/** A request that has not arrived whole is the broken one itself; only its answer may already be on its way. */
function isAnswering(last: Exchange | undefined): boolean {
  if (last === undefined || last.response.writableFinished) return false;
  return last.request.complete || last.response.headersSent;
}

/**
 * Answers what the parser refused, then ends the connection: after a broken message nobody knows where the
 * next one begins. With an answer still to be written, only the end: two answers could change places.
 */
export function createProtocolErrors(exchanges: Exchanges, fixed: readonly string[]) {
  return (error: Error, socket: Socket): void => {
    if (!socket.writable || isAnswering(exchanges.get(socket))) {
      socket.destroy();
      return;
    }
    socket.end(rawAnswer(problemCodeOf(error), fixed));
    // Whoever does not read the answer does not keep the connection.
    socket.setTimeout(1_000, () => socket.destroy());
  };
}
