import type { OutputStream } from '../command.ts';

const WIDTH = 80;

/** Prints the demo: what is done, and what the programs that it runs say, each in its own look. */
export interface Narrator {
  heading(text: string): void;
  say(text: string): void;
  /** A command as one would type it. */
  command(line: string): void;
  /** Lines of a program, indented under its command. */
  quote(text: string): void;
  /** Shows that something is going on, and on a terminal how far it is; then how it ended. */
  step<T>(
    doing: string,
    work: (onProgress: (text: string) => void) => Promise<T>,
    done: (value: T) => string,
  ): Promise<T>;
}

export function createNarrator(out: OutputStream, color: boolean): Narrator {
  const paint = (code: number, text: string): string => (color ? `\u001b[${code}m${text}\u001b[0m` : text);
  const write = (text: string): void => void out.write(text);
  return {
    heading: (text) => write(`\n${paint(1, text)}\n`),
    say: (text) => write(`${wrap(text, '  ')}\n`),
    command: (line) => write(`${paint(36, `  $ ${line}`)}\n`),
    quote: (text) => {
      for (const line of text.trimEnd().split('\n')) write(`${paint(2, '  │')} ${line}\n`);
    },
    async step(doing, work, done) {
      const startMs = performance.now();
      if (out.isTTY === true) write(`  … ${doing}`);
      try {
        const value = await work((text) => {
          if (out.isTTY === true) write(`\r\u001b[K  … ${doing}: ${text}`);
        });
        const seconds = ((performance.now() - startMs) / 1_000).toFixed(1);
        const label = `${done(value)} `;
        write(
          `${out.isTTY === true ? '\r\u001b[K' : ''}  ${paint(32, '✓')} ${label.padEnd(WIDTH - 12, '.')} ${seconds} s\n`,
        );
        return value;
      } catch (error) {
        write(`${out.isTTY === true ? '\r\u001b[K' : ''}  ${paint(31, '✗')} ${doing}\n`);
        throw error;
      }
    },
  };
}

function wrap(text: string, indent: string): string {
  const lines: string[] = [];
  let line = indent;
  for (const word of text.split(/\s+/)) {
    if (line.length + word.length + 1 > WIDTH && line !== indent) {
      lines.push(line.trimEnd());
      line = indent;
    }
    line += `${word} `;
  }
  return [...lines, line.trimEnd()].join('\n');
}
