import path from 'node:path';
import { readZip, ZipError, type ZipEntry } from '#core/read-zip.ts';
import { ImportError } from './import-error.ts';
import { isDeeperThan, splitJsonStream } from './json-structure.ts';
import { parseXml, type XmlElement } from './xml.ts';

/** A report larger than this is refused: the largest real ones are SARIF files of some 100 MB. */
export const REPORT_BYTES_MAX = 256_000_000;

const ZIP_LIMITS = { entriesMax: 20_000, entryBytesMax: 256_000_000, totalBytesMax: 512_000_000 };
const HEAD_CHARS = 4_096;
/** Whoever walks through a report by recursion must not run out of stack; real ones have some 20 levels. */
const JSON_DEPTH_MAX = 500;
/** Not the engine's own message: that one quotes the text, which may be a secret. */
const NO_JSON = 'this is no JSON';
const UTF8_MARK = /^\uFEFF/;

/** A line of NDJSON that was no JSON. */
export interface BrokenLine {
  /** From 1. */
  readonly line: number;
  readonly message: string;
}

export type ReportShape = 'json' | 'ndjson' | 'xml' | 'zip' | 'text';

/**
 * A report as it came, taken apart once whoever looks first, so that forty importers can ask whether it is theirs at
 * the price of one parse.
 */
export class ReportContent {
  /** Last part of the name it came under; only a hint. */
  readonly name: string;
  readonly bytes: Buffer;
  readonly shape: ReportShape;
  /** The document for `json`; the list of its values for `ndjson`; undefined else. Hostile, of any shape. */
  readonly json: unknown;
  readonly brokenLines: readonly BrokenLine[];
  #text: string | undefined;
  #xml: { readonly root: XmlElement } | { readonly error: unknown } | undefined;
  #entries: readonly ZipEntry[] | undefined;

  /** @throws ImportError when it is larger than {@link REPORT_BYTES_MAX} or empty. */
  constructor(name: string, bytes: Buffer) {
    if (bytes.length > REPORT_BYTES_MAX)
      throw new ImportError(
        'report_too_large',
        `${name} has ${bytes.length} bytes; at most ${REPORT_BYTES_MAX} are read`,
        {
          remedy: 'Split the report, or let the tool leave out what is no finding.',
        },
      );
    this.name = path.posix.basename(name.replaceAll('\\', '/'));
    this.bytes = bytes;
    const parsed = this.#parse();
    this.shape = parsed.shape;
    this.json = parsed.json;
    this.brokenLines = parsed.brokenLines ?? [];
  }

  /** As UTF-8 (or UTF-16 with a byte order mark), without the mark. */
  get text(): string {
    this.#text ??= decode(this.bytes);
    return this.#text;
  }

  /** The first characters, for a cheap look. */
  get head(): string {
    return this.text.slice(0, HEAD_CHARS);
  }

  /**
   * The root element of an XML document.
   *
   * @throws ImportError `report_refused` for a document type that declares entities, or beyond the limits of depth and size;
   *   `report_unreadable` when it is not well-formed
   */
  get xml(): XmlElement {
    // A broken document is parsed once too, though every importer asks.
    this.#xml ??= attempt(this.text);
    if ('error' in this.#xml) throw this.#xml.error;
    return this.#xml.root;
  }

  /**
   * Files of a zip archive, not unpacked yet.
   *
   * @throws ImportError `report_refused` when it is damaged or beyond the limits
   */
  get entries(): readonly ZipEntry[] {
    this.#entries ??= openZip(this.bytes);
    return this.#entries;
  }

  #parse(): { shape: ReportShape; json?: unknown; brokenLines?: BrokenLine[] } {
    if (this.bytes.length >= 4 && this.bytes.readUInt32LE(0) === 0x04034b50) return { shape: 'zip' };
    const start = this.text.slice(0, HEAD_CHARS).trimStart();
    if (start.startsWith('<')) return { shape: 'xml' };
    if (!/^[[{"]/.test(start)) return { shape: 'text' };
    try {
      return { shape: 'json', json: parseJson(this.text) };
    } catch (error) {
      if (error instanceof ImportError) throw error;
      const lines = parseStream(this.text) ?? parseLines(this.text);
      // A table may begin with a quoted name.
      const brokenLines = start.startsWith('"') ? [] : [{ line: 1, message: NO_JSON }];
      return lines ?? { shape: 'text', brokenLines };
    }
  }
}

function attempt(text: string): { readonly root: XmlElement } | { readonly error: unknown } {
  try {
    return { root: parseXml(text) };
  } catch (error) {
    return { error };
  }
}

function openZip(bytes: Buffer): readonly ZipEntry[] {
  try {
    return readZip(bytes, ZIP_LIMITS);
  } catch (error) {
    if (!(error instanceof ZipError)) throw error;
    throw new ImportError('report_refused', `this archive is refused: ${error.message}`, {
      remedy: 'Take the archive as the tool wrote it.',
      cause: error,
    });
  }
}

/** Only what is well-formed has a depth that can be counted. */
function parseJson(text: string): unknown {
  const value: unknown = JSON.parse(text);
  if (isDeeperThan(text, JSON_DEPTH_MAX))
    throw new ImportError(
      'report_refused',
      `this JSON is refused: it is nested deeper than ${JSON_DEPTH_MAX} levels`,
      {
        remedy: 'Take the report as the tool wrote it; none of the tools that are read here nests like that.',
      },
    );
  return value;
}

function decode(bytes: Buffer): string {
  if (bytes.length >= 2 && bytes[0] === 0xff && bytes[1] === 0xfe) return bytes.toString('utf16le').slice(1);
  return bytes.toString('utf8').replace(UTF8_MARK, '');
}

/** Whole JSON values one after the other, each over many lines (govulncheck); nothing when anything else is between. */
function parseStream(text: string): { shape: ReportShape; json: unknown } | undefined {
  const json: unknown[] = [];
  try {
    for (const part of splitJsonStream(text)) json.push(parseJson(part));
  } catch (error) {
    if (error instanceof ImportError) throw error;
    return undefined;
  }
  return json.length < 2 ? undefined : { shape: 'ndjson', json };
}

/** One JSON value a line; some lines may be something else, as when a tool's log went to the same place. */
function parseLines(text: string) {
  const json: unknown[] = [];
  const brokenLines: BrokenLine[] = [];
  let number = 0;
  for (const line of text.split('\n')) {
    number += 1;
    if (line.trim() === '') continue;
    try {
      json.push(parseJson(line));
    } catch (error) {
      if (error instanceof ImportError) throw error;
      if (brokenLines.length < 100) brokenLines.push({ line: number, message: NO_JSON });
    }
  }
  return json.some((value) => typeof value === 'object' && value !== null)
    ? { shape: 'ndjson' as const, json, brokenLines }
    : undefined;
}
