import path from 'node:path';
import { readOwnFile } from '../read-own-file.ts';

/** `owner/name`, or a deeper path where a platform has groups in groups. */
const ADDRESS = /^[A-Za-z0-9_.-]{1,100}(?:\/[A-Za-z0-9_.-]{1,100}){1,8}$/;

/** The path of a remote's URL: `git@host:owner/name.git`, `https://host/owner/name`. Undefined for a folder. */
export function addressOfUrl(url: string): string | undefined {
  const scp = /^[A-Za-z0-9_.-]{1,100}@[A-Za-z0-9_.-]{1,253}:(?!\/)(.{1,1000})$/.exec(url)?.[1];
  const parsed = scp === undefined ? URL.parse(url) : null;
  const isRemote = parsed !== null && /^(?:https?|ssh|git):$/.test(parsed.protocol);
  const written = scp ?? (isRemote ? parsed.pathname : undefined);
  const address = written
    ?.replace(/^\/+/, '')
    .replace(/\/$/, '')
    .replace(/\.git$/, '');
  return address !== undefined && ADDRESS.test(address) ? address.toLowerCase() : undefined;
}

/** The URL of `origin`. Only this line is read: git itself would also act on what else stands in the file. */
export function findOrigin(config: string): string | undefined {
  let inOrigin = false;
  for (const line of config.split('\n')) {
    const trimmed = line.trim();
    if (trimmed.startsWith('[')) inOrigin = /^\[remote "origin"\]$/.test(trimmed);
    else if (inOrigin && trimmed.startsWith('url')) {
      const [name = '', ...value] = trimmed.split('=');
      if (name.trim() === 'url') return value.join('=').trim();
    }
  }
  return undefined;
}

/** What others call the repository: by its remote, else by where it lies (`owner/name`). */
export function readAddress(gitFolder: string | undefined, name: string): string | undefined {
  const byName = ADDRESS.test(name) ? name.toLowerCase() : undefined;
  if (gitFolder === undefined) return byName;
  try {
    const url = findOrigin(readOwnFile(path.join(gitFolder, 'config')) ?? '');
    return (url === undefined ? undefined : addressOfUrl(url)) ?? byName;
  } catch {
    // No plain file, or too large for one: then nothing else tells.
    return byName;
  }
}
