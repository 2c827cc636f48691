/** How firmly a reference names one content. */
export type Pin =
  /** A full commit hash. */
  | 'commit'
  /** A digest of the content. */
  | 'digest'
  /** Looks like a version; whoever owns the repository can move it. */
  | 'tag'
  /** Anything else: most likely a branch. */
  | 'branch'
  /** Nothing is named, so the newest is taken. */
  | 'none'
  /** In the same repository, at the same commit. */
  | 'local'
  /** Computed by an expression. */
  | 'computed';

/** What `uses:`, `include:` and their like point at. */
export interface ActionReference {
  readonly kind: 'repository' | 'local' | 'image' | 'computed';
  /** `owner/repository` in lower case as platforms compare it; empty for the other kinds. */
  readonly repository: string;
  readonly owner: string;
  /** Inside the repository, without `/` at its ends; empty for its root. */
  readonly path: string;
  readonly ref: string | undefined;
  readonly pin: Pin;
  readonly image: ImageReference | undefined;
}

export interface ImageReference {
  /** With its registry, without tag and digest. */
  readonly name: string;
  readonly tag: string | undefined;
  readonly digest: string | undefined;
  readonly pin: Pin;
}

/** Splits `registry:5000/name:tag@sha256:…`. */
export function parseImageReference(text: string): ImageReference {
  if (/\$[{(<]|\{\{|<</.test(text)) return { name: text, tag: undefined, digest: undefined, pin: 'computed' };
  const [named = '', digest] = text.split('@', 2);
  const colon = named.indexOf(':', named.lastIndexOf('/') + 1);
  const tag = colon === -1 ? undefined : named.slice(colon + 1);
  const name = colon === -1 ? named : named.slice(0, colon);
  if (digest !== undefined && /^sha256:[0-9a-f]{64}$/.test(digest))
    return { name, tag, digest, pin: 'digest' };
  const floating = tag === undefined || tag === 'latest';
  return { name, tag, digest, pin: floating ? 'none' : 'tag' };
}
