import { type HclToken, readTokens } from './hcl-tokens.ts';

export type HclValue =
  | { readonly kind: 'text'; readonly value: string }
  | { readonly kind: 'list'; readonly items: readonly HclValue[] }
  | { readonly kind: 'object'; readonly entries: readonly (readonly [key: string, value: HclValue])[] }
  | { readonly kind: 'call'; readonly name: string; readonly args: readonly HclValue[] }
  /** A reference, a number, an operation: its words as they stand. */
  | { readonly kind: 'other'; readonly text: string };

export interface HclBlock {
  readonly type: string;
  readonly labels: readonly string[];
  readonly attributes: ReadonlyMap<string, HclValue>;
  readonly blocks: readonly HclBlock[];
  /** Offset of its first word. */
  readonly at: number;
}

/** Deeper is nested by nobody, and would be nested to break a reader. */
const DEPTH_MAX = 60;

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
    const attributes = new Map<string, HclValue>();
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

  #block({ value: type, at }: HclToken, depth: number): HclBlock | undefined {
    const labels: string[] = [];
    while (this.#token !== undefined && this.#token.kind !== 'sign') {
      labels.push(this.#token.value);
      this.#at += 1;
    }
    if (!this.#isSign('{')) return undefined;
    this.#at += 1;
    if (depth >= DEPTH_MAX) {
      this.#skipNested('{', '}');
      return undefined;
    }
    return { type, labels, at, ...this.body(depth + 1) };
  }

  /** Past the sign that closes what was opened. */
  #skipNested(open: string, close: string): void {
    for (let depth = 1; depth > 0 && this.#token !== undefined; this.#at += 1) {
      if (this.#isSign(open)) depth += 1;
      if (this.#isSign(close)) depth -= 1;
    }
  }

  #value(depth: number): HclValue {
    const token = this.#token;
    if (token === undefined || depth >= DEPTH_MAX) return { kind: 'other', text: '' };
    const first = this.#primary(token, depth);
    // What follows on the line makes it an operation, whose value only Terraform knows.
    const rest: string[] = [];
    while (this.#token !== undefined && !['\n', ',', ']', '}', ')'].some((sign) => this.#isSign(sign))) {
      const next = this.#token;
      this.#at += 1;
      if (next.kind === 'sign' && '([{'.includes(next.value)) {
        this.#skipNested(next.value, { '(': ')', '[': ']', '{': '}' }[next.value] ?? ')');
      }
      if (rest.length < 50) rest.push(next.value);
    }
    return rest.length === 0 ? first : { kind: 'other', text: rest.join(' ') };
  }

  #primary(token: HclToken, depth: number): HclValue {
    this.#at += 1;
    if (token.kind === 'text') return { kind: 'text', value: token.value };
    if (token.kind === 'word') {
      if (!this.#isSign('(')) return { kind: 'other', text: token.value };
      this.#at += 1;
      return { kind: 'call', name: token.value, args: this.#items(')', depth) };
    }
    if (token.value === '[') return { kind: 'list', items: this.#items(']', depth) };
    if (token.value === '{') return { kind: 'object', entries: this.#entries(depth) };
    return { kind: 'other', text: token.value };
  }

  #items(close: string, depth: number): HclValue[] {
    const items: HclValue[] = [];
    for (this.#skipLines(); this.#token !== undefined && !this.#isSign(close); this.#skipLines()) {
      const before = this.#at;
      items.push(this.#value(depth + 1));
      if (this.#at === before) this.#at += 1;
    }
    this.#at += 1;
    return items;
  }

  #entries(depth: number): [string, HclValue][] {
    const entries: [string, HclValue][] = [];
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

/** Texts of a value, one or many; what is computed stands as `${…}`. */
export function textsOf(value: HclValue | undefined): string[] {
  if (value === undefined) return [];
  if (value.kind === 'text') return [value.value];
  if (value.kind === 'other') return [`\${${value.text}}`];
  return value.kind === 'list' ? value.items.flatMap(textsOf) : [];
}
