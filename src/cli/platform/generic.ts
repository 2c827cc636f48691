import { open } from 'node:fs/promises';
import type { Readable } from 'node:stream';
import { messageOf } from '#core/errors.ts';
import { Secret } from '#core/secret.ts';
import { ID_TOKEN_VARIABLE } from './gitlab-ci.ts';
import { assertToken, PlatformError, type Environment, type TokenSource } from './platform.ts';

const TOKEN_BYTES_MAX = 64 * 1024;

/** A token that something else writes to a file (Kubernetes' projected tokens are renewed there). */
export function createFileSource(file: string): TokenSource {
  return {
    id: 'file',
    canMintAgain: true,
    variables: [],
    async token() {
      return new Secret(assertToken(await readBounded(file), file));
    },
  };
}

async function readBounded(file: string): Promise<string> {
  try {
    const handle = await open(file, 'r');
    try {
      const buffer = Buffer.alloc(TOKEN_BYTES_MAX + 1);
      const { bytesRead } = await handle.read(buffer, 0, buffer.length, null);
      return buffer.subarray(0, bytesRead).toString('utf8');
    } finally {
      await handle.close();
    }
  } catch (cause) {
    throw new PlatformError('token_file_unreadable', `cannot read the token: ${messageOf(cause)}`, {
      remedy: 'Give --token-file the path of a file that this user can read.',
      location: file,
      cause,
    });
  }
}

/** A token on standard input, read once. */
export function createStdinSource(stdin: Readable): TokenSource {
  let reading: Promise<string> | undefined;
  return {
    id: 'stdin',
    canMintAgain: false,
    variables: [],
    async token() {
      reading ??= readAll(stdin);
      return new Secret(assertToken(await reading, 'standard input'));
    },
  };
}

async function readAll(stdin: Readable): Promise<string> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of stdin as AsyncIterable<Buffer | string>) {
    const buffer = Buffer.from(chunk);
    bytes += buffer.length;
    // More than a token can be: `assertToken` refuses it by its length.
    if (bytes > TOKEN_BYTES_MAX) return '';
    chunks.push(buffer);
  }
  return Buffer.concat(chunks).toString('utf8');
}

/** Any platform: its token in `VOUCHGATE_ID_TOKEN`. */
export function createEnvironmentSource(env: Environment): TokenSource {
  return {
    id: 'environment',
    canMintAgain: false,
    variables: [ID_TOKEN_VARIABLE],
    async token() {
      const token = env[ID_TOKEN_VARIABLE];
      if (token !== undefined && token !== '') return new Secret(assertToken(token, ID_TOKEN_VARIABLE));
      throw new PlatformError('token_source_missing', 'there is no OIDC token of a job here', {
        remedy:
          `On a platform that is not recognised, put the job's token into ${ID_TOKEN_VARIABLE}, ` +
          'or give --token-file FILE or --token-stdin.',
      });
    },
  };
}
