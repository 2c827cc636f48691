export interface MarkdownLink {
  target: string;
  line: number;
}

export interface FencedBlock {
  /** What stands after the fence: `yaml vouchgate`. */
  info: string;
  text: string;
  line: number;
}

export interface MarkdownPage {
  /** Outside of code. */
  links: MarkdownLink[];
  blocks: FencedBlock[];
  /** Inline code, outside of fenced blocks. */
  inlineCode: { text: string; line: number }[];
  /** Anchors of the headings, as GitHub makes them. */
  anchors: Set<string>;
}

function anchorOf(heading: string): string {
  const text = heading.replace(/\[([^\]]*)\]\([^)]*\)/g, '$1').toLowerCase();
  return text
    .replace(/[^\p{L}\p{N}\s_-]/gu, '')
    .trim()
    .replace(/\s/g, '-');
}

function readLine(text: string, line: number, page: MarkdownPage): void {
  const heading = /^#{1,6}\s+(.*)$/.exec(text)?.[1];
  if (heading !== undefined) page.anchors.add(anchorOf(heading));
  for (const match of text.matchAll(/`([^`]+)`/g)) page.inlineCode.push({ text: match[1] ?? '', line });
  const outsideCode = text.replace(/`[^`]*`/g, '');
  for (const match of outsideCode.matchAll(/\]\(([^()\s]+)\)/g))
    page.links.push({ target: match[1] ?? '', line });
}

/** The parts of a Markdown file that can be wrong: links, headings, code. */
export function readMarkdown(text: string): MarkdownPage {
  const page: MarkdownPage = { links: [], blocks: [], inlineCode: [], anchors: new Set() };
  let open: { fence: string; block: FencedBlock } | undefined;
  for (const [index, line] of text.split('\n').entries()) {
    const fence = /^\s*(`{3,}|~{3,})(.*)$/.exec(line);
    if (open !== undefined) {
      if (fence?.[1]?.startsWith(open.fence) === true && fence[2]?.trim() === '') {
        page.blocks.push(open.block);
        open = undefined;
      } else open.block.text += `${line}\n`;
    } else if (fence !== null) {
      const block = { info: fence[2]?.trim() ?? '', text: '', line: index + 1 };
      open = { fence: fence[1] ?? '```', block };
    } else readLine(line, index + 1, page);
  }
  return page;
}
