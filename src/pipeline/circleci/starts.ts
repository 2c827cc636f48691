import { memoize } from '../memoize.ts';
import type { Start } from '../surface.ts';
import { asMapping, asScalar, scalarsOf } from '../yaml/access.ts';
import { memberOf, membersOf } from '../yaml/merge-keys.ts';
import type { MappingNode, YamlNode } from '../yaml/node.ts';
import { evaluateCondition } from './conditions.ts';
import { matchesPattern } from './patterns.ts';
import {
  branchSituation,
  type Defaults,
  forkSituations,
  manualSituation,
  scheduleSituation,
  type Situation,
  tagSituation,
} from './situations.ts';
import { every, not, some, type Verdict } from './verdict.ts';
import { evaluateWritten } from './written-conditions.ts';

/** Branches that stand for production in most repositories, the usual ones first. */
const PRODUCTION_BRANCHES = ['main', 'master', 'production', 'release', 'trunk'];
const FILTERS_MAX = 30;
const NAMED_MAX = 10;

/** What decides whether a job runs: `when:` of its workflow, and filters of the job itself. */
export interface Gate {
  readonly workflow: YamlNode | undefined;
  readonly filters: YamlNode | undefined;
}

function filterWords(filters: YamlNode | undefined, kind: 'branches' | 'tags', key: 'only' | 'ignore') {
  const part = memberOf(filters, kind);
  const list = asScalar(part) === undefined ? memberOf(part, key) : key === 'only' ? part : undefined;
  return list === undefined
    ? undefined
    : scalarsOf(list)
        .slice(0, FILTERS_MAX)
        .map(({ value }) => value);
}

function passesFilter(filters: YamlNode | undefined, kind: 'branches' | 'tags', name: string): Verdict {
  const [only, ignore] = [filterWords(filters, kind, 'only'), filterWords(filters, kind, 'ignore')];
  const isIn = (words: readonly string[]): Verdict => some(words.map((word) => matchesPattern(word, name)));
  return every([only === undefined ? 'true' : isIn(only), ignore === undefined ? 'true' : not(isIn(ignore))]);
}

/** Without a filter for tags a job runs for branches only. */
function passesFilters(filters: YamlNode | undefined, situation: Situation): Verdict {
  const written = asScalar(filters);
  if (written !== undefined && written.value !== '') return evaluateWritten(written.value, situation);
  if (situation.tag === '') return passesFilter(filters, 'branches', situation.branch);
  if (filterWords(filters, 'tags', 'only') === undefined) {
    return filterWords(filters, 'tags', 'ignore') === undefined ? 'false' : 'unknown';
  }
  return passesFilter(filters, 'tags', situation.tag) === 'true' ? 'true' : 'unknown';
}

/** Of one workflow, by situation: its jobs ask the same again and again. */
const knownVerdicts = memoize((_workflow: MappingNode) => new Map<string, Verdict>());

function passesWorkflow(workflow: YamlNode | undefined, situation: Situation): Verdict {
  const mapping = asMapping(workflow);
  if (mapping === undefined) return 'true';
  const known = knownVerdicts(mapping);
  const id = `${situation.start.what} ${situation.branch} ${situation.tag}`;
  const verdict = known.get(id) ?? judgeWorkflow(mapping, situation);
  known.set(id, verdict);
  return verdict;
}

function judgeWorkflow(workflow: MappingNode, situation: Situation): Verdict {
  const members = membersOf(workflow);
  const [when, unless] = [members.get('when')?.value, members.get('unless')?.value];
  return every([
    when === undefined ? 'true' : evaluateCondition(when, situation),
    unless === undefined ? 'true' : not(evaluateCondition(unless, situation)),
  ]);
}

/** Branches that a filter names, which no usual name stands for. */
function namedBranches(filters: YamlNode | undefined, defaults: Defaults): Situation[] {
  return (filterWords(filters, 'branches', 'only') ?? []).slice(0, NAMED_MAX).flatMap((word) => {
    if (PRODUCTION_BRANCHES.includes(word)) return [];
    const isPattern = word.startsWith('/');
    // A pattern is no name; the words in it say what it is for.
    const name = isPattern ? word.replaceAll(/[^\w/-]|^\/|\/$/g, '') : word;
    const what = isPattern
      ? `a push to a branch like ${word.slice(0, 40)}`
      : `a push to ${word.slice(0, 40)}`;
    return name === '' ? [] : [branchSituation(name, what, defaults)];
  });
}

/** `triggers:` of a workflow, the older way to write a schedule: nothing else starts it then. */
function scheduled(workflow: YamlNode | undefined, defaults: Defaults): Situation[] {
  const triggers = memberOf(workflow, 'triggers');
  if (triggers === undefined) return [];
  const items = triggers.kind === 'sequence' ? triggers.items : [triggers];
  return items.map((item) => {
    const filters = memberOf(memberOf(item, 'schedule'), 'filters');
    return scheduleSituation(filterWords(filters, 'branches', 'only')?.[0] ?? 'main', defaults);
  });
}

function uniqueStarts(situations: readonly Situation[]): Start[] {
  const seen = new Map(situations.map(({ start }) => [`${start.what} ${start.authority}`, start]));
  return [...seen.values()];
}

/** Every way in which a job comes to run, as far as the file tells. */
export function readStarts({ workflow, filters }: Gate, defaults: Defaults): Start[] {
  const bySchedule = scheduled(workflow, defaults);
  if (bySchedule.length > 0) return uniqueStarts(bySchedule);
  const runsIn = (situation: Situation): boolean =>
    every([passesWorkflow(workflow, situation), passesFilters(filters, situation)]) !== 'false';
  const production = PRODUCTION_BRANCHES.map((name) => branchSituation(name, `a push to ${name}`, defaults));
  const named = namedBranches(filters, defaults).filter((each) => passesWorkflow(workflow, each) !== 'false');
  const found = [
    ...forkSituations(defaults).filter(runsIn),
    ...[branchSituation('feature/x', 'a push to any branch', defaults)].filter(runsIn),
    ...production.filter(runsIn).slice(0, 1),
    ...named,
    ...[tagSituation('v1.0.0', defaults)].filter(runsIn),
  ];
  if (found.length > 0) return uniqueStarts(found);
  const others = [scheduleSituation('main', defaults), manualSituation(defaults)];
  return uniqueStarts(others.filter((each) => passesWorkflow(workflow, each) !== 'false').slice(0, 1));
}
