import type { FindingDraft, PlaceDraft } from './build-reported-finding.ts';
import { limits } from './importer.ts';

/** A secret as a tool saw it once. */
export interface SecretSighting {
  readonly draft: FindingDraft;
  /** The same for sightings of one secret at one place. May hold the secret: it is never kept. */
  readonly key: string;
  /** Of the commit. */
  readonly timeMs: number | undefined;
}

/** What has no date goes last; the same dates are told apart by the name of the commit, so that order is no matter. */
function compare(left: SecretSighting, right: SecretSighting): number {
  const byTime = (left.timeMs ?? Number.MAX_SAFE_INTEGER) - (right.timeMs ?? Number.MAX_SAFE_INTEGER);
  if (byTime !== 0) return byTime;
  const [mine, other] = [left.draft.place?.commit ?? '', right.draft.place?.commit ?? ''];
  return mine < other ? -1 : mine > other ? 1 : 0;
}

/** Tools that read history name each commit in which a secret stands: the first is the place, the others come with it. */
export function mergeSecrets(sightings: readonly SecretSighting[]): FindingDraft[] {
  const byKey = Map.groupBy(sightings, ({ key }) => key);
  return [...byKey.values()].flatMap((all) => {
    const [first, ...others] = all.toSorted(compare);
    if (first === undefined) return [];
    const places = others
      .slice(0, limits.otherPlaces)
      .flatMap(({ draft }): PlaceDraft[] => (draft.place === undefined ? [] : [draft.place]));
    return [{ ...first.draft, otherPlaces: [...(first.draft.otherPlaces ?? []), ...places] }];
  });
}
