import { CommandError } from '../command-error.ts';

/** 0, a free one, where none is given. @throws {CommandError} `usage_invalid` */
export function parsePort(text: string | undefined): number {
  const port = Number(text ?? 0);
  if (Number.isInteger(port) && port >= 0 && port <= 65_535) return port;
  throw new CommandError('usage_invalid', `--port ${text} is no port.`, {
    remedy: 'Give a number from 0 to 65535.',
  });
}
