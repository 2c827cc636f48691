import { lookup } from 'node:dns';
import { readFile } from 'node:fs/promises';
import { isIP } from 'node:net';
import path from 'node:path';
import type { SecureContextOptions, TLSSocketOptions } from 'node:tls';
import { z } from 'zod';
import { SecretReference } from '#core/config/secret-reference.ts';
import { FetchError } from '#core/fetch-error.ts';
import { checkTarget, guardLookup, trustAlso } from '#core/guarded-agent.ts';
import type { SinkContext } from './sink.ts';

/** Settings of a receiver that is reached over TLS and is no HTTP. */
export const tlsSettings = {
  caFile: z
    .string()
    .max(4_000)
    .refine((text) => path.isAbsolute(text), 'must be an absolute path')
    .optional()
    .describe(
      'PEM of the authorities that the receiver’s certificate may come from; by default the system’s.',
    ),
  client: z
    .strictObject({ certificate: SecretReference, key: SecretReference })
    .optional()
    .describe('Certificate that the receiver knows us by, with its key, both PEM.'),
} as const;

export interface TlsSettings {
  readonly caFile?: string | undefined;
  readonly client?: { readonly certificate: SecretReference; readonly key: SecretReference } | undefined;
}

/** Whom we trust and who we are, for a connection over TLS. */
export type TlsIdentity = Pick<SecureContextOptions, 'ca' | 'cert' | 'key' | 'minVersion'> &
  Pick<TLSSocketOptions, 'secureContext'>;

/** Names that Node and OpenSSL give to what only a person can mend. */
const NEEDS_PERSON = /CERT|ERR_TLS|ERR_SSL|UNABLE_TO|SELF_SIGNED|ENOENT|EACCES|OSSL/;

export function needsPerson(code: string): boolean {
  return NEEDS_PERSON.test(code);
}

/**
 * @throws {FetchError} when the file holds no certificate
 * @throws what reading the file and resolving the secrets throws
 */
export async function readTlsIdentity(
  { caFile, client }: TlsSettings,
  context: SinkContext,
): Promise<TlsIdentity> {
  const [certificate, key] =
    client === undefined
      ? []
      : await Promise.all([context.resolveSecret(client.certificate), context.resolveSecret(client.key)]);
  const ca = caFile === undefined ? undefined : await readFile(caFile, 'utf8');
  return {
    minVersion: 'TLSv1.2',
    ...(ca === undefined || certificate !== undefined ? {} : { secureContext: trustAlso(ca) }),
    ...(certificate === undefined || key === undefined
      ? {}
      : { cert: certificate.reveal(), key: key.reveal(), ...(ca === undefined ? {} : { ca }) }),
  };
}

const HOST = /^[A-Za-z0-9._:-]{1,255}$/;

/**
 * What a connection must look names up with, so that it goes to no address that was not judged (DNS rebinding).
 * Undefined for a host of `network.allowPrivateHosts`, which alone may be reached in the clear.
 *
 * @throws {FetchError} for an address that we do not go to
 */
export function guardHost(
  { host, port, tls }: { readonly host: string; readonly port: number; readonly tls: boolean },
  allowPrivateHosts: readonly string[],
): ReturnType<typeof guardLookup> | undefined {
  const names = [host, `${host}:${port}`].map((name) => name.toLowerCase());
  if (names.some((name) => allowPrivateHosts.includes(name))) return undefined;
  const shown = isIP(host) === 6 ? `[${host}]` : host;
  const url = HOST.test(host) ? URL.parse(`${tls ? 'https' : 'http'}://${shown}:${port}`) : null;
  if (url === null)
    throw new FetchError('fetch_address_forbidden', 'A receiver has no name that can be judged.');
  checkTarget(url);
  return guardLookup(lookup);
}
