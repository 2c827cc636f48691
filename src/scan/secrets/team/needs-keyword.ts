/** Stands for a keyword in a pattern: a letter that no text has. */
const NEVER = '\u0000';

/**
 * Whether every match of a pattern (RE2 syntax) holds one of the keywords. Then only what stands around a keyword has
 * to be searched; else all of a file that has one somewhere, as gitleaks does.
 */
export function needsKeyword(pattern: string, keywords: readonly string[]): boolean {
  if (keywords.length === 0) return false;
  // `[Oo]kta` is a way to write “okta”.
  let text = pattern.replace(/\[([A-Za-z])([A-Za-z])\]/g, (whole, one: string, other: string) =>
    one.toLowerCase() === other.toLowerCase() ? one : whole,
  );
  // `passw(?:or)?d` is two words.
  text = text.replace(/([A-Za-z]+)\(\?:([A-Za-z]+)\)\?([A-Za-z]+)/g, '(?:$1$2$3|$1$3)');
  for (const keyword of [...keywords].sort((left, right) => right.length - left.length)) {
    const literal = keyword.replace(/[^A-Za-z0-9]/g, (letter) => `\\\\?\\${letter}`);
    text = text.replace(new RegExp(literal, 'gi'), NEVER);
  }
  return !new Feasibility(text).alternatives();
}

/** Reads a pattern from left to right, and says whether something can match it. What is not understood can. */
class Feasibility {
  readonly #text: string;
  #at = 0;

  constructor(text: string) {
    this.#text = text;
  }

  /** Up to the end or a `)`: one of them is enough. */
  alternatives(): boolean {
    let any = false;
    let all = true;
    for (; this.#at < this.#text.length && this.#text[this.#at] !== ')'; ) {
      if (this.#text[this.#at] === '|') {
        any ||= all;
        all = true;
        this.#at += 1;
      } else {
        const possible = this.#atom();
        if (!possible && !this.#isOptional()) all = false;
      }
    }
    return any || all;
  }

  #atom(): boolean {
    const letter = this.#text[this.#at];
    this.#at += 1;
    if (letter === NEVER) return false;
    if (letter === '\\') this.#at += 1;
    if (letter === '[') this.#skipClass();
    if (letter !== '(') return true;
    const head = /^\?(?:P?<\w+>|[imsU-]*:)/.exec(this.#text.slice(this.#at, this.#at + 60));
    this.#at += head?.[0].length ?? 0;
    const possible = this.alternatives();
    this.#at += 1;
    return possible;
  }

  #skipClass(): void {
    if (this.#text[this.#at] === '^') this.#at += 1;
    for (let first = true; this.#at < this.#text.length; first = false) {
      const letter = this.#text[this.#at];
      this.#at += letter === '\\' ? 2 : 1;
      if (letter === ']' && !first) return;
    }
  }

  /** What may be left out does not have to be possible. */
  #isOptional(): boolean {
    return /^(?:[?*]|\{0?,|\{0\})/.test(this.#text.slice(this.#at, this.#at + 3));
  }
}
