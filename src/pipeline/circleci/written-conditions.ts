import { every, not, some, type Verdict } from './verdict.ts';
import { matchesPattern } from './patterns.ts';
import type { Situation } from './situations.ts';

const TOKEN =
  /\s*(?:("[^"\\]{0,200}"|'[^'\\]{0,200}')|(==|!=|=~|[()])|(and|or|not|starts-with)(?![\w.-])|([A-Za-z_][\w.-]{0,200}))/;
const CHARACTERS_MAX = 2_000;

type Token = string;

function tokenize(text: string): Token[] | undefined {
  const written = text.trim();
  if (written.length > CHARACTERS_MAX) return undefined;
  const tokens: Token[] = [];
  const pattern = new RegExp(TOKEN, 'y');
  while (pattern.lastIndex < written.length) {
    const match = pattern.exec(written);
    if (match === null) return undefined;
    tokens.push(match[0].trim());
  }
  return tokens;
}

/** Reads left to right; whatever it does not understand makes the answer `unknown`. */
class Reader {
  #at = 0;
  readonly #tokens: readonly Token[];
  readonly #situation: Situation;

  constructor(tokens: readonly Token[], situation: Situation) {
    this.#tokens = tokens;
    this.#situation = situation;
  }

  read(): Verdict {
    const verdict = this.#or();
    return this.#at === this.#tokens.length ? verdict : 'unknown';
  }

  #take(token: Token): boolean {
    if (this.#tokens[this.#at] !== token) return false;
    this.#at += 1;
    return true;
  }

  #or(): Verdict {
    const sides = [this.#and()];
    while (this.#take('or')) sides.push(this.#and());
    return some(sides);
  }

  #and(): Verdict {
    const sides = [this.#unary()];
    while (this.#take('and')) sides.push(this.#unary());
    return every(sides);
  }

  #unary(): Verdict {
    if (this.#take('not')) return not(this.#unary());
    if (this.#take('(')) {
      const verdict = this.#or();
      return this.#take(')') ? verdict : 'unknown';
    }
    return this.#comparison();
  }

  #value(): string | undefined {
    const token = this.#tokens[this.#at] ?? '';
    this.#at += 1;
    if (/^["']/.test(token)) return token.slice(1, -1);
    return token === 'true' || token === 'false' ? token : this.#situation.valueOf(token.toLowerCase());
  }

  #comparison(): Verdict {
    const left = this.#value();
    const operator = ['==', '!=', '=~', 'starts-with'].find((each) => this.#take(each));
    if (operator === undefined) return left === undefined ? 'unknown' : left === 'true' ? 'true' : 'false';
    const right = this.#value();
    if (left === undefined || right === undefined) return 'unknown';
    if (operator === '=~') return matchesPattern(`/.*(?:${right}).*/`, left);
    if (operator === 'starts-with') return left.startsWith(right) ? 'true' : 'false';
    return (left === right) === (operator === '==') ? 'true' : 'false';
  }
}

/** A condition written as one line: `pipeline.git.branch == "main" and not pipeline.event.name == "schedule"`. */
export function evaluateWritten(text: string, situation: Situation): Verdict {
  const tokens = tokenize(text);
  return tokens === undefined || tokens.length === 0 ? 'unknown' : new Reader(tokens, situation).read();
}
