import { crc32, inflateRawSync } from 'node:zlib';
import { AppError, messageOf } from './errors.ts';

export type ZipErrorCode = 'zip_invalid' | 'zip_unsupported' | 'zip_too_large';

/** An archive that is none, or that would take more than it may. */
export class ZipError extends AppError<ZipErrorCode> {}

export interface ZipLimits {
  readonly entriesMax: number;
  /** Of one file, unpacked. */
  readonly entryBytesMax: number;
  /** Of all files that are read, unpacked. */
  readonly totalBytesMax: number;
}

export const defaultZipLimits: ZipLimits = {
  entriesMax: 200_000,
  entryBytesMax: 16_000_000,
  totalBytesMax: 1_000_000_000,
};

/** One file of an archive, not unpacked yet. */
export interface ZipEntry {
  /** As it stands in the archive. Never a path to write to. */
  readonly name: string;
  /**
   * @throws ZipError when it is damaged, larger than it says, or beyond a limit.
   */
  read(): Buffer;
}

const END_SIGNATURE = 0x06054b50;
const CENTRAL_SIGNATURE = 0x02014b50;
const LOCAL_SIGNATURE = 0x04034b50;
const END_BYTES = 22;
const CENTRAL_BYTES = 46;
const LOCAL_BYTES = 30;
const COMMENT_BYTES_MAX = 65_535;
const STORED = 0;
const DEFLATED = 8;
/** In these fields the value stands elsewhere (zip64). */
const ELSEWHERE_16 = 0xffff;
const ELSEWHERE_32 = 0xffffffff;

function invalid(what: string): ZipError {
  return new ZipError('zip_invalid', `this is no intact zip archive: ${what}`, {
    remedy: 'Get the file anew.',
  });
}

function tooLarge(what: string): ZipError {
  return new ZipError('zip_too_large', `this zip archive is refused: ${what}`, {
    remedy: 'Unpack it, and give the folder instead.',
  });
}

/** APPNOTE 4.3.16: the record at the very end, behind which only a comment may stand. */
function findEnd(bytes: Buffer): number {
  const first = Math.max(0, bytes.length - END_BYTES - COMMENT_BYTES_MAX);
  for (let at = bytes.length - END_BYTES; at >= first; at -= 1) {
    const isEnd = bytes.readUInt32LE(at) === END_SIGNATURE;
    if (isEnd && at + END_BYTES + bytes.readUInt16LE(at + 20) === bytes.length) return at;
  }
  throw invalid('it has no end record');
}

interface Header {
  readonly name: string;
  readonly method: number;
  readonly encrypted: boolean;
  readonly checksum: number;
  readonly packedBytes: number;
  readonly bytes: number;
  readonly localAt: number;
}

/** APPNOTE 4.3.12. */
function readHeader(bytes: Buffer, at: number): { header: Header; next: number } {
  if (at + CENTRAL_BYTES > bytes.length || bytes.readUInt32LE(at) !== CENTRAL_SIGNATURE) {
    throw invalid('its directory is damaged');
  }
  const [nameBytes, extraBytes, commentBytes] = [28, 30, 32].map((offset) => bytes.readUInt16LE(at + offset));
  const nameEnd = at + CENTRAL_BYTES + (nameBytes ?? 0);
  const header: Header = {
    name: bytes.toString('utf8', at + CENTRAL_BYTES, nameEnd),
    method: bytes.readUInt16LE(at + 10),
    encrypted: (bytes.readUInt16LE(at + 8) & 1) === 1,
    checksum: bytes.readUInt32LE(at + 16),
    packedBytes: bytes.readUInt32LE(at + 20),
    bytes: bytes.readUInt32LE(at + 24),
    localAt: bytes.readUInt32LE(at + 42),
  };
  if ([header.packedBytes, header.bytes, header.localAt].includes(ELSEWHERE_32)) {
    throw new ZipError('zip_unsupported', 'this zip archive is larger than 4 GB (zip64)', {
      remedy: 'Unpack it, and give the folder instead.',
    });
  }
  return { header, next: nameEnd + (extraBytes ?? 0) + (commentBytes ?? 0) };
}

/** What lies behind the local header; its own sizes are not believed. */
function packedOf(bytes: Buffer, { localAt, packedBytes }: Header): Buffer {
  if (localAt + LOCAL_BYTES > bytes.length || bytes.readUInt32LE(localAt) !== LOCAL_SIGNATURE) {
    throw invalid('a file of it is not where its directory says');
  }
  const start = localAt + LOCAL_BYTES + bytes.readUInt16LE(localAt + 26) + bytes.readUInt16LE(localAt + 28);
  if (start + packedBytes > bytes.length) throw invalid('it ends within a file');
  return bytes.subarray(start, start + packedBytes);
}

function inflate(packed: Buffer, header: Header): Buffer {
  try {
    // Never more than the directory says: an archive of a few kilobytes can unpack to gigabytes.
    return inflateRawSync(packed, { maxOutputLength: Math.max(1, header.bytes) });
  } catch (cause) {
    throw new ZipError('zip_invalid', `a file of this zip archive cannot be unpacked: ${messageOf(cause)}`, {
      remedy: 'Get the file anew.',
      cause,
    });
  }
}

function unpack(bytes: Buffer, header: Header): Buffer {
  if (header.encrypted || (header.method !== STORED && header.method !== DEFLATED)) {
    throw new ZipError(
      'zip_unsupported',
      'a file of this zip archive is encrypted, or packed in a rare way',
      {
        remedy: 'Unpack it, and give the folder instead.',
      },
    );
  }
  const packed = packedOf(bytes, header);
  const text = header.method === STORED ? packed : inflate(packed, header);
  if (text.length !== header.bytes || crc32(text) !== header.checksum) {
    throw invalid('a file of it is damaged');
  }
  return text;
}

/**
 * Reads a zip archive in memory: stored and deflated files, no encryption, no zip64. Every size is bounded before
 * anything is unpacked, and checked after. Nothing is written.
 * @throws ZipError `zip_invalid`, `zip_unsupported`, `zip_too_large`.
 */
export function readZip(bytes: Buffer, limits: ZipLimits = defaultZipLimits): ZipEntry[] {
  if (bytes.length < END_BYTES) throw invalid('it is too short');
  const end = findEnd(bytes);
  const count = bytes.readUInt16LE(end + 10);
  let at = bytes.readUInt32LE(end + 16);
  if (count === ELSEWHERE_16 || at === ELSEWHERE_32) {
    throw new ZipError('zip_unsupported', 'this zip archive has more than 65,534 files (zip64)', {
      remedy: 'Unpack it, and give the folder instead.',
    });
  }
  if (count > limits.entriesMax) throw tooLarge(`it has more than ${limits.entriesMax} files`);
  let left = limits.totalBytesMax;
  const entries: ZipEntry[] = [];
  for (let index = 0; index < count; index += 1) {
    const { header, next } = readHeader(bytes, at);
    at = next;
    const read = () => {
      if (header.bytes > limits.entryBytesMax) throw tooLarge(`a file of it has ${header.bytes} bytes`);
      left -= header.bytes;
      if (left < 0) throw tooLarge(`its files have more than ${limits.totalBytesMax} bytes together`);
      return unpack(bytes, header);
    };
    entries.push({ name: header.name, read });
  }
  return entries;
}
