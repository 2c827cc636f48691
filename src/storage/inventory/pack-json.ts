import { promisify } from 'node:util';
import { deflateRaw, inflateRaw } from 'node:zlib';
import { readJsonText, type SqlValue } from '../sql-value.ts';

const deflate = promisify(deflateRaw);
const inflate = promisify(inflateRaw);

/** Fast rather than small: texts of pipelines shrink to a fifth either way. */
const LEVEL = 3;
const UNPACKED_BYTES_MAX = 64 * 1024 * 1024;

/** JSON as text that every store can hold, much shorter. Off the main thread. */
export async function packJson(value: object): Promise<string> {
  const packed = await deflate(JSON.stringify(value), { level: LEVEL });
  return packed.toString('base64');
}

/** What {@link packJson} made of a `Value`. */
export async function unpackJson<Value>(packed: SqlValue | undefined): Promise<Value> {
  const bytes = await inflate(Buffer.from(readJsonText(packed), 'base64'), {
    maxOutputLength: UNPACKED_BYTES_MAX,
  });
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- written by packJson, of this very type
  return JSON.parse(bytes.toString('utf8')) as Value;
}
