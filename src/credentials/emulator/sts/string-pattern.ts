/**
 * IAM's `StringLike`: `*` is any text, `?` any one character. Greedy with one point to go back to, so that no
 * pattern takes more than length × length steps (a regular expression made of it could take exponentially many).
 */
export function matchesPattern(text: string, pattern: string): boolean {
  let textAt = 0;
  let patternAt = 0;
  let starAt = -1;
  let resumeAt = 0;
  while (textAt < text.length) {
    const expected = pattern[patternAt];
    if (expected === '*') {
      starAt = patternAt;
      resumeAt = textAt;
      patternAt += 1;
    } else if (expected === '?' || (expected !== undefined && expected === text[textAt])) {
      textAt += 1;
      patternAt += 1;
    } else if (starAt !== -1) {
      resumeAt += 1;
      textAt = resumeAt;
      patternAt = starAt + 1;
    } else {
      return false;
    }
  }
  while (pattern[patternAt] === '*') patternAt += 1;
  return patternAt === pattern.length;
}
