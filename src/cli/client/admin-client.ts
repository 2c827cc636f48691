import type { z } from 'zod';
import type { Secret } from '#core/secret.ts';
import { ClientError } from './client-error.ts';
import type { HttpAnswer, HttpRequest, HttpSend } from './http-send.ts';
import { parseRecord } from './json-fields.ts';
import { toProblemError } from './problem.ts';
import { withRetries, type RetryOptions } from './retry.ts';

const ANSWER_BYTES_MAX = 16 * 1024 * 1024;
const TIMEOUT_MS = 30_000;
/** A large report is read, matched and stored before the answer comes. */
const UPLOAD_TIMEOUT_MS = 180_000;

export interface ApiCall<Schema extends z.ZodType> {
  method: HttpRequest['method'];
  /** With the variable parts encoded: `/v1/leases/lse_…`. */
  path: string;
  query?: Readonly<Record<string, string | number | undefined>>;
  body?: object;
  /** Sent as it is, gzipped already, in place of `body`. */
  gzipped?: Uint8Array;
  /** What a success looks like; undefined when its body does not matter. */
  schema: Schema;
}

/** The server as people and automations use it: every call carries the session where there is one. */
export interface AdminClient {
  readonly server: string;
  call<Schema extends z.ZodType>(call: ApiCall<Schema>): Promise<z.infer<Schema>>;
  /** For calls whose answer has no body. */
  send(call: Omit<ApiCall<z.ZodType>, 'schema'>): Promise<void>;
}

export interface AdminClientOptions {
  server: string;
  session: Secret | undefined;
  send: HttpSend;
  retry: RetryOptions;
}

function urlOf(server: string, call: Omit<ApiCall<z.ZodType>, 'schema'>): string {
  const query = new URLSearchParams();
  for (const [name, value] of Object.entries(call.query ?? {})) {
    if (value !== undefined) query.set(name, String(value));
  }
  return query.size === 0 ? `${server}${call.path}` : `${server}${call.path}?${query.toString()}`;
}

function at(value: unknown, path: readonly PropertyKey[]): unknown {
  let here = value;
  for (const step of path) here = here instanceof Object ? Reflect.get(here, step) : undefined;
  return here;
}

/** Members that this version does not know are no mistake: the server may be newer. */
function removeUnknown(value: unknown, error: z.ZodError): void {
  for (const issue of error.issues) {
    if (issue.code !== 'unrecognized_keys') continue;
    const holder = at(value, issue.path);
    if (holder instanceof Object) for (const key of issue.keys) Reflect.deleteProperty(holder, key);
  }
}

function parseAnswer<Schema extends z.ZodType>(schema: Schema, answer: HttpAnswer): z.infer<Schema> {
  const value = parseRecord(answer.body);
  const strict = schema.safeParse(value);
  if (strict.success) return strict.data;
  removeUnknown(value, strict.error);
  const parsed = schema.safeParse(value);
  if (parsed.success) return parsed.data;
  const where = parsed.error.issues[0]?.path.join('.') ?? '';
  throw new ClientError('server_answer_invalid', `the server's answer is not as agreed at "${where}"`, {
    remedy: 'Use the same version of Vouchgate here and on the server.',
  });
}

export function createAdminClient(options: AdminClientOptions): AdminClient {
  const request = async (call: Omit<ApiCall<z.ZodType>, 'schema'>): Promise<HttpAnswer> => {
    const headers: Record<string, string> = {};
    if (options.session !== undefined) headers['authorization'] = `Bearer ${options.session.reveal()}`;
    if (call.body !== undefined) headers['content-type'] = 'application/json';
    if (call.gzipped !== undefined) {
      headers['content-type'] = 'application/octet-stream';
      headers['content-encoding'] = 'gzip';
    }
    const body = call.gzipped ?? (call.body === undefined ? undefined : JSON.stringify(call.body));
    const answer = await withRetries(
      () =>
        options.send({
          method: call.method,
          url: urlOf(options.server, call),
          headers,
          ...(body === undefined ? {} : { body }),
          timeoutMs: call.gzipped === undefined ? TIMEOUT_MS : UPLOAD_TIMEOUT_MS,
          bodyBytesMax: ANSWER_BYTES_MAX,
        }),
      // Reading may be repeated; writing may have happened although a gateway says it failed.
      ({ status }) => status === 429 || status === 503 || (call.method === 'GET' && status >= 502),
      call.method === 'GET' ? options.retry : { ...options.retry, attemptsMax: 1 },
    );
    if (answer.status >= 200 && answer.status < 300) return answer;
    throw toProblemError(answer);
  };
  return {
    server: options.server,
    call: async (call) => parseAnswer(call.schema, await request(call)),
    send: async (call) => {
      await request(call);
    },
  };
}
