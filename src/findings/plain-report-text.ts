const ENTITIES: Readonly<Record<string, string>> = {
  amp: '&',
  lt: '<',
  gt: '>',
  quot: '"',
  apos: "'",
  nbsp: ' ',
};
const TAG_CHARS_MAX = 2_000;
const BREAKS = new Set(['p', 'br', 'div', 'li', 'ul', 'ol', 'tr', 'table', 'h1', 'h2', 'h3', 'h4', 'pre']);

function decodeEntity(name: string): string | undefined {
  if (Object.hasOwn(ENTITIES, name)) return ENTITIES[name];
  const code = /^#x([0-9a-f]{1,6})$/i.exec(name)?.[1];
  const number = code === undefined ? Number(/^#(\d{1,7})$/.exec(name)?.[1]) : Number.parseInt(code, 16);
  if (!Number.isInteger(number) || number < 1 || number > 0x10ffff) return undefined;
  return number >= 0xd800 && number <= 0xdfff ? '\uFFFD' : String.fromCodePoint(number);
}

/** `&lt;` and the like; what is no entity stays as it is. */
function decodeEntities(text: string): string {
  return text.replaceAll(/&(#?\w{1,8});/g, (whole, name: string) => decodeEntity(name) ?? whole);
}

/** Lines without the spaces around them, and no more than one empty line in a row. */
function tidyLines(text: string): string {
  return text
    .split('\n')
    .map((line) => line.trim())
    .join('\n')
    .replaceAll(/\n{3,}/g, '\n\n')
    .trim();
}

/**
 * The words of an HTML text, for tools that write their descriptions in HTML. Never for showing as HTML: what looks
 * like a tag afterwards is text.
 */
export function htmlToText(html: string): string {
  let text = '';
  let at = 0;
  while (at < html.length) {
    const open = html.indexOf('<', at);
    if (open < 0) break;
    const close = html.indexOf('>', open);
    const name = /^<\/?([a-z][a-z0-9]*)/i.exec(html.slice(open, open + 12))?.[1]?.toLowerCase();
    if (close < 0 || close - open > TAG_CHARS_MAX || name === undefined) {
      text += html.slice(at, open + 1);
      at = open + 1;
      continue;
    }
    text += html.slice(at, open) + (BREAKS.has(name) ? (name === 'li' ? '\n- ' : '\n') : '');
    at = close + 1;
  }
  return tidyLines(decodeEntities(text + html.slice(at)));
}
