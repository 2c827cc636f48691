import type { Start } from '#pipeline/surface.ts';

/** When a test runs, on the way of a change to its users. */
export type Moment = 'before merge' | 'main' | 'release' | 'schedule';

export const moments: readonly Moment[] = ['before merge', 'main', 'release', 'schedule'];

/** Undefined for what only a person starts. */
export function momentOf({ what, production }: Start): Moment | undefined {
  if (/by hand|manual/i.test(what)) return undefined;
  if (/schedule|cron|nightly|timer/i.test(what)) return 'schedule';
  if (/\btags?\b|release|deployment/i.test(what) && !/branch/i.test(what)) return 'release';
  return production ? 'main' : 'before merge';
}
