import { type ActionReference, parseImageReference, type Pin } from '../reference.ts';

const COMMIT = /^(?:[0-9a-f]{40}|[0-9a-f]{64})$/;
/** `v1`, `1.2.3`, `release-v2`, `v4-beta.1`: a version stands in it. */
const VERSION = /^(?:[a-z]+[-_/.]?)?v?\d+(?:[.\-_+][0-9a-z.\-_+]*)?$/i;

const EMPTY = { repository: '', owner: '', path: '', ref: undefined, image: undefined } as const;

function pinOf(ref: string | undefined): Pin {
  if (ref === undefined || ref === '') return 'none';
  if (COMMIT.test(ref)) return 'commit';
  if (ref.includes('${{')) return 'computed';
  return VERSION.test(ref) ? 'tag' : 'branch';
}

/** Servers of Forgejo and Gitea take whole addresses; the host tells who keeps the copy, not which action it is. */
const ADDRESS = /^https?:\/\/[^/@\s]{1,253}\//i;

/** Reads `uses:`: `owner/repository/path@ref`, `./path`, `$/path`, `docker://image`, `https://host/owner/repository@ref`. */
export function parseActionReference(text: string): ActionReference {
  const trimmed = text.trim();
  if (trimmed.startsWith('./') || trimmed.startsWith('$/') || trimmed === '.') {
    const path = trimmed
      .replace(/^(?:\.\/|\$\/|\.$)/, '')
      .replace(/@.*$/, '')
      .replace(/^\/+|\/+$/g, '');
    return { ...EMPTY, kind: 'local', path, pin: 'local' };
  }
  if (trimmed.startsWith('docker://')) {
    const image = parseImageReference(trimmed.slice('docker://'.length));
    return { ...EMPTY, kind: 'image', image, pin: image.pin };
  }
  const named = trimmed.replace(ADDRESS, '');
  const at = named.indexOf('@');
  const name = at === -1 ? named : named.slice(0, at);
  const ref = at === -1 ? undefined : named.slice(at + 1);
  if (name.includes('${{')) return { ...EMPTY, kind: 'computed', pin: 'computed' };
  const [owner = '', repository = ''] = name.toLowerCase().split('/');
  return {
    kind: 'repository',
    owner,
    repository: `${owner}/${repository}`,
    path: name.split('/').slice(2).join('/').replace(/\/+$/, ''),
    ref,
    pin: pinOf(ref),
    image: undefined,
  };
}
