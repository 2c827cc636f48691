import type { IncomingHttpHeaders } from 'node:http';
import { randomBytes } from 'node:crypto';
import type { HandlersOf, Reply } from './handler.ts';
import { goOnPage } from './people/sign-in-pages.ts';
import { RequestProblem } from './request-problem.ts';

/** One built file of the console, as it goes out. */
export interface ConsoleFile {
  readonly mediaType: string;
  readonly plain: Uint8Array;
  readonly brotli?: Uint8Array | undefined;
  readonly gzip?: Uint8Array | undefined;
  /** Its name has a digest of what is in it. */
  readonly immutable: boolean;
}

/** The built console, all of it in memory: no request ever touches the file system. */
export interface ConsoleFiles {
  /** By path below `/console/`. */
  readonly files: ReadonlyMap<string, ConsoleFile>;
  /** `index.html`, with {@link NONCE_PLACEHOLDER} where style elements need a nonce. */
  readonly index: string;
}

/** Stands in the built `index.html`; each answer gets a nonce of its own. */
export const NONCE_PLACEHOLDER = '__CSP_NONCE__';

const HTML = 'text/html; charset=utf-8';
const IMMUTABLE = 'public, max-age=31536000, immutable';
const REVALIDATED = 'no-cache';

/** Scripts come from files only. Style elements carry the nonce; what React sets on elements needs none. */
function policyFor(nonce: string): string {
  return [
    "default-src 'none'",
    "script-src 'self'",
    `style-src 'self' 'nonce-${nonce}'`,
    "img-src 'self' data:",
    "font-src 'self'",
    "connect-src 'self'",
    "manifest-src 'self'",
    "form-action 'self'",
    "frame-ancestors 'none'",
    "base-uri 'none'",
  ].join('; ');
}

const HARDENING = [
  'Cross-Origin-Opener-Policy',
  'same-origin',
  'Permissions-Policy',
  'camera=(), geolocation=(), microphone=(), payment=(), usb=(), browsing-topics=()',
];

function accepts(headers: IncomingHttpHeaders, encoding: string): boolean {
  const accepted = headers['accept-encoding'];
  if (typeof accepted !== 'string') return false;
  return accepted.split(',').some((item) => {
    const [name, quality] = item.trim().split(/\s*;\s*q=/);
    return name === encoding && Number(quality ?? 1) > 0;
  });
}

function encodedBody(
  file: ConsoleFile,
  headers: IncomingHttpHeaders,
): { body: Uint8Array; encoding?: string } {
  if (file.brotli !== undefined && accepts(headers, 'br')) return { body: file.brotli, encoding: 'br' };
  if (file.gzip !== undefined && accepts(headers, 'gzip')) return { body: file.gzip, encoding: 'gzip' };
  return { body: file.plain };
}

function fileReply(file: ConsoleFile, headers: IncomingHttpHeaders): Reply<Uint8Array> {
  const { body, encoding } = encodedBody(file, headers);
  const compressed = file.brotli !== undefined || file.gzip !== undefined;
  return {
    value: body,
    as: { status: 200, mediaType: file.mediaType },
    cacheControl: file.immutable ? IMMUTABLE : REVALIDATED,
    headers: [
      ...(compressed ? ['Vary', 'Accept-Encoding'] : []),
      ...(encoding === undefined ? [] : ['Content-Encoding', encoding]),
    ],
  };
}

function pageReply(index: string): Reply<Uint8Array> {
  const nonce = randomBytes(18).toString('base64');
  return {
    value: Buffer.from(index.replaceAll(NONCE_PLACEHOLDER, nonce)),
    as: { status: 200, mediaType: HTML },
    contentSecurityPolicy: policyFor(nonce),
    headers: HARDENING,
  };
}

/** A file that is asked for by name and is not there is an error; any other path is a page of the console. */
function isFileName(path: string): boolean {
  return /\.[a-z0-9]{1,8}$/i.test(path) || path.startsWith('assets/');
}

export function createConsoleHandlers(
  built: ConsoleFiles | undefined,
): HandlersOf<'getConsole' | 'getConsoleFile' | 'redirectToConsole'> {
  const required = (): ConsoleFiles => {
    if (built !== undefined) return built;
    throw new RequestProblem('not_found', 'The console was not built into this server.', {
      remedy: 'In a checkout: npm run build:console, then start again.',
    });
  };
  return {
    getConsole: () => pageReply(required().index),
    getConsoleFile({ params: { path }, headers }) {
      const { files, index } = required();
      const file = files.get(path);
      if (file !== undefined) return fileReply(file, headers);
      if (isFileName(path)) throw new RequestProblem('not_found', 'The console has no such file.');
      return pageReply(index);
    },
    redirectToConsole: () => ({
      value: goOnPage().html,
      as: { status: 303, mediaType: HTML },
      headers: ['Location', '/console/'],
    }),
  };
}
