import { Automaton } from './automaton.ts';
import type { CompiledRule } from './compiled-rule.ts';
import type { SecretTier } from './rule.ts';

/** A secret in bytes. The value never leaves this process; reports get a redacted form. */
export interface SecretMatch {
  readonly rule: CompiledRule;
  readonly tier: SecretTier;
  /** Byte offsets of the secret; `end` is exclusive. */
  readonly start: number;
  readonly end: number;
  /** Offset of the whole match, from which other tools count lines. */
  readonly matchStart: number;
  readonly value: string;
  /** It stood in base64 at this place. */
  readonly wrapped?: boolean;
}

/** A region that grew to this is searched, and another begins: no expression ever sees more at a time. */
const REGION_BYTES_MAX = 65_536;
/** Of regions that lie side by side. */
const OVERLAP_BYTES = 12_288;
const MATCHES_MAX = 1_000;
/** Processor time that the rules of somebody else may take in one thread, each. */
const RULE_MS_MAX = 3_000;
/** Processor time that a rule may take in one file: hostile text must not stop a scan. */
const FILE_MS_MAX = 1_500;

/** Of this thread: a busy machine must not turn rules off. */
function processorMs(): number {
  const { user, system } = process.threadCpuUsage();
  return (user + system) / 1_000;
}

function isContinuation(byte: number | undefined): boolean {
  return byte !== undefined && (byte & 0xc0) === 0x80;
}

/** Rules with their keywords in one automaton. Not for two files at a time. */
export class Matcher {
  /** Rules that took too long, and are not asked any more. */
  readonly exhausted = new Set<CompiledRule>();
  /** Rules that did not get through the file that was searched last. */
  readonly cutShort = new Set<CompiledRule>();
  readonly #rules: readonly CompiledRule[];
  readonly #automaton: Automaton;
  readonly #words: readonly string[];
  /** By word: indexes of the rules that it stands for. */
  readonly #rulesOfWord: readonly (readonly number[])[];
  /** By rule: where the region that is growing starts and ends, and where its last match ended. */
  readonly #starts: Int32Array;
  readonly #ends: Int32Array;
  readonly #done: Int32Array;
  readonly #spentMs: Float64Array;
  readonly #fileMs: Float64Array;
  #touched: number[] = [];
  /** Rules without a keyword. */
  readonly #everywhere: readonly number[];

  constructor(rules: readonly CompiledRule[]) {
    const byWord = new Map<string, number[]>();
    for (const [index, { keywords }] of rules.entries()) {
      for (const word of keywords)
        byWord.set(word.toLowerCase(), [...(byWord.get(word.toLowerCase()) ?? []), index]);
    }
    this.#rules = rules;
    this.#everywhere = [...rules.keys()].filter((index) => rules[index]?.keywords.length === 0);
    this.#words = [...byWord.keys()];
    this.#rulesOfWord = [...byWord.values()];
    this.#automaton = new Automaton(this.#words);
    this.#starts = new Int32Array(rules.length);
    this.#ends = new Int32Array(rules.length).fill(-1);
    this.#done = new Int32Array(rules.length);
    this.#spentMs = new Float64Array(rules.length);
    this.#fileMs = new Float64Array(rules.length);
  }

