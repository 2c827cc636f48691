// C0 and C1 controls, and characters that reorder text: a file that is scanned must not steer the terminal.
const CONTROL =
  /[\p{Cc}\u00ad\u061c\u180e\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff\ufff9-\ufffb\u{e0000}-\u{e01ef}]/gu;

/** As an escape of JSON and of most languages; two of them outside of the basic plane. */
function escapeUnits(char: string): string {
  return Array.from(
    { length: char.length },
    (_, index) => `\\u${char.charCodeAt(index).toString(16).padStart(4, '0')}`,
  ).join('');
}

/** Text of somebody else's on one line, with every character that would act made visible. */
export function visible(text: string): string {
  return text.replace(CONTROL, (char) => {
    return char === '\t' ? ' ' : escapeUnits(char);
  });
}

/** Lines of at most so many columns; a word that is longer stands alone. */
export function wrap(text: string, columns: number): string[] {
  const lines: string[] = [];
  let line = '';
  for (const word of visible(text).split(/\s+/)) {
    if (line !== '' && line.length + 1 + word.length > columns) {
      lines.push(line);
      line = word;
    } else line = line === '' ? word : `${line} ${word}`;
  }
  return line === '' ? lines : [...lines, line];
}

export function plural(count: number, one: string, many = `${one}s`): string {
  return `${count} ${count === 1 ? one : many}`;
}

/** JSON in which such characters are escapes: a log that shows it is not steered either. */
export function toJson(value: unknown): string {
  // Line breaks are layout here; inside of a string they are escapes already.
  return `${JSON.stringify(value, undefined, 2).replace(CONTROL, (char) => (char === '\n' ? char : escapeUnits(char)))}\n`;
}
