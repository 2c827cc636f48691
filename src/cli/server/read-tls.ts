import { createPrivateKey, X509Certificate } from 'node:crypto';
import { readFile, stat } from 'node:fs/promises';
import { resolve } from 'node:path';
import { messageOf } from '#core/errors.ts';
import { Secret } from '#core/secret.ts';
import { CommandError } from '../command-error.ts';

const FILE_BYTES_MAX = 1_048_576;

export interface TlsFiles {
  certPem: string;
  keyPem: Secret;
}

/** Reads both, and checks that they belong together before anything listens with them. */
export async function readTls(
  cwd: string,
  { cert, key }: { cert: string | undefined; key: string | undefined },
  nowMs: number,
): Promise<TlsFiles | undefined> {
  if (cert === undefined && key === undefined) return undefined;
  if (cert === undefined || key === undefined) {
    throw new CommandError('usage_invalid', '--tls-cert and --tls-key go together', {
      remedy: 'Give both, or none.',
    });
  }
  const [certPath, keyPath] = [resolve(cwd, cert), resolve(cwd, key)];
  const certPem = await readPem(certPath);
  const keyPem = new Secret(await readPem(keyPath));
  checkPair(certPem, keyPem, { certPath, keyPath }, nowMs);
  return { certPem, keyPem };
}

async function readPem(path: string): Promise<string> {
  try {
    const { size } = await stat(path);
    if (size > FILE_BYTES_MAX) throw new Error(`it is larger than ${FILE_BYTES_MAX} bytes`);
    return await readFile(path, 'utf8');
  } catch (cause) {
    throw refuse(path, `cannot be read: ${messageOf(cause)}`, 'Name a file that this user may read.', cause);
  }
}

function checkPair(
  certPem: string,
  keyPem: Secret,
  { certPath, keyPath }: { certPath: string; keyPath: string },
  nowMs: number,
): void {
  const certificate = parse(
    () => new X509Certificate(certPem),
    certPath,
    'holds no certificate',
    'Give the certificate, then its chain, in PEM.',
  );
  // The cause is not kept: OpenSSL may quote what it could not read.
  const key = parse(
    () => createPrivateKey(keyPem.reveal()),
    keyPath,
    'holds no private key that can be used',
    'Give it in PEM, without a passphrase.',
  );
  if (!certificate.checkPrivateKey(key)) {
    throw refuse(keyPath, `is not the key of ${certPath}`, 'Give the key that the certificate was made for.');
  }
  if (Date.parse(certificate.validTo) <= nowMs) {
    throw refuse(certPath, `expired on ${certificate.validTo}`, 'Give a certificate that is valid.');
  }
}

function parse<T>(read: () => T, path: string, what: string, remedy: string): T {
  try {
    return read();
  } catch {
    throw refuse(path, what, remedy);
  }
}

function refuse(path: string, what: string, remedy: string, cause?: unknown): CommandError {
  return new CommandError('usage_invalid', `${path} ${what}`, { remedy, location: path, cause });
}