  /** Every match in the bytes of a file, rule by rule. */
  match(bytes: Buffer, file: string): SecretMatch[] {
    const matches: SecretMatch[] = [];
    this.cutShort.clear();
    this.#automaton.search(bytes, (word, end) => {
      const start = end - (this.#words[word]?.length ?? 0);
      for (const rule of this.#rulesOfWord[word] ?? []) this.#grow(rule, start, end, bytes, file, matches);
    });
    this.#touched.push(...this.#everywhere);
    for (const rule of this.#touched) {
      if (this.#rules[rule]?.wholeFile === true) this.#searchAll(rule, bytes, file, matches);
      else this.#search(rule, bytes, file, matches);
      this.#ends[rule] = -1;
      this.#done[rule] = 0;
      this.#fileMs[rule] = 0;
    }
    this.#touched = [];
    return matches;
  }

  /** The whole file, in regions that overlap by what a match may take up. */
  #searchAll(index: number, bytes: Buffer, file: string, matches: SecretMatch[]): void {
    for (let from = 0; from < bytes.length; from += REGION_BYTES_MAX - OVERLAP_BYTES) {
      this.#starts[index] = from;
      this.#ends[index] = Math.min(bytes.length, from + REGION_BYTES_MAX);
      this.#search(index, bytes, file, matches);
      if (from + REGION_BYTES_MAX >= bytes.length) break;
    }
  }

  #grow(
    index: number,
    start: number,
    end: number,
    bytes: Buffer,
    file: string,
    matches: SecretMatch[],
  ): void {
    const rule = this.#rules[index];
    if (rule === undefined || rule.leads?.(bytes, start, end) === false) return;
    const from = Math.max(0, start - rule.before);
    const to = Math.min(bytes.length, end + rule.behind);
    const last = this.#ends[index] ?? -1;
    if (last === -1) this.#touched.push(index);
    else if (rule.wholeFile === true) return;
    else if (from <= last && to - (this.#starts[index] ?? 0) <= REGION_BYTES_MAX) {
      this.#ends[index] = to;
      return;
    } else this.#search(index, bytes, file, matches);
    this.#starts[index] = from;
    this.#ends[index] = to;
  }

  /** Runs the expression of a rule over the region that has grown for it. */
  #search(index: number, bytes: Buffer, file: string, matches: SecretMatch[]): void {
    const rule = this.#rules[index];
    if (rule === undefined || this.exhausted.has(rule) || rule.wants?.(file) === false) return;
    if ((this.#fileMs[index] ?? 0) > FILE_MS_MAX) {
      this.cutShort.add(rule);
      return;
    }
    let from = this.#starts[index] ?? 0;
    let to = this.#ends[index] ?? 0;
    while (from > 0 && isContinuation(bytes[from])) from -= 1;
    while (isContinuation(bytes[to])) to += 1;
    const text = bytes.toString('utf8', from, to);
    const offsetOf = (at: number) =>
      from + (text.length === to - from ? at : Buffer.byteLength(text.slice(0, at)));
    const startMs = processorMs();
    for (const found of text.matchAll(rule.expression())) {
      const value = pickValue(found, rule.group);
      if (value === undefined || value === '' || matches.length >= MATCHES_MAX) continue;
      const matchStart = offsetOf(found.index);
      if (matchStart < (this.#done[index] ?? 0)) continue;
      this.#done[index] = matchStart + Buffer.byteLength(found[0]);
      const tier = rule.judge({
        text: found[0],
        value,
        file,
        line: () => lineAround(text, found.index, found[0]),
      });
      if (tier === undefined) continue;
      const start = offsetOf(found.index + found[0].indexOf(value));
      matches.push({ rule, tier, start, end: start + Buffer.byteLength(value), matchStart, value });
    }
    const ms = processorMs() - startMs;
    this.#fileMs[index] = (this.#fileMs[index] ?? 0) + ms;
    this.#spentMs[index] = (this.#spentMs[index] ?? 0) + ms;
    if ((this.#spentMs[index] ?? 0) > RULE_MS_MAX && rule.limited === true) this.exhausted.add(rule);
  }
}

function pickValue(found: RegExpMatchArray, group: number | undefined): string | undefined {
  if (group !== undefined) return found[group];
  return found.slice(1).find((each) => each !== undefined && each !== '') ?? found[0];
}

function lineAround(text: string, start: number, match: string): string {
  const from = text.lastIndexOf('\n', start - 1) + 1;
  const to = text.indexOf('\n', start + match.length);
  return text.slice(from, to === -1 ? undefined : to);
}
