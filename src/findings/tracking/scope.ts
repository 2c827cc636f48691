import { hash } from 'node:crypto';
import { FindingError } from './finding-error.ts';
import type { FindingScope } from './tracked-finding.ts';

/** What was looked at, as whoever hands in the report says. */
export interface ReportTarget {
  /** Branch or other ref, without `refs/heads/`. */
  readonly branch?: string;
  /** Container image; its tag and digest are left out, since they change with every build. */
  readonly image?: string;
  /** A part of one tool's work, where its reports do not replace each other: `code`, `backend`. */
  readonly part?: string;
}

const REPOSITORY_CHARS_MAX = 200;
const NAME_CHARS_MAX = 200;
const CONTROL = /\p{Cc}/u;

/**
 * The label under which findings are kept.
 *
 * @throws FindingError `repository_invalid` when it is empty, longer than 200 characters, or not printable
 */
export function checkRepository(repository: string): string {
  const name = repository.trim();
  if (name === '' || name.length > REPOSITORY_CHARS_MAX || CONTROL.test(name) || !name.isWellFormed()) {
    throw new FindingError('repository_invalid', 'The repository has no usable name.', {
      remedy: `Give it as owner/name, with at most ${REPOSITORY_CHARS_MAX} printable characters.`,
    });
  }
  return name;
}

/** An image without what changes from build to build: `ghcr.io/acme/shop:1.2@sha256:…` is `ghcr.io/acme/shop`. */
export function imageName(image: string): string {
  const named = image.split('@', 1)[0] ?? '';
  const colon = named.lastIndexOf(':');
  return colon > named.lastIndexOf('/') ? named.slice(0, colon) : named;
}

function part(key: string, value: string | undefined): string[] {
  if (value === undefined || value.trim() === '') return [];
  // `;` separates: escaped, so that no branch name can pose as another target.
  return [`${key}=${bounded(value.trim()).replaceAll('%', '%25').replaceAll(';', '%3B')}`];
}

/** Cut names end in a digest: a branch must not get at another's findings by sharing its first 200 characters. */
function bounded(name: string): string {
  if (name.length <= NAME_CHARS_MAX) return name;
  return `${name.slice(0, NAME_CHARS_MAX - 32)}${hash('sha256', name, 'hex').slice(0, 32)}`;
}

/** The scope of one tool's findings. */
export function scopeOf(repository: string, tool: string, target: ReportTarget): FindingScope {
  const branch = target.branch?.replace(/^refs\/heads\//, '');
  const image = target.image === undefined ? undefined : imageName(target.image);
  const parts = [...part('branch', branch), ...part('image', image), ...part('part', target.part)];
  return { repository, tool: bounded(tool), target: parts.join(';') };
}

/** Two scopes are the same when this is. */
export function scopeKey({ repository, tool, target }: FindingScope): string {
  return JSON.stringify([repository, tool, target]);
}
