import { open } from 'node:fs/promises';
import { z } from 'zod';
import { AppError } from '../errors.ts';
import { Secret } from '../secret.ts';

const BYTES_MAX = 65_536;

/** Where a secret of our own stands: never in the configuration itself. */
export const SecretReference = z.union(
  [
    z.strictObject({ env: z.string().min(1).max(200) }),
    z.strictObject({ file: z.string().min(1).max(4_096) }),
    z.strictObject({ sealed: z.string().min(1).max(200) }),
  ],
  { error: 'must be a reference: { env: NAME }, { file: PATH } or { sealed: NAME }' },
);
export type SecretReference = z.infer<typeof SecretReference>;

export class SecretReferenceError extends AppError<
  'secret_reference_missing' | 'secret_reference_unreadable'
> {}

/** Reads `{ env }` and `{ file }`; a sealed one is the store's business. One trailing newline is dropped. */
export async function readSecretReference(
  reference: { env: string } | { file: string },
  environment: Readonly<Record<string, string | undefined>>,
): Promise<Secret> {
  if ('env' in reference) {
    const value = environment[reference.env];
    if (value === undefined || value === '') {
      throw new SecretReferenceError(
        'secret_reference_missing',
        `The environment variable ${reference.env} is not set.`,
        {
          remedy: `Set ${reference.env} where the server starts, or refer to a file.`,
        },
      );
    }
    return new Secret(value);
  }
  return new Secret((await readBounded(reference.file)).replace(/\r?\n$/, ''));
}

async function readBounded(path: string): Promise<string> {
  try {
    const handle = await open(path, 'r');
    try {
      const buffer = Buffer.alloc(BYTES_MAX + 1);
      const { bytesRead } = await handle.read(buffer, 0, buffer.length, 0);
      if (bytesRead > BYTES_MAX) throw new Error(`larger than ${BYTES_MAX} bytes`);
      return buffer.toString('utf8', 0, bytesRead);
    } finally {
      await handle.close();
    }
  } catch (cause) {
    throw new SecretReferenceError('secret_reference_unreadable', `The secret file ${path} cannot be read.`, {
      remedy: 'Check that the file exists and that the user of the server may read it.',
      location: path,
      cause,
    });
  }
}
