import type { ExploitComplexity } from '#findings/attack.ts';
import type { Finding } from '#findings/finding.ts';
import { isAtLeast } from '#findings/severity.ts';
import type { Job, Pipeline, Step } from '#pipeline/model.ts';
import type { Repository } from '#pipeline/repository.ts';
import type { Hop } from '#pipeline/taint.ts';
import { isOutsider, type Trigger } from '#pipeline/trigger.ts';
import { findFollowed } from './add-triggers.ts';
import { compareStrength, reachOf } from './reach.ts';
import { type OpenTrigger, type Outsiders, type Site, sitesOf } from './sites.ts';

export type FindingFacts = Omit<Finding, 'fingerprint'>;

interface EntryRule {
  /** What happens at the place. */
  readonly what: string;
  /** True when code runs there for certain; others know better than a table how bad it can get. */
  readonly runsCode: boolean;
  /** The rule weighs the job's rights itself: code runs in what it calls medium, too, when it is sure. */
  readonly weighsRights?: true;
}

/** Below that a rule speaks of members, of runs without rights, or of what is refused. */
function isEntry({ ruleId, persona, severity, confidence }: FindingFacts): boolean {
  if (persona !== 'regular' || !Object.hasOwn(ENTRIES, ruleId)) return false;
  if (isAtLeast(severity, 'high')) return true;
  return ENTRIES[ruleId]?.weighsRights === true && severity === 'medium' && confidence === 'high';
}

/** Rules that find a place where outsiders get their code to run. */
const ENTRIES: Readonly<Record<string, EntryRule>> = {
  'agent-open-to-outsiders': { what: 'the agent follows their orders', runsCode: false },
  'argument-injection': { what: 'they choose options of a program', runsCode: false },
  'artifact-poisoning': { what: 'files of their run are run here', runsCode: false },
  'environment-injection': { what: 'they set variables of the steps behind it', runsCode: true },
  'path-injection': { what: 'they choose which programs later steps find', runsCode: true },
  'template-injection': { what: 'their text becomes code', runsCode: true },
  'untrusted-checkout': { what: 'their code comes in and runs', runsCode: false, weighsRights: true },
};

/** Whether a finding of the rule may become worse than the rule itself says. */
export function runsCode(ruleId: string): boolean {
  return Object.hasOwn(ENTRIES, ruleId) && ENTRIES[ruleId]?.runsCode === true;
}

/** A finding by which an outsider gets code into a run that has the rights of the project. */
export interface Entry {
  readonly finding: FindingFacts;
  readonly site: Site;
  readonly open: OpenTrigger;
  readonly cause: Cause;
  /** From the event to the code. */
  readonly way: readonly Hop[];
}

interface Place {
  readonly job: Job;
  readonly step: Step | undefined;
  readonly hop: Hop;
}

const contains = ({ node }: Job | Step, offset: number) => node.start <= offset && offset < node.end;

function placeOf({ locations: [at], ruleId }: FindingFacts, repository: Repository): Place | undefined {
  const pipeline = repository.pipelines.find(({ source }) => source.file === at.file);
  const job = pipeline?.jobs.find((each) => contains(each, at.start.offset));
  if (pipeline === undefined || job === undefined) return undefined;
  const step = job.steps.find((each) => contains(each, at.start.offset));
  const span = { start: at.start.offset, end: at.end.offset };
  return { job, step, hop: { label: ENTRIES[ruleId]?.what ?? '', source: pipeline.source, span } };
}

/** Words of an expression that only some events have a value for. */
const HINTS: readonly (readonly [RegExp, RegExp])[] = [
  [/\bgithub\.event\.comment\b/, /comment/],
  [/\bgithub\.event\.issue\b/, /^issue/],
  [/\bgithub\.event\.discussion\b/, /^discussion/],
  [/\bgithub\.event\.workflow_run\b/, /^workflow_run$/],
  [/\bpull_request\b|\bhead_ref\b/, /^pull_request/],
];

function fits(event: string, text: string): boolean {
  return HINTS.some(([words, events]) => words.test(text) && events.test(event));
}

/** The event that the text is about, before those that need nobody's help, before the others. */
function pickTrigger(open: readonly OpenTrigger[], text: string): OpenTrigger | undefined {
  const score = ({ trigger, approved }: OpenTrigger) =>
    (fits(trigger.event, text) ? 2 : 0) + (approved ? 0 : 1);
  return open.toSorted((left, right) => score(right) - score(left))[0];
}

