import { toStoredText } from './stored-text.ts';

/** A word as a pattern for `LIKE ? ESCAPE '!'`, in which nothing is a wildcard but its two ends. */
export function wordPattern(word: string): string {
  return `%${toStoredText(word).replaceAll(/[!%_]/g, '!$&')}%`;
}
