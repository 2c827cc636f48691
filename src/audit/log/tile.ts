import { HASH_BYTES } from './merkle-hash.ts';

/** Hashes in a full tile, and entries in a full bundle (C2SP tlog-tiles). */
export const TILE_WIDTH = 256;
/** Levels of the tree in one tile. */
export const TILE_HEIGHT = 8;
/** C2SP tlog-tiles: the length of an entry is a 16-bit number. */
const ENTRY_BYTES_MAX = 65_535;
/** C2SP tlog-tiles: levels 0 to 63. */
const LEVEL_MAX = 63;
const LENGTH_BYTES = 2;

/** A tile of hashes, or the entries below a tile of level 0. */
export interface TileAddress {
  readonly level: number | 'entries';
  readonly number: number;
  /** 1 to 256; 256 is a full tile. */
  readonly width: number;
}

/** `1234067` is `x001/x234/067`. */
function formatNumber(number: number): string {
  const digits = String(number);
  const groups: string[] = [];
  const padded = digits.padStart(Math.ceil(digits.length / 3) * 3, '0');
  for (let at = 0; at < padded.length; at += 3) groups.push(padded.slice(at, at + 3));
  return groups.map((group, index) => (index < groups.length - 1 ? `x${group}` : group)).join('/');
}

/** The path below the prefix of the log: `tile/0/x001/067.p/8`. */
export function formatTilePath({ level, number, width }: TileAddress): string {
  return `tile/${level}/${formatNumber(number)}${width === TILE_WIDTH ? '' : `.p/${width}`}`;
}

const PATH = /^tile\/(entries|0|[1-9]\d?)\/((?:x\d{3}\/){0,4}\d{3})(?:\.p\/([1-9]\d{0,2}))?$/;

/** Undefined for everything that is not written exactly as it has to be: one tile has one address. */
export function parseTilePath(path: string): TileAddress | undefined {
  const [, level = '', digits = '', width] = PATH.exec(path) ?? [];
  const number = Number(digits.replaceAll(/[x/]/g, ''));
  const address: TileAddress = {
    level: level === 'entries' ? level : Number(level),
    number,
    width: width === undefined ? TILE_WIDTH : Number(width),
  };
  const known = digits !== '' && (address.level === 'entries' || address.level <= LEVEL_MAX);
  return known && Number.isSafeInteger(number) && formatTilePath(address) === path ? address : undefined;
}

export function joinHashes(hashes: readonly Uint8Array[]): Buffer {
  return Buffer.concat(hashes);
}

/** The hashes of a tile; undefined when its bytes are not `width` of them. */
export function splitHashes(bytes: Buffer, width: number): readonly Buffer[] | undefined {
  if (bytes.length !== width * HASH_BYTES) return undefined;
  return Array.from({ length: width }, (_, index) =>
    bytes.subarray(index * HASH_BYTES, (index + 1) * HASH_BYTES),
  );
}

/**
 * Entries one after the other, each behind its length in two bytes, the higher first.
 *
 * @throws RangeError when one is longer than 65,535 bytes
 */
export function joinEntries(entries: readonly Uint8Array[]): Buffer {
  const bytes = Buffer.allocUnsafe(entries.reduce((sum, { length }) => sum + LENGTH_BYTES + length, 0));
  let at = 0;
  for (const entry of entries) {
    if (entry.length > ENTRY_BYTES_MAX) throw new RangeError(`An entry has ${entry.length} bytes.`);
    at = bytes.writeUInt16BE(entry.length, at);
    bytes.set(entry, at);
    at += entry.length;
  }
  return bytes;
}

/** Undefined when the bytes are not exactly `width` entries. */
export function splitEntries(bytes: Buffer, width: number): readonly Buffer[] | undefined {
  const entries: Buffer[] = [];
  let at = 0;
  while (at < bytes.length) {
    if (at + LENGTH_BYTES > bytes.length) return undefined;
    const end = at + LENGTH_BYTES + bytes.readUInt16BE(at);
    if (end > bytes.length || entries.length === width) return undefined;
    entries.push(bytes.subarray(at + LENGTH_BYTES, end));
    at = end;
  }
  return entries.length === width ? entries : undefined;
}
