import { rules } from '../../rules.generated.ts';
import { fixRepository } from '../../fix/fix-repository.ts';
import type { PinSource } from '../../rule.ts';
import type { ViewedRepository } from '../../view.ts';

export interface Patch {
  readonly file: string;
  readonly text: string;
}

/** Every definition with its actions pinned to the commits that the source knows; only what changes. */
export function pinAll(
  repositories: readonly ViewedRepository[],
  pins: PinSource,
  asOfMs: number,
): readonly Patch[] {
  const pinning = rules.filter(({ id }) => id === 'unpinned-action');
  return repositories.flatMap(({ prefix, root, scan }) => {
    const files = scan.repository.files.map(({ source }) => ({ file: source.file, text: source.text }));
    const { changed } = fixRepository({ root, files }, { rules: pinning, asOfMs, pins }, 'safe');
    return [...changed].map(([file, text]) => ({ file: `${prefix}${file}`, text }));
  });
}
