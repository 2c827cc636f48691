import { HASH_BYTES } from './merkle-hash.ts';

/** C2SP tlog-checkpoint: how large a log is, and the root over all its entries. */
export interface Checkpoint {
  /** Name of the log: an address without its scheme. */
  readonly origin: string;
  readonly size: number;
  readonly root: Uint8Array;
}

export function formatCheckpoint({ origin, size, root }: Checkpoint): string {
  return `${origin}\n${size}\n${Buffer.from(root).toString('base64')}\n`;
}

/** Base64 of a hash, written the only way it can be. */
export function parseHash(text: string): Buffer | undefined {
  const bytes = Buffer.from(text, 'base64');
  return bytes.length === HASH_BYTES && bytes.toString('base64') === text ? bytes : undefined;
}

/** A number as checkpoints have it: no sign, no leading zero, and no larger than we can count. */
export function parseSize(text: string): number | undefined {
  if (!/^(?:0|[1-9]\d{0,15})$/.test(text)) return undefined;
  const size = Number(text);
  return Number.isSafeInteger(size) ? size : undefined;
}

/** Undefined when the text is no checkpoint. Lines behind the third are extensions, and mean nothing to us. */
export function parseCheckpoint(text: string): Checkpoint | undefined {
  const [origin = '', sizeText = '', rootText = '', ...rest] = text.split('\n');
  const [size, root] = [parseSize(sizeText), parseHash(rootText)];
  if (origin === '' || size === undefined || root === undefined || rest.at(-1) !== '') return undefined;
  return { origin, size, root };
}
