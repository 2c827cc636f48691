import { findTrailingComment } from '#pipeline/github/action-version.ts';
import type { ActionReference } from '#pipeline/reference.ts';
import type { Text } from '#pipeline/text.ts';
import type { TextEdit } from '../../../fix/apply-edits.ts';
import type { PinSource } from '../../../rule.ts';
import type { JobImport } from '../../../shared/third-parties.ts';
import type { Affected } from '../advisory.ts';
import { isAffected } from '../affected.ts';

/** Where pins come from, and whether they know a repository at all. */
export interface KnownPins extends PinSource {
  knows(repository: string): boolean;
}

/** What to write instead, or why that is not for us to write. */
export type Written =
  | { readonly to: string; readonly commit: string | undefined; readonly edits: readonly TextEdit[] }
  | { readonly to: string; readonly todo: string };

const PLAIN_TAG = /^(v?)(\d+(?:\.\d+){0,2})$/;
const VERSION_IN_COMMENT = /v?\d+(?:\.\d+){0,3}(?:-[\w.]{1,40})?/;

/** `v4` stays as short as it was, where the newest of that is free of everything. */
function asWritten(ref: string, fixed: string, advisories: readonly Affected[]): readonly string[] {
  const [, prefix = '', numbers = ''] = PLAIN_TAG.exec(ref) ?? [];
  const bare = fixed.replace(/^v/, '');
  const short = bare.split('.').slice(0, numbers.split('.').length).join('.');
  const isFree = !advisories.some((each) => isAffected(short, each, true));
  return [...new Set([...(isFree ? [`${prefix}${short}`] : []), `${prefix}${bare}`])];
}

function refEdit(text: Text, replacement: string): TextEdit {
  const at = text.node.value.lastIndexOf('@') + 1;
  return { ...text.span(at, text.node.value.length), replacement };
}

function writeTag(
  text: Text,
  reference: ActionReference,
  fixed: string,
  advisories: readonly Affected[],
  pins: KnownPins | undefined,
): Written {
  const ref = reference.ref ?? '';
  if (!PLAIN_TAG.test(ref) || !text.isConstant)
    return { to: fixed, todo: `write the tag of version ${fixed} in place of ${ref}` };
  const names = asWritten(ref, fixed, advisories);
  const isKnown = pins?.knows(reference.repository) === true;
  const there = names.find((each) => pins?.resolve({ ...reference, ref: each }) !== undefined);
  const to = isKnown ? there : names[0];
  if (to === undefined)
    return {
      to: fixed,
      todo: `the mirror has no tag ${names.join(' or ')}: bring it up to date, or look for another`,
    };
  return { to, commit: undefined, edits: [refEdit(text, to)] };
}

/** The version behind the commit is what tools and people read. */
function commentEdit(text: Text, version: string): TextEdit {
  const comment = findTrailingComment(text.source, text.node.end);
  if (comment === undefined) {
    const { end } = text.node;
    return { start: end, end, replacement: ` # ${version}` };
  }
  const old = VERSION_IN_COMMENT.exec(comment.text);
  const at = old === null ? -1 : text.source.text.indexOf(old[0], comment.start);
  if (old === null || at === -1 || at > comment.end)
    return { start: comment.start, end: comment.start, replacement: `# ${version} ` };
  return { start: at, end: at + old[0].length, replacement: version };
}

function writeCommit(
  text: Text,
  reference: ActionReference,
  fixed: string,
  pins: KnownPins | undefined,
): Written {
  const bare = fixed.replace(/^v/, '');
  const [tag, pin] = [`v${bare}`, bare]
    .map((ref) => [ref, pins?.resolve({ ...reference, ref, pin: 'tag' })] as const)
    .find(([, found]) => found !== undefined) ?? [`v${bare}`, undefined];
  if (pin === undefined || !text.isConstant)
    return {
      to: tag,
      todo: `find the commit of tag ${tag} of ${reference.repository}, and write it with the version behind it (\`--with mirror=FOLDER\` knows it)`,
    };
  return { to: tag, commit: pin.commit, edits: [refEdit(text, pin.commit), commentEdit(text, tag)] };
}

/** A version in a command, where it stands there once. */
function writeTool({ use }: JobImport, fixed: string): Written {
  const { version = '', source, span, name } = use;
  const to = version.startsWith('v') && !fixed.startsWith('v') ? `v${fixed}` : fixed;
  const todo = `write ${name}@${to} in place of ${version}`;
  const code = source.text.slice(span.start, span.end);
  const at = code.indexOf(version);
  const isOnce = version !== '' && at !== -1 && code.indexOf(version, at + 1) === -1;
  // A longer version that begins alike is another one.
  if (!isOnce || /^[\w.-]*\w/.test(code.slice(at + version.length))) return { to, todo };
  const start = span.start + at;
  return { to, commit: undefined, edits: [{ start, end: start + version.length, replacement: to }] };
}

/** How an import gets to a version, in the form in which it was written. */
export function writeVersion(
  sighting: JobImport,
  fixed: string,
  advisories: readonly Affected[],
  pins: KnownPins | undefined,
): Written {
  const { reference, text, use } = sighting;
  if (reference === undefined || text === undefined) return writeTool(sighting, fixed);
  return use.pin === 'commit'
    ? writeCommit(text, reference, fixed, pins)
    : writeTag(text, reference, fixed, advisories, pins);
}
