import { open } from 'node:fs/promises';
import { resolve } from 'node:path';
import type { Configuration } from '#broker/configuration/configuration.ts';
import { messageOf } from '#core/errors.ts';
import { Secret } from '#core/secret.ts';
import { parseStrictObject } from '#identity/jose/strict-json.ts';
import { CommandError } from '../command-error.ts';
import { decodeToken } from '../job/decode-token.ts';
import {
  type Claims,
  identifyOffline,
  type OfflineIdentity,
  providerByName,
  providerOfIssuer,
} from './identify-offline.ts';

const BYTES_MAX = 65_536;

export interface SubjectOptions {
  readonly 'token-file': string | undefined;
  readonly claims: string | undefined;
  readonly provider: string | undefined;
}

/** Whom a question is about: a token, or claims that a person wrote down. */
export async function readSubject(
  cwd: string,
  options: SubjectOptions,
  configuration: Configuration,
): Promise<OfflineIdentity> {
  if (options['token-file'] !== undefined && options.claims === undefined) {
    const claims = decodeToken(await readToken(cwd, options['token-file']));
    const { provider: name } = options;
    const provider =
      name === undefined ? providerOfIssuer(configuration, claims) : providerByName(configuration, name);
    return identifyOffline(provider, claims);
  }
  if (options.claims === undefined || options.provider === undefined || options['token-file'] !== undefined) {
    throw new CommandError('usage_invalid', 'say whom it is about', {
      remedy: 'Give --token-file FILE, or --claims FILE with --provider NAME.',
    });
  }
  const provider = providerByName(configuration, options.provider);
  return identifyOffline(provider, await readClaims(resolve(cwd, options.claims)));
}

export async function readToken(cwd: string, file: string): Promise<Secret> {
  return new Secret((await readBounded(resolve(cwd, file))).toString('utf8').trim());
}

async function readClaims(path: string): Promise<Claims> {
  const parsed = parseStrictObject(await readBounded(path));
  if (parsed.ok) return parsed.value;
  throw new CommandError('usage_invalid', `${path} is not a JSON object of claims (${parsed.fault})`, {
    remedy: 'Write {"repository_id": "456789", …}; vouchgate whoami --offline shows those of a token.',
  });
}

async function readBounded(path: string): Promise<Buffer> {
  try {
    const handle = await open(path, 'r');
    try {
      const buffer = Buffer.alloc(BYTES_MAX + 1);
      const { bytesRead } = await handle.read(buffer, 0, buffer.length, 0);
      if (bytesRead > BYTES_MAX) throw new Error(`larger than ${BYTES_MAX} bytes`);
      return buffer.subarray(0, bytesRead);
    } finally {
      await handle.close();
    }
  } catch (cause) {
    throw new CommandError('usage_invalid', `${path} cannot be read: ${messageOf(cause)}`, {
      remedy: 'Name a file that exists.',
      cause,
    });
  }
}
