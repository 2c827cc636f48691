// C0 and C1 controls, and characters that reorder text: a file that is scanned must not steer the terminal.
const CONTROL = /[\p{Cc}\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]/gu;

/** Text of somebody else's on one line, with every character that would act made visible. */
export function visible(text: string): string {
  return text.replace(CONTROL, (char) => {
    if (char === '\t') return ' ';
    return `\\u${char.charCodeAt(0).toString(16).padStart(4, '0')}`;
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
  const escape = (char: string) => `\\u${char.charCodeAt(0).toString(16).padStart(4, '0')}`;
  // Line breaks are layout here; inside of a string they are escapes already.
  return `${JSON.stringify(value, undefined, 2).replace(CONTROL, (char) => (char === '\n' ? char : escape(char)))}\n`;
}
