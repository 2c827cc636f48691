import type { PackageReference } from './reported-finding.ts';

function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

const SCOPED_WITH_SLASH = new Set([
  'npm',
  'composer',
  'golang',
  'github',
  'bitbucket',
  'gitlab',
  'docker',
  'oci',
]);

/** How people of that ecosystem write the name: `@acme/shop`, `org.acme:shop`, `bash` of `deb/debian/bash`. */
function nameOf(type: string, namespace: string, name: string): string {
  if (namespace === '') return name;
  if (type === 'maven') return `${namespace}:${name}`;
  return SCOPED_WITH_SLASH.has(type) ? `${namespace}/${name}` : name;
}

/**
 * Takes a package URL apart (ECMA-427 §5): `pkg:type/namespace/name@version?qualifiers#subpath`. Undefined when it
 * is none.
 */
export function packageOfUrl(purl: string | undefined): PackageReference | undefined {
  if (purl === undefined || purl.length > 2_000 || !/^pkg:/i.test(purl)) return undefined;
  const bare = purl.slice(4).replace(/^\/+/, '').split(/[?#]/, 1)[0] ?? '';
  const parts = bare.split('/').filter((part) => part !== '');
  const type = parts.shift()?.toLowerCase();
  const last = parts.pop();
  if (type === undefined || last === undefined) return undefined;
  const versionAt = last.lastIndexOf('@');
  const name = decode(versionAt > 0 ? last.slice(0, versionAt) : last);
  const version = versionAt > 0 ? decode(last.slice(versionAt + 1)) : '';
  return {
    name: nameOf(type, parts.map(decode).join('/'), name),
    ...(version === '' ? {} : { version }),
    purl,
    ecosystem: type,
  };
}
