import { lstat, mkdir, readFile, rm } from 'node:fs/promises';
import path from 'node:path';
import { Secret } from '#core/secret.ts';
import { messageOf } from '#core/errors.ts';
import { writePrivateFile } from '../private-file.ts';
import { ClientError } from './client-error.ts';
import { parseRecord, requiredText } from './json-fields.ts';

/** A person's session with one server, as `vouchgate login` keeps it. */
export interface StoredLogin {
  server: string;
  token: Secret;
  /** ISO 8601. */
  expiresAt: string;
}

type Environment = Readonly<Record<string, string | undefined>>;

/** `$XDG_CONFIG_HOME/vouchgate/session.json`, by the XDG base directory specification (relative ones count as unset). */
export function sessionFilePath(env: Environment): string {
  const configured = env['XDG_CONFIG_HOME'];
  const home = env['HOME'] ?? env['USERPROFILE'] ?? '';
  const base =
    configured !== undefined && path.isAbsolute(configured)
      ? configured
      : path.join(env['APPDATA'] ?? path.join(home, '.config'));
  return path.join(base, 'vouchgate', 'session.json');
}

function unreadable(file: string, why: string, cause?: unknown): ClientError {
  return new ClientError('session_file_unreadable', `cannot use the stored session: ${why}`, {
    remedy: 'Remove the file, and log in again: vouchgate login LINK.',
    location: file,
    cause,
  });
}

export async function readLogin(env: Environment): Promise<StoredLogin | undefined> {
  const file = sessionFilePath(env);
  let text: string;
  try {
    const status = await lstat(file);
    // Others could read the session, or have put it there for us to use.
    if (process.platform !== 'win32' && (status.mode & 0o077) !== 0) {
      throw unreadable(file, 'others may read the file');
    }
    text = await readFile(file, 'utf8');
  } catch (cause) {
    if (cause instanceof ClientError) throw cause;
    if (cause instanceof Error && 'code' in cause && cause.code === 'ENOENT') return undefined;
    throw unreadable(file, messageOf(cause), cause);
  }
  try {
    const record = parseRecord(text);
    return {
      server: requiredText(record, 'server'),
      token: new Secret(requiredText(record, 'token')),
      expiresAt: requiredText(record, 'expiresAt'),
    };
  } catch (cause) {
    throw unreadable(file, 'it is not what `login` wrote', cause);
  }
}

/** Returns the path of the file. */
export async function writeLogin(env: Environment, login: StoredLogin): Promise<string> {
  const file = sessionFilePath(env);
  await mkdir(path.dirname(file), { recursive: true, mode: 0o700 });
  const { server, expiresAt } = login;
  await writePrivateFile(file, `${JSON.stringify({ server, token: login.token.reveal(), expiresAt })}\n`);
  return file;
}

export async function removeLogin(env: Environment): Promise<void> {
  await rm(sessionFilePath(env), { force: true });
}