/** How an outsider makes the event happen: for one that follows other runs, how they cause those. */
export interface Cause {
  readonly hops: readonly Hop[];
  readonly complexity: ExploitComplexity;
  readonly partial?: string;
}

function describeCauser(trigger: Trigger): string {
  return trigger.firedBy === 'anyone'
    ? `${trigger.event}: anybody can cause it`
    : `${trigger.event}: anybody can cause it from a fork; a first run has to be approved`;
}

export function causeOf(open: OpenTrigger, root: Pipeline, repository: Repository): Cause {
  const { trigger, approved } = open;
  const own = triggerHop(trigger, root);
  const complexity = approved ? 'medium' : 'low';
  const names = trigger.filters['workflows'] ?? [];
  if (trigger.event !== 'workflow_run' || names.length === 0) return { hops: [own], complexity };
  const followed = findFollowed(trigger, repository);
  const causes = followed.flatMap((pipeline) =>
    pipeline.triggers.filter(({ firedBy }) => isOutsider(firedBy)).map((each) => ({ pipeline, each })),
  );
  const first = causes.find(({ each }) => each.firedBy === 'anyone') ?? causes[0];
  if (first === undefined) {
    const [name = ''] = names;
    const partial = `who can start ${name.slice(0, 60)}, which it follows`;
    // Most of them are pull requests of forks, whose first run has to be approved.
    return { hops: [own], complexity: 'medium', partial };
  }
  const { pipeline, each } = first;
  const before: Hop = { label: describeCauser(each), source: pipeline.source, span: each.node };
  const then: Hop = {
    ...own,
    label: `workflow_run: follows ${pipeline.file} with the rights of the project`,
  };
  const free = each.firedBy === 'anyone' && !approved;
  return { hops: [before, then], complexity: free ? 'low' : 'medium' };
}

export function triggerHop({ event, node }: OpenTrigger['trigger'], { source }: Pipeline): Hop {
  const what = event === 'workflow_run' ? 'follows runs that anybody can cause' : 'anybody can cause it';
  return { label: `${event}: ${what}`, source, span: node };
}

/** What the rule itself said about the way, as hops; without the event when it began with that. */
function ownHops(finding: FindingFacts, trigger: Hop, end: Hop, repository: Repository): readonly Hop[] {
  const hops = (finding.path ?? []).flatMap(({ label, location: { file, start, end: stop } }): Hop[] => {
    const source = repository.files.find((each) => each.source.file === file)?.source;
    return source === undefined ? [] : [{ label, source, span: { start: start.offset, end: stop.offset } }];
  });
  const isTrigger = ({ source, span }: Hop) =>
    source === trigger.source && span.start === trigger.span.start && span.end === trigger.span.end;
  const own = hops.filter((hop) => !isTrigger(hop));
  return own.length === 0 ? [end] : own;
}

/** The site at which most is to be had. */
function pickSite(
  job: Job,
  step: Step | undefined,
  text: string,
  repository: Repository,
  outsiders: Outsiders,
): { site: Site; open: OpenTrigger } | undefined {
  return sitesOf(job, repository)
    .flatMap((site) => {
      const open = pickTrigger(outsiders.privilegedTriggers(site, step), text);
      return open === undefined ? [] : [{ site, open }];
    })
    .toSorted((left, right) =>
      compareStrength(reachOf(left.site.job).strength, reachOf(right.site.job).strength),
    )[0];
}

const TEXT_CHARS_MAX = 2_000;

/** What a finding lets an outsider begin; undefined for those that are about something else. */
export function entryOf(
  finding: FindingFacts,
  repository: Repository,
  outsiders: Outsiders,
): Entry | undefined {
  if (!isEntry(finding)) return undefined;
  const place = placeOf(finding, repository);
  if (place === undefined) return undefined;
  const { hop, job, step } = place;
  const text = hop.source.text.slice(hop.span.start, Math.min(hop.span.end, hop.span.start + TEXT_CHARS_MAX));
  const found = pickSite(job, step, text, repository, outsiders);
  if (found === undefined) return undefined;
  const { site, open } = found;
  const cause = causeOf(open, site.root, repository);
  const own = ownHops(finding, triggerHop(open.trigger, site.root), hop, repository);
  return { finding, site, open, cause, way: [...cause.hops, ...site.calls, ...own] };
}
