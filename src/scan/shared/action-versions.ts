import { findTrailingComment } from '#pipeline/github/action-version.ts';
import type { ActionReference } from '#pipeline/reference.ts';
import type { Text } from '#pipeline/text.ts';

/** Numbers of a version, as many as were written: `v4` is `[4]` and stands for the newest 4. */
export type Version = readonly number[];

const VERSION = /(?:^|[\s@=:/_-])v?(\d{1,4})(?:\.(\d{1,5}))?(?:\.(\d{1,5}))?(?![\w.])/i;

export function parseVersion(text: string): Version | undefined {
  const match = VERSION.exec(text.slice(0, 200));
  if (match === null) return undefined;
  return match.slice(1).flatMap((part) => (part === undefined ? [] : [Number(part)]));
}

/** The version that a tag is, or that the comment behind a commit names. */
export function versionOf(text: Text, reference: ActionReference): Version | undefined {
  if (reference.pin === 'tag') return parseVersion(reference.ref ?? '');
  if (reference.pin !== 'commit') return undefined;
  const comment = findTrailingComment(text.source, text.node.end);
  return comment === undefined ? undefined : parseVersion(comment.text);
}

/** Compares as many numbers as the first one has, because `v4` is moved along to the newest 4. */
function compareStart(version: Version, other: Version): number {
  for (const [index, part] of version.entries()) {
    const difference = part - (other[index] ?? 0);
    if (difference !== 0) return difference;
  }
  return 0;
}

/** Whether a version lies in a range, its end not included. */
export function isWithin(version: Version, range: { from?: Version; below: Version }): boolean {
  const startsLater = range.from === undefined || compareStart(version, range.from) >= 0;
  return startsLater && compareStart(version, range.below) < 0;
}

export function formatVersion(version: Version): string {
  return version.join('.');
}
