import { CommandError } from '../command-error.ts';

export interface ListenAddress {
  host: string;
  port: number;
}

export const DEFAULT_LISTEN = '127.0.0.1:8440';
const DEFAULT_PORT = 8_440;

/** `127.0.0.1:8440`, `[::1]:8440`, `0.0.0.0:0`. */
export function parseListen(text: string): ListenAddress {
  const match = /^(?:\[([0-9a-fA-F:]+)\]|([^:]+)):(\d{1,5})$/.exec(text);
  const port = Number(match?.[3]);
  if (match === null || port > 65_535) {
    throw new CommandError('usage_invalid', `--listen ${text} is not HOST:PORT`, {
      remedy: `For example: --listen ${DEFAULT_LISTEN}`,
    });
  }
  return { host: match[1] ?? match[2] ?? '', port };
}

/**
 * The public URL to begin with, for a person to correct: http only on loopback, for tokens and credentials go
 * over it; a wildcard address is nothing that one can connect to.
 */
export function firstUrl({ host, port }: ListenAddress, hasTls: boolean): string {
  const isWildcard = host === '0.0.0.0' || host === '::';
  const name = isWildcard ? 'localhost' : host.includes(':') ? `[${host}]` : host;
  const isLocal = name === 'localhost' || name === '[::1]' || name.startsWith('127.');
  return `${hasTls || !isLocal ? 'https' : 'http'}://${name}:${port === 0 ? DEFAULT_PORT : port}`;
}
