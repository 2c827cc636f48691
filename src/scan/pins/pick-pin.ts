/** The refs of one repository by their full name, each with the commit that it is at. */
export type Refs = ReadonlyMap<string, string>;

const VERSION = /^v?\d+(?:\.\d+)*$/;

/** The fullest version among the tags at a commit: `v4.1.7` says more than `v4`; what was written where there is none. */
export function fullestVersion(refs: Refs, commit: string, written: string): string {
  const tags = [...refs]
    .filter(([name, at]) => at === commit && name.startsWith('refs/tags/'))
    .map(([name]) => name.slice('refs/tags/'.length))
    .filter((tag) => VERSION.test(tag));
  const [fullest] = tags.toSorted(
    (left, right) => right.split('.').length - left.split('.').length || (left < right ? -1 : 1),
  );
  return fullest ?? written;
}

/**
 * The commit that a tag or branch is at. None where a tag and a branch of that name differ: which one the platform
 * takes is then not for us to guess.
 */
export function pickPin(refs: Refs, written: string): { commit: string; version: string } | undefined {
  const tag = refs.get(`refs/tags/${written}`);
  const branch = refs.get(`refs/remotes/origin/${written}`) ?? refs.get(`refs/heads/${written}`);
  if (tag !== undefined && branch !== undefined && tag !== branch) return undefined;
  const commit = tag ?? branch;
  if (commit === undefined) return undefined;
  return { commit, version: fullestVersion(refs, commit, written) };
}

/** Reads lines of `name type object peeled-type peeled-object`; what is no commit is left out. */
export function parseRefs(text: string): Refs {
  const refs = new Map<string, string>();
  for (const line of text.split('\n')) {
    const [name = '', type, object = '', peeledType, peeled = ''] = line.split(' ');
    const commit = type === 'commit' ? object : peeledType === 'commit' ? peeled : '';
    if (/^(?:[0-9a-f]{40}|[0-9a-f]{64})$/.test(commit)) refs.set(name, commit);
  }
  return refs;
}
