import type { IncomingMessage } from 'node:http';
import type { z } from 'zod';
import type { Route } from '#api/route.ts';
import { FORM_FAULTS, parseForm } from './form.ts';
import { parseJsonBody } from './json-body.ts';
import { isMediaType } from './media-type.ts';
import type { ReadBody } from './request-body.ts';
import { isEncoded } from './request-headers.ts';
import { unpackBody } from './unpack-body.ts';
import { RequestProblem } from './request-problem.ts';

const FIELDS_MAX = 20;
const FIELD_CHARS_MAX = 300;
const JSON_MEDIA_TYPE = 'application/json';

/** What zod says, bounded. It names members and what they should be; it repeats no value. */
function invalid(part: string, error: z.ZodError): RequestProblem {
  const fields = error.issues.slice(0, FIELDS_MAX).map(({ path, message }) => ({
    path: [part, ...path].join('.').slice(0, FIELD_CHARS_MAX).toWellFormed(),
    message: message.slice(0, FIELD_CHARS_MAX).toWellFormed(),
  }));
  return new RequestProblem('request_invalid', `The ${part} is not valid.`, { fields });
}

export function parseQuery(route: Route, query: string): unknown {
  if (route.query === undefined) return undefined;
  const form = parseForm(query);
  if (!form.ok) throw new RequestProblem('request_malformed', `The query: ${FORM_FAULTS[form.fault]}`);
  if (form.repeated.size > 0) {
    throw new RequestProblem('request_malformed', 'The query: a parameter is there more than once.');
  }
  const parsed = route.query.safeParse(Object.fromEntries(form.parameters));
  if (!parsed.success) throw invalid('query', parsed.error);
  return parsed.data;
}

export async function parseBody(
  route: Route,
  request: IncomingMessage,
  readBody: ReadBody,
  bytesMax: number,
): Promise<unknown> {
  if (route.binaryBody) return unpackBody(request, await readBody(request, bytesMax), bytesMax);
  if (route.body === undefined) return undefined;
  if (!isMediaType(request.headers['content-type'], JSON_MEDIA_TYPE) || isEncoded(request)) {
    throw new RequestProblem('media_type_unsupported', `The body is not plain ${JSON_MEDIA_TYPE}.`);
  }
  const parsed = route.body.safeParse(parseJsonBody(await readBody(request, bytesMax)));
  if (!parsed.success) throw invalid('body', parsed.error);
  return parsed.data;
}
