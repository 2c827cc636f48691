import { Secret } from '#core/secret.ts';
import type { CommandStreams, InputStream } from './command.ts';
import { CommandError } from './command-error.ts';

const INPUT_BYTES_MAX = 64 * 1024;

function tooLong(): CommandError {
  return new CommandError('usage_invalid', `the value is longer than ${INPUT_BYTES_MAX} bytes`, {
    remedy: 'Check what is on standard input.',
  });
}

async function readPiped(stdin: InputStream): Promise<string> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of stdin as AsyncIterable<Buffer | string>) {
    const buffer = Buffer.from(chunk);
    bytes += buffer.length;
    if (bytes > INPUT_BYTES_MAX) throw tooLong();
    chunks.push(buffer);
  }
  // `echo` and editors add one line end that nobody means.
  return Buffer.concat(chunks)
    .toString('utf8')
    .replace(/\r?\n$/u, '');
}

/** Characters as typed, with the two keys that end and the two that erase. */
function readTyped(stdin: InputStream): Promise<string> {
  return new Promise((resolve, reject) => {
    let typed = '';
    const finish = (settle: () => void) => {
      stdin.off('data', onData);
      stdin.setRawMode?.(false);
      stdin.pause();
      settle();
    };
    const onData = (chunk: Buffer | string) => {
      for (const char of chunk.toString()) {
        if (char === '\r' || char === '\n' || char === '\u0004') return finish(() => resolve(typed));
        if (char === '\u0003') {
          const error = new CommandError('usage_invalid', 'interrupted', { remedy: 'Nothing was changed.' });
          return finish(() => reject(error));
        }
        if (char === '\u007f' || char === '\b') typed = Array.from(typed).slice(0, -1).join('');
        else typed += char;
        if (typed.length > INPUT_BYTES_MAX) return finish(() => reject(tooLong()));
      }
    };
    stdin.setRawMode?.(true);
    stdin.on('data', onData);
    stdin.resume();
  });
}

/** A secret from standard input, or typed without an echo; arguments are seen by every process of the machine. */
export async function readSecret(
  { stdin, stderr }: Pick<CommandStreams, 'stdin' | 'stderr'>,
  prompt: string,
): Promise<Secret> {
  if (stdin.isTTY !== true) return new Secret(await readPiped(stdin));
  stderr.write(prompt);
  const typed = await readTyped(stdin);
  stderr.write('\n');
  return new Secret(typed);
}
