import { escapeSentence } from '#findings/reporters/markdown/escape.ts';
import { visible } from '#findings/reporters/plain-text.ts';
import type { Block } from '#scan/view.ts';
import { COLUMNS, disarm, formatParagraph, formatTable } from '../layout.ts';

/** One writer for each kind of block: a kind without one does not compile. */
type Writers = {
  readonly [Kind in Block['kind']]: (block: Extract<Block, { kind: Kind }>, color: boolean) => string;
};

function write<Kind extends Block['kind']>(
  block: Extract<Block, { kind: Kind }>,
  writers: Pick<Writers, Kind>,
  kind: Kind,
  color: boolean,
): string {
  return writers[kind](block, color);
}

function linesOf(text: string): string[] {
  return text.replace(/\n$/u, '').split('\n').map(visible);
}

const terminal: Writers = {
  heading: ({ text }, color) => {
    const shown = visible(text);
    const bold = color ? `\u001b[1m${shown}\u001b[0m` : shown;
    return `${bold}\n${'─'.repeat(Math.min(shown.length, COLUMNS))}\n`;
  },
  text: ({ text }) => formatParagraph('', text),
  list: ({ items }) => items.map((item) => formatParagraph('- ', item)).join(''),
  table: ({ head, rows }) => formatTable(head, rows),
  code: ({ text }) =>
    linesOf(text)
      .map((line) => `  ${disarm(line)}\n`)
      .join(''),
};

function toRow(cells: readonly string[]): string {
  const escaped = cells.map((cell) => escapeSentence(cell).replaceAll('|', '&#124;') || ' ');
  return `| ${escaped.join(' | ')} |\n`;
}

const markdown: Writers = {
  heading: ({ text }) => `## ${escapeSentence(text)}\n`,
  text: ({ text }) => `${escapeSentence(text)}\n`,
  list: ({ items }) => items.map((item) => `- ${escapeSentence(item)}\n`).join(''),
  table: ({ head, rows }) =>
    `${toRow(head)}|${head.map(() => ' --- |').join('')}\n${rows.map(toRow).join('')}`,
  code: ({ text, language }) => {
    const longest = Math.max(2, ...[...text.matchAll(/`+/gu)].map(([run]) => run.length));
    const fence = '`'.repeat(longest + 1);
    return `${fence}${language}\n${linesOf(text).join('\n')}\n${fence}\n`;
  },
};

function writeAllBlocks(blocks: readonly Block[], writers: Writers, color: boolean): string {
  return blocks.map((block) => write(block, writers, block.kind, color)).join('\n');
}

/** Blocks as a person reads them in a terminal, within 80 columns; code stands as it is. */
export function writeTerminal(blocks: readonly Block[], color: boolean): string {
  return writeAllBlocks(blocks, terminal, color);
}

/** Blocks for a comment or a page; text of a scanned file stays text. */
export function writeMarkdown(blocks: readonly Block[]): string {
  return writeAllBlocks(blocks, markdown, false);
}
