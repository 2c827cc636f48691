import type { ReportContent } from './report-content.ts';

/** How far the first element may stand behind a prolog: Burp's document type takes some 2,000 characters. */
const PROLOG_CHARS = 16_384;

/** Where the declaration that starts at `at` ends; a document type may hold others in brackets. */
function endOfDeclaration(text: string, at: number): number {
  if (text.startsWith('<!--', at)) return text.indexOf('-->', at) + 3;
  if (text.startsWith('<?', at)) return text.indexOf('?>', at) + 2;
  const close = text.indexOf('>', at);
  const bracket = text.indexOf('[', at);
  return bracket >= 0 && bracket < close ? text.indexOf(']>', bracket) + 2 : close + 1;
}

/** Name of the first element without its prefix, found without parsing the document; undefined when it is no XML. */
export function xmlRootName(content: ReportContent): string | undefined {
  if (content.shape !== 'xml') return undefined;
  const text = content.text.slice(0, PROLOG_CHARS);
  let at = text.indexOf('<');
  while (at >= 0 && /^<[!?]/.test(text.slice(at, at + 2))) {
    const end = endOfDeclaration(text, at);
    if (end <= at) return undefined;
    at = text.indexOf('<', end);
  }
  if (at < 0) return undefined;
  const name = /^<([\w.:-]{1,100})/.exec(text.slice(at, at + 102))?.[1];
  return name?.slice(name.indexOf(':') + 1);
}
