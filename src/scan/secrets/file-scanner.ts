import { SourceText } from '#pipeline/source.ts';
import { findAllowance } from './allow-comments.ts';
import { findBase64Runs } from './base64-runs.ts';
import type { CompiledRule } from './compiled-rule.ts';
import { type SecretMatch, Matcher } from './matcher.ts';
import { pickMatches } from './pick-matches.ts';
import { maskLine, redact, shortDigest } from './redact.ts';
import type { HitPosition, SecretHit } from './secret-hit.ts';

/** A text in base64 in a text in base64 is looked into, and no further. */
const DEPTH_MAX = 2;
const HITS_MAX = 200;

/** Tests, their data and examples: a key there opens nothing most of the time, a token of a service may. */
const OF_A_TEST =
  /(?:^|\/)(?:tests?|__tests__|spec|specs|fixtures?|testdata|test[_-]data|test[_-]resources|mocks?|__mocks__|examples?|samples?|e2e|testing|docs?|snapshots?|__snapshots__|cassettes)(?:\/|$)|(?:^|\/)(?:[\w.]{1,30}[-_])?(?:test|e2e|integration|fake|fuzz)[\w-]{0,30}\/|[._-](?:test|tests|spec|example|sample|template|dist|mocks?|fakes?|fixtures?)(?:\.[a-z]{1,10}){1,2}$|(?:^|\/)test_[^/]{1,100}$|_test(?:_[a-z]{1,20}){0,2}\.[a-z]{1,6}$/i;
/** Keys and tokens without an issuer who could be asked about them. */
const HARMLESS_IN_TESTS = new Set(['secret-private-key', 'secret-json-web-key', 'secret-ethereum-key']);

/** Searches one file after the other. */
export class FileScanner {
  readonly #matcher: Matcher;
  readonly #namesOf: (ruleId: string) => readonly string[];

  /** `namesOf` says what a rule is called in comments that let it stand. */
  constructor(rules: readonly CompiledRule[], namesOf: (ruleId: string) => readonly string[]) {
    this.#matcher = new Matcher(rules);
    this.#namesOf = namesOf;
  }

  /** Ids of rules that took too long and were left out from some file on. */
  get exhausted(): readonly string[] {
    return [...this.#matcher.exhausted].map(({ id }) => id);
  }

  /** Ids of rules that did not get through the last file. */
  get cutShort(): readonly string[] {
    return [...this.#matcher.cutShort].map(({ id }) => id);
  }

  /** Secrets in the text of a file, in order of place. */
  scan(bytes: Buffer, file: string): SecretHit[] {
    const matches = pickMatches([...this.#matcher.match(bytes, file), ...this.#matchWrapped(bytes, file, 1)]);
    if (matches.length === 0) return [];
    const text = new SourceText(file, bytes.toString('utf8'));
    const toOffset = offsetsOf(bytes, text.text);
    const spans = matches.map(({ start, end, value }) => ({
      start: toOffset(start),
      end: toOffset(end),
      value,
    }));
    return matches.slice(0, HITS_MAX).map((match, index): SecretHit => {
      const span = spans[index] ?? { start: 0, end: 0 };
      const start = positionOf(text, span.start);
      const line = text.line(start.line);
      const end = positionOf(text, span.end);
      // Behind a key over many lines a comment stands on its last.
      const here = end.line === start.line ? line : `${line}\n${text.line(end.line)}`;
      const allowed = findAllowance(
        here,
        start.line > 1 ? text.line(start.line - 1) : '',
        this.#namesOf(match.rule.id),
      );
      return {
        ruleId: match.rule.id,
        tier: OF_A_TEST.test(file) && HARMLESS_IN_TESTS.has(match.rule.id) ? 'generic' : match.tier,
        value: match.value,
        shown: redact(match.value),
        digest: match.tier === 'high' ? shortDigest(match.value) : '',
        start,
        end,
        matchLine: positionOf(text, toOffset(match.matchStart)).line,
        excerpt: maskLine(line, text.lineStart(start.line), spans),
        inTest: OF_A_TEST.test(file),
        wrapped: match.wrapped === true,
        weighed: match.tier === 'generic' && match.rule.weighed === true,
        ...(allowed === undefined ? {} : { allowed }),
      };
    });
  }

  /** What stands in base64, at the place of what it stands in. Only what gates is worth it. */
  #matchWrapped(bytes: Buffer, file: string, depth: number): SecretMatch[] {
    return findBase64Runs(bytes).flatMap(({ start, end, bytes: inner }) => {
      const found = this.#matcher.match(inner, file).filter(({ tier }) => tier === 'high');
      const deeper = depth < DEPTH_MAX ? this.#matchWrapped(inner, file, depth + 1) : [];
      const [first] = [...found, ...deeper];
      // One place is one finding: the rest of the text is mended with it.
      return first === undefined ? [] : [{ ...first, start, end, matchStart: start, wrapped: true }];
    });
  }
}

/** From bytes to UTF-16. In most files they are the same. */
function offsetsOf(bytes: Buffer, text: string): (at: number) => number {
  return bytes.length === text.length ? (at) => at : (at) => bytes.toString('utf8', 0, at).length;
}

function positionOf(text: SourceText, offset: number): HitPosition {
  return { ...text.position(offset), offset };
}
