import { type HclToken, readTokens } from './hcl-tokens.ts';
import type { PolicyValue, TextValue } from './policy-value.ts';

export interface HclBlock {
  readonly type: string;
  readonly labels: readonly string[];
  readonly attributes: ReadonlyMap<string, PolicyValue>;
  readonly blocks: readonly HclBlock[];
  /** Its first line: type and labels. */
  readonly start: number;
  readonly end: number;
}

/** Deeper is nested by nobody, and would be nested to break a reader. */
const DEPTH_MAX = 60;
/** Of an operation that is kept. */
const WORDS_MAX = 50;

function toText({ value, at, end, bodyAt }: HclToken & { readonly kind: 'text' }): TextValue {
  return { kind: 'text', value, start: at, end, bodyAt };
}

class Reader {
  readonly #tokens: readonly HclToken[];
  #at = 0;

  constructor(tokens: readonly HclToken[]) {
    this.#tokens = tokens;
  }

  get #token(): HclToken | undefined {
    return this.#tokens[this.#at];
  }

  #isSign(value: string): boolean {
    const token = this.#token;
    return token?.kind === 'sign' && token.value === value;
  }

  #skipLines(): void {
    while (this.#isSign('\n') || this.#isSign(',')) this.#at += 1;
  }

  /** Attributes and blocks up to the closing brace, or the end. */
  body(depth: number): Pick<HclBlock, 'attributes' | 'blocks'> {
    const attributes = new Map<string, PolicyValue>();
    const blocks: HclBlock[] = [];
    while (this.#token !== undefined) {
      this.#skipLines();
      const token = this.#token;
      if (token === undefined || this.#isSign('}')) break;
      this.#at += 1;
      if (token.kind === 'sign') continue;
      if (this.#isSign('=')) {
        this.#at += 1;
        attributes.set(token.value, this.#value(depth + 1));
      } else {
        const block = this.#block(token, depth);
        if (block !== undefined) blocks.push(block);
      }
    }
    this.#at += 1;
    return { attributes, blocks };
  }

  #block({ value: type, at: start, end: typeEnd }: HclToken, depth: number): HclBlock | undefined {
    const labels: string[] = [];
    let end = typeEnd;
    while (this.#token !== undefined && this.#token.kind !== 'sign') {
      labels.push(this.#token.value);
      ({ end } = this.#token);
      this.#at += 1;
    }
    if (!this.#isSign('{')) return undefined;
    this.#at += 1;
    if (depth >= DEPTH_MAX) {
      this.#skipNested('{', '}');
      return undefined;
    }
    return { type, labels, start, end, ...this.body(depth + 1) };
  }

  /** Past the sign that closes what was opened. */
  #skipNested(open: string, close: string): void {
    for (let depth = 1; depth > 0 && this.#token !== undefined; this.#at += 1) {
      if (this.#isSign(open)) depth += 1;
      if (this.#isSign(close)) depth -= 1;
    }
  }

  /** Where the last token that was read ends. */
  get #end(): number {
    return this.#tokens[this.#at - 1]?.end ?? 0;
  }

  #value(depth: number): PolicyValue {
    const token = this.#token;
    if (token === undefined || depth >= DEPTH_MAX)
      return { kind: 'other', text: '', texts: [], start: this.#end, end: this.#end };
    const first = this.#primary(token, depth);
    // What follows on the line makes it an operation, whose value only Terraform knows.
    const rest: string[] = [];
    const texts: TextValue[] = [];
    const note = (each: HclToken): void => {
      if (rest.length < WORDS_MAX) rest.push(each.value);
      if (each.kind === 'text' && texts.length < WORDS_MAX) texts.push(toText(each));
    };
    while (this.#token !== undefined && !['\n', ',', ']', '}', ')'].some((sign) => this.#isSign(sign))) {
      const next = this.#token;
      this.#at += 1;
      note(next);
      if (next.kind === 'sign' && '([{'.includes(next.value)) {
        const from = this.#at;
        this.#skipNested(next.value, { '(': ')', '[': ']', '{': '}' }[next.value] ?? ')');
        for (const each of this.#tokens.slice(from, Math.min(this.#at, from + WORDS_MAX))) note(each);
      }
    }
    if (rest.length === 0) return first;
    const known = first.kind === 'text' ? [first] : [];
    return {
      kind: 'other',
      text: rest.join(' '),
      texts: [...known, ...texts],
      start: first.start,
      end: this.#end,
    };
  }

  #primary(token: HclToken, depth: number): PolicyValue {
    this.#at += 1;
    const { at: start } = token;
    if (token.kind === 'text') return toText(token);
    if (token.kind === 'word') {
      if (!this.#isSign('(')) return { kind: 'other', text: token.value, texts: [], start, end: token.end };
      this.#at += 1;
      const args = this.#items(')', depth);
      return { kind: 'call', name: token.value, args, start, end: this.#end };
    }
    if (token.value === '[') {
      const items = this.#items(']', depth);
      return { kind: 'list', items, start, end: this.#end };
    }
    if (token.value === '{') {
      const entries = this.#entries(depth);
      return { kind: 'object', entries, start, end: this.#end };
    }
    return { kind: 'other', text: token.value, texts: [], start, end: token.end };
  }

  #items(close: string, depth: number): PolicyValue[] {
    const items: PolicyValue[] = [];
    for (this.#skipLines(); this.#token !== undefined && !this.#isSign(close); this.#skipLines()) {
      const before = this.#at;
      items.push(this.#value(depth + 1));
      if (this.#at === before) this.#at += 1;
    }
    this.#at += 1;
    return items;
  }

  #entries(depth: number): [string, PolicyValue][] {
    const entries: [string, PolicyValue][] = [];
    for (this.#skipLines(); this.#token !== undefined && !this.#isSign('}'); this.#skipLines()) {
      const key = this.#token.value;
      this.#at += 1;
      if (!this.#isSign('=') && !this.#isSign(':')) continue;
      this.#at += 1;
      entries.push([key, this.#value(depth + 1)]);
    }
    this.#at += 1;
    return entries;
  }
}

/** The blocks of a Terraform file. Whatever stands in it, this returns. */
export function readHcl(text: string): readonly HclBlock[] {
  return new Reader(readTokens(text)).body(0).blocks;
}
