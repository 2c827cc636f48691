import { hash, timingSafeEqual } from 'node:crypto';

/** Compared over digests, so that neither the content nor the length of a secret can be told from the time it takes. */
export function equalTexts(left: string, right: string): boolean {
  return timingSafeEqual(hash('sha256', left, 'buffer'), hash('sha256', right, 'buffer'));
}
