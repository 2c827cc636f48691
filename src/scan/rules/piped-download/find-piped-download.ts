import type { Script } from '#pipeline/model.ts';
import type { Span } from '#pipeline/source.ts';
import { type CommandLine, commandLinesOf, locateMatch } from '../../shared/shell-commands.ts';

const FETCH = String.raw`(?:curl|wget)\b`;
const SHELL = String.raw`(?:sudo\s+(?:-\S+\s+){0,3})?(?:env\s+)?(?:\w+=\S*\s+){0,3}(?:\/(?:usr\/)?bin\/)?(?:ba|z|da|k)?sh\b(?!\s+-c\b)`;
/** Other languages read data as often as code; a lone `-`, or nothing more, is code. */
const INTERPRETER = String.raw`(?:sudo\s+)?(?:python[23]?|perl|ruby|node|php)\s*(?:-(?=\s|$)|(?=$|[;&|)]))`;

const FORMS: readonly RegExp[] = [
  new RegExp(String.raw`\b${FETCH}[^|;]{0,800}\|\s*(?:${SHELL}|${INTERPRETER})`),
  new RegExp(
    String.raw`(?:\b(?:ba|z|da)?sh|\bsource|\beval|(?:^|\s)\.)\s+(?:-\w+\s+)*["']?(?:<\(|\$\()\s*${FETCH}[^)]{0,800}\)`,
  ),
  /\b(?:iwr|irm|invoke-webrequest|invoke-restmethod)\b[^|;]{0,800}\|\s*(?:iex|invoke-expression)\b/i,
  /\b(?:iex|invoke-expression)\b[^;]{0,200}\b(?:downloadstring|iwr|irm|invoke-webrequest|invoke-restmethod)\b/i,
];

/** A program of each of them. */
const PROGRAMS = /curl|wget|iwr|irm|iex|invoke-/i;

/** The content that such an address names cannot change, and the machine itself is nobody else. */
const FIXED = /\/[0-9a-f]{40}\/|https?:\/\/(?:localhost|127\.0\.0\.1|\[::1\])[:/]/;
const HOST = /https?:\/\/([\w.-]{1,253})/i;

export interface PipedDownload {
  readonly span: Span;
  /** Undefined when the address is computed. */
  readonly host: string | undefined;
}

function findOn(line: CommandLine, script: Script): PipedDownload | undefined {
  for (const form of FORMS) {
    const match = form.exec(line.text);
    if (match === null || FIXED.test(match[0])) continue;
    const span = locateMatch(script, line, match.index, match[0].length);
    return { span, host: HOST.exec(match[0])?.[1] };
  }
  return undefined;
}

/** Downloads that a script runs without looking at them; at most one a line. */
export function findPipedDownloads(script: Script): PipedDownload[] {
  if (!PROGRAMS.test(script.text.value)) return [];
  return commandLinesOf(script).flatMap((line) => findOn(line, script) ?? []);
}
