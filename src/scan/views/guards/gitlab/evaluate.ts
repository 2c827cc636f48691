import type { GitlabJob, Rules } from '#pipeline/gitlab/model.ts';
import { evaluateRules } from '#pipeline/gitlab/situation.ts';
import type { Truth } from '#pipeline/guard.ts';
import { type Passage, worstPassage } from '../judged-guard.ts';
import { isKeyword } from './conditions.ts';
import type { Patterns } from './plain-patterns.ts';
import type { Occasion } from './starts.ts';

const WORDS: Readonly<Record<Truth, Passage>> = { true: 'yes', false: 'no', unknown: 'maybe' };
function negate(truth: Truth): Truth {
  return truth === 'unknown' ? truth : truth === 'true' ? 'false' : 'true';
}

function both(left: Truth, right: Truth): Truth {
  if (left === 'false' || right === 'false') return 'false';
  return left === 'true' && right === 'true' ? 'true' : 'unknown';
}

/** How patterns are read: of the name that is tried, or of any other that somebody may choose (`undefined`). */
type Reading = Patterns | undefined;

function matchesRef(pattern: string, ref: string, patterns: Reading): Truth {
  const matched = patterns?.matches(pattern, ref);
  if (matched === undefined) return 'unknown';
  return matched ? 'true' : 'false';
}

function matchesWord(word: string, { words, ref }: Occasion, patterns: Reading): Truth {
  // `main@group/project`: only where the project is so called.
  const [name = '', project] = word.split('@', 2);
  if (isKeyword(name)) return words.includes(name) ? 'true' : 'false';
  if (ref === undefined) return 'false';
  if (name.startsWith('/')) return matchesRef(word, ref, patterns);
  if (name.includes('$')) return 'unknown';
  if (name !== ref) return 'false';
  return project === undefined ? 'true' : 'unknown';
}

function matchesAny(list: readonly string[], occasion: Occasion, patterns: Reading): Truth {
  const truths = list.map((word) => matchesWord(word, occasion, patterns));
  if (truths.includes('true')) return 'true';
  return truths.includes('unknown') ? 'unknown' : 'false';
}

function evaluateWords(
  { only, except }: Rules & { kind: 'legacy' },
  occasion: Occasion,
  patterns: Reading,
): Truth {
  // Only `changes`, `variables` or `kubernetes` are asked for.
  if (only.length === 0 && except.length === 0) return occasion.ref === undefined ? 'false' : 'unknown';
  const asked = only.length === 0 ? ['branches', 'tags'] : only;
  return both(matchesAny(asked, occasion, patterns), negate(matchesAny(except, occasion, patterns)));
}

/** A job without rules is in pipelines of branches and tags only, unless `workflow:rules` name merge requests. */
function evaluateAll({ rules, pipeline }: GitlabJob, occasion: Occasion, patterns: Reading): Truth {
  const { situation, ref } = occasion;
  const read = (each: Rules) => patterns?.settle(each, situation) ?? each;
  const whole = evaluateRules(read(pipeline.rules), situation, 'true');
  if (rules.kind === 'legacy') return both(whole, evaluateWords(rules, occasion, patterns));
  const orElse = ref === undefined ? evaluateRules(read(pipeline.rules), situation, 'false') : 'true';
  return both(whole, evaluateRules(read(rules), situation, orElse));
}

function judgeOccasion(job: GitlabJob, occasion: Occasion, patterns: Patterns): Passage {
  if (job.when === 'never') return 'no';
  const readings: readonly Reading[] = occasion.isChosen ? [patterns, undefined] : [patterns];
  const passage = worstPassage(readings.map((each) => WORDS[evaluateAll(job, occasion, each)]));
  return occasion.bySetting && passage === 'yes' ? 'maybe' : passage;
}

/** Whether any of the ways to start a pipeline gets a job to run. */
export function judgeOccasions(job: GitlabJob, occasions: readonly Occasion[], patterns: Patterns): Passage {
  return worstPassage(occasions.map((each) => judgeOccasion(job, each, patterns)));
}
