import type { TimelineQuery } from '#api/timeline.ts';
import { readChoice, readText } from '../../routing/search.ts';

export const TABS = ['log', 'copies', 'export', 'timeline'] as const;
export type Tab = (typeof TABS)[number];

export const IDENTITY_KINDS = [
  'actor',
  'principal',
  'project',
  'resource',
  'run',
  'decision',
] as const satisfies readonly (keyof TimelineQuery)[];
export type IdentityKind = (typeof IDENTITY_KINDS)[number];

export interface RecordSearch {
  tab?: Tab | undefined;
  /** Of the timeline. */
  kind?: IdentityKind | undefined;
  of?: string | undefined;
  /** A sink whose parked events are shown. */
  sink?: string | undefined;
}

export function readRecordSearch(search: Record<string, unknown>): RecordSearch {
  return {
    tab: readChoice(search['tab'], TABS),
    kind: readChoice(search['kind'], IDENTITY_KINDS),
    of: readText(search['of'])?.slice(0, 600),
    sink: readText(search['sink'])?.slice(0, 200),
  };
}
