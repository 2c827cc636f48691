import type { Attack } from '#findings/attack.ts';
import type { TaintAnalysis } from '#pipeline/github/taint/taint-analysis.ts';
import { isInForce } from '#pipeline/platform-dates.ts';
import type { Repository } from '#pipeline/repository.ts';
import type { Hop } from '#pipeline/taint.ts';
import { locate } from '../locate.ts';
import { gradeFinding } from './attack.ts';
import { crossArtifacts, crossWithinRun } from './cross-artifacts.ts';
import { crossDispatches } from './cross-dispatches.ts';
import { crossGitlabCaches } from './cross-gitlab.ts';
import { crossOutputs } from './cross-outputs.ts';
import { crossCaches, crossRunners } from './cross-stores.ts';
import type { Crossing, Foothold } from './crossing.ts';
import { type Entry, entryOf, type FindingFacts, runsCode } from './entries.ts';
import { jobsBehind } from './jobs-behind.ts';
import { listFootholds } from './footholds.ts';
import { compareStrength, type Reach, reachOf } from './reach.ts';
import { Outsiders } from './sites.ts';

/** Each foothold looks at each job behind it; a file of a thousand jobs is an attack on the scanner. */
const FOOTHOLDS_MAX = 50;
const CROSSINGS_MAX = 100;

function lastHop({ words, source, span }: Reach): Hop {
  return { label: `reaches ${words.join(', ')}`, source, span };
}

/** What is known about a crossing, as a finding tells it. */
export interface ToldCrossing {
  readonly crossing: Crossing;
  readonly path: readonly Hop[];
  readonly attack: Attack;
  readonly reach: Reach;
}

function tell(crossing: Crossing): ToldCrossing {
  const reach = reachOf(crossing.to);
  const { complexity, partial, from, hops } = crossing;
  const end = reach.words.length === 0 ? [] : [lastHop(reach)];
  return {
    crossing,
    reach,
    path: [...from.way, ...hops, ...end],
    attack: { complexity, reaches: reach.words, ...(partial === undefined ? {} : { partial }) },
  };
}

/**
 * What the findings of one repository come to together: what each lets an outsider reach, and the ways that lead
 * from one job into another.
 */
export class AttackAnalysis {
  readonly #repository: Repository;
  readonly #taint: TaintAnalysis;
  readonly #asOfMs: number;
  readonly #outsiders: Outsiders;
  readonly #findings: readonly FindingFacts[];
  readonly #entries: ReadonlyMap<FindingFacts, Entry>;
  #crossings: readonly ToldCrossing[] | undefined;

  constructor(
    repository: Repository,
    findings: readonly FindingFacts[],
    taint: TaintAnalysis,
    asOfMs: number,
  ) {
    this.#repository = repository;
    this.#taint = taint;
    this.#asOfMs = asOfMs;
    this.#findings = findings;
    this.#outsiders = new Outsiders(repository);
    const entries = findings.flatMap((finding) => entryOf(finding, repository, this.#outsiders) ?? []);
    this.#entries = new Map(entries.map((entry) => [entry.finding, entry]));
  }

  /** Every step from a job that outsiders hold into one that trusts it. */
  get crossings(): readonly ToldCrossing[] {
    if (this.#crossings === undefined) {
      // A failure is told once, by the rule that asks first; then findings stay as their rules made them.
      this.#crossings = [];
      this.#crossings = this.#cross().slice(0, CROSSINGS_MAX).map(tell);
    }
    return this.#crossings;
  }

  /** Crossings that no rule reported at their place. */
  get unreported(): readonly ToldCrossing[] {
    return this.crossings.filter(
      (told) => !this.#findings.some((finding) => this.#isAt(finding, told.crossing)),
    );
  }

  #cross(): Crossing[] {
    const footholds = listFootholds([...this.#entries.values()], this.#repository).slice(0, FOOTHOLDS_MAX);
    const closed = isInForce('read-only-cache-for-untrusted', this.#asOfMs);
    return [
      ...crossArtifacts(footholds, this.#repository),
      ...footholds.flatMap((from) => this.#crossWithin(from)),
      ...crossRunners(footholds, this.#repository),
      ...(closed ? [] : crossCaches(footholds, this.#repository)),
      ...crossGitlabCaches(this.#repository),
      ...crossDispatches(this.#repository, this.#outsiders, this.#taint),
    ];
  }

  /** Only into jobs that can do more than the one that is held already. */
  #crossWithin(from: Foothold): Crossing[] {
    const { job, event } = from;
    if (job === undefined) return [];
    const own = reachOf(job).strength;
    const later = jobsBehind(job).filter(
      (to) => compareStrength(reachOf(to).strength, own) < 0 && this.#outsiders.letThrough(to, event),
    );
    return later.length === 0 ? [] : [...crossWithinRun(from, later), ...crossOutputs(from, later)];
  }

  #isAt({ locations: [at], persona, ruleId }: FindingFacts, { source, span, kind }: Crossing): boolean {
    if (at.file !== source.file || persona !== 'regular' || !REPORTS[kind].includes(ruleId)) return false;
    return at.start.offset < span.end && span.start < at.end.offset;
  }

  /** The finding with its way, what it reaches, and the severity that follows. */
  explain(finding: FindingFacts): FindingFacts {
    if (finding.attack !== undefined || finding.persona !== 'regular') return finding;
    const told = this.crossings.find(({ crossing }) => this.#isAt(finding, crossing));
    if (told !== undefined) return withAttack(finding, told.path, told.attack, told.reach);
    const entry = this.#entries.get(finding);
    if (entry === undefined) return finding;
    const reach = reachOf(entry.site.job);
    const { complexity, partial } = entry.cause;
    const gap = partial === undefined ? {} : { partial };
    const attack: Attack = { complexity, reaches: reach.words, ...gap };
    const end = reach.words.length === 0 ? [] : [lastHop(reach)];
    return withAttack(finding, [...entry.way, ...end], attack, reach);
  }
}

/** Rules that report the place where one job trusts another. */
const REPORTS: Readonly<Record<Crossing['kind'], readonly string[]>> = {
  artifact: ['artifact-poisoning'],
  cache: ['cache-poisoning', 'cache-key-overlap', 'gitlab-unprotected-cache'],
  dispatch: [],
  output: ['template-injection'],
  runner: ['self-hosted-runner'],
};

function withAttack(finding: FindingFacts, path: readonly Hop[], attack: Attack, reach: Reach): FindingFacts {
  const certain = finding.confidence === 'high' && runsCode(finding.ruleId);
  return {
    ...finding,
    severity: gradeFinding({ severity: finding.severity, certain }, reach.strength, attack),
    path: path.map(({ label, source, span }) => ({ label, location: locate(source, span) })),
    attack,
  };
}
