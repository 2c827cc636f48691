import { RequestProblem } from './request-problem.ts';

const DEPTH_MAX = 32;
const QUOTE = 0x22;
const BACKSLASH = 0x5c;

function depthOf(text: string): number {
  let depth = 0;
  let deepest = 0;
  let quoted = false;
  for (let index = 0; index < text.length; index += 1) {
    const code = text.charCodeAt(index);
    if (quoted) {
      if (code === BACKSLASH) index += 1;
      else if (code === QUOTE) quoted = false;
    } else if (code === QUOTE) quoted = true;
    else if (code === 0x5b || code === 0x7b) {
      depth += 1;
      if (depth > deepest) deepest = depth;
    } else if (code === 0x5d || code === 0x7d) depth -= 1;
  }
  return deepest;
}

/**
 * JSON of a request's body. Neither the error nor its cause holds a piece of the text: the platform's own
 * message quotes it, and it may be a secret.
 */
export function parseJsonBody(body: Buffer): unknown {
  let text: string;
  try {
    text = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(body);
  } catch {
    throw new RequestProblem('request_malformed', 'The body is not UTF-8.');
  }
  if (depthOf(text) > DEPTH_MAX) {
    throw new RequestProblem('request_malformed', `The body is nested more than ${DEPTH_MAX} levels deep.`);
  }
  try {
    return JSON.parse(text);
  } catch {
    throw new RequestProblem('request_malformed', 'The body is not JSON.');
  }
}
