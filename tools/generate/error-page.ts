import { isTestFile, listProjectFiles, readProjectFile } from '../source/project-files.ts';
import { scanSource } from '../source/scan-source.ts';
import { cell, code, page, table } from './markdown.ts';
import type { Generator } from './output.ts';

export interface CodeUnion {
  /** `TokenRefusalCode`. */
  name: string;
  /** Its docstring, or that of its file. */
  description: string;
  members: readonly { code: string; comment: string }[];
}

/** What a developer of a pipeline meets first; the rest follows by name. */
const FIRST = ['ExchangeDenialCode', 'TokenRefusalCode', 'PolicyDenialReason', 'PolicyProblemCode'];

/** Codes that are not ours, or that only our own tools and tests see. */
const LEFT_OUT = /\/(?:emulator|local-postgres|demo)\//;

function rankOf(name: string): number {
  const index = FIRST.indexOf(name);
  return index === -1 ? FIRST.length : index;
}

function clean(comment: string): string {
  return comment
    .replace(/\/\*\*?|\*\/|^\s*\*(?: |$)|^\s*\/\/ ?/gm, ' ')
    .replace(/\{@link (\w+)\}/g, '$1')
    .replace(/\s+/g, ' ')
    .trim();
}

/** The comment that ends right before `offset`; empty when code stands between. */
function commentBefore(text: string, code: string, offset: number): string {
  let start = offset;
  while (start > 0 && /\s/.test(code.charAt(start - 1))) start -= 1;
  return clean(text.slice(start, offset));
}

/** Every `export type …Code = 'a' | 'b'` of a file: the union is the source, the reference page follows. */
export function readCodeUnions(text: string): CodeUnion[] {
  const { code: source, literals } = scanSource(text);
  return [...source.matchAll(/export type (\w+(?:Code|Reason))\s*=([^;]*);/g)].map((match) => {
    const bodyAt = match.index + match[0].indexOf('=') + 1;
    const end = match.index + match[0].length;
    const members = [...literals]
      .filter(([offset]) => offset > bodyAt && offset < end)
      .map(([offset, value]) => {
        const bar = source.lastIndexOf('|', offset);
        return { code: value, comment: bar < bodyAt ? '' : commentBefore(text, source, bar) };
      });
    return { name: match[1] ?? '', description: commentBefore(text, source, match.index), members };
  });
}

function headline(name: string): string {
  const words = name.replace(/([a-z])([A-Z])/g, '$1 $2').toLowerCase();
  return (
    words.charAt(0).toUpperCase() +
    words
      .slice(1)
      .replace(/ code$/, ' codes')
      .replace(/ reason$/, ' reasons')
  );
}

function sectionOf({ name, description, members }: CodeUnion): string {
  const rows = members.map((member) => [code(member.code), member.comment]);
  const commented = members.some((member) => member.comment !== '');
  const body = commented ? table(['code', 'meaning'], rows) : members.map((m) => code(m.code)).join(' · ');
  return [`## ${headline(name)}`, description, body].filter((part) => part !== '').join('\n\n');
}

async function problemSection(): Promise<string> {
  const { problemCatalogue } = await import('#api/problem-catalogue.ts');
  const rows = Object.entries(problemCatalogue).map(([name, entry]) => [
    code(name),
    String(entry.status),
    cell(entry.title),
    cell(entry.remedy),
  ]);
  return `## HTTP problems\n\nOutside the token endpoint, as \`application/problem+json\` (RFC 9457); \`type\` is \`urn:vouchgate:error:<code>\`.\n\n${table(['code', 'status', 'meaning', 'what to do'], rows)}`;
}

export const errorPage: Generator = {
  path: 'docs/reference/errors.md',
  sources: ['src/api/problem-catalogue.ts'],
  generate: async () => {
    const files = listProjectFiles().filter(
      (file) => /^src\/.*\.ts$/.test(file) && !isTestFile(file) && !LEFT_OUT.test(file),
    );
    const shown = files
      .flatMap((file) => readCodeUnions(readProjectFile(file)))
      .filter((union) => union.members.length > 0 && union.name !== 'ProblemCode')
      .toSorted((a, b) => rankOf(a.name) - rankOf(b.name) || (a.name < b.name ? -1 : 1));
    return page(
      'Errors',
      'Codes are API: they stay as they are, while messages may improve. Each answer also carries a message, the facts that failed (expected against received) and a remedy; `vouchgate explain DECISION` shows them again later.',
      ...shown.filter((union) => FIRST.includes(union.name)).map(sectionOf),
      await problemSection(),
      ...shown.filter((union) => !FIRST.includes(union.name)).map(sectionOf),
    );
  },
};
