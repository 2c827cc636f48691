import type { Fix, Finding, Location } from '#findings/finding.ts';
import type { FingerprintParts } from '#findings/fingerprint.ts';
import type { Assumption } from '#pipeline/guard.ts';
import { outsiderAssumption } from '#pipeline/github/outsider.ts';
import type { Flow } from '#pipeline/github/taint/shell-flow.ts';
import type { TaintAnalysis } from '#pipeline/github/taint/taint-analysis.ts';
import type { Job, Pipeline, Step } from '#pipeline/model.ts';
import { isInForce, type PlatformChangeId } from '#pipeline/platform-dates.ts';
import type { Repository } from '#pipeline/repository.ts';
import type { SourceText } from '#pipeline/source.ts';
import type { Expression } from '#pipeline/text.ts';
import type { Taint } from '#pipeline/taint.ts';
import { locate } from './locate.ts';
import { isForOtherServer } from './shared/other-servers.ts';
import type { FixDraft, PinSource, RepositoryContext, Report, Rule, RuleContext } from './rule.ts';

/** A finding that has no fingerprint yet: equal ones are numbered when all are known. */
export interface FindingDraft {
  readonly finding: Omit<Finding, 'fingerprint'>;
  readonly parts: FingerprintParts;
}

/** Where in a repository a rule is asked. */
export interface Place {
  readonly source: SourceText;
  readonly pipeline?: Pipeline | undefined;
  readonly job?: Job | undefined;
  readonly step?: Step | undefined;
}

export interface RunOptions {
  readonly asOfMs: number;
  readonly pins: PinSource | undefined;
  /** Findings of one rule in one repository; the rest is counted, not kept. */
  readonly findingsMax: number;
  /** Asks rules also where no word stands that they need: the same is found, and it takes longer. */
  readonly askAlways?: boolean | undefined;
}

/** Names on the way to the place; numbers would change when a step is added above. */
function structureOf({ job, step }: Place): string {
  if (job === undefined) return '';
  if (step === undefined) return `jobs/${job.id}`;
  const what = step.id ?? (step.work.kind === 'action' ? step.work.reference.repository : step.work.kind);
  return `jobs/${job.id}/steps/${what}`;
}

function toFix(draft: FixDraft, source: SourceText): Fix {
  const edits = draft.edits.map(({ start, end, replacement, source: other }) => ({
    file: (other ?? source).file,
    start,
    end,
    replacement,
  }));
  return { title: draft.title, safety: draft.safety, edits };
}

/** What the rules of one run work out together. */
interface SharedFacts {
  readonly repository: Repository;
  readonly taint: TaintAnalysis;
  /** By event; verdicts on conditions are kept by the assumption that they were made under. */
  readonly outsiders: Map<string, Assumption>;
}

/** One rule over one repository: what it knows of where it is, and what it said. */
export class RuleRun implements RuleContext, RepositoryContext {
  readonly repository: Repository;
  readonly pins: PinSource | undefined;
  readonly asOfMs: number;
  readonly drafts: FindingDraft[] = [];
  dropped = 0;
  readonly rule: Rule;
  readonly #options: RunOptions;
  readonly #facts: SharedFacts;
  #place: Place | undefined;

  constructor(rule: Rule, facts: SharedFacts, options: RunOptions) {
    this.repository = facts.repository;
    this.pins = options.pins;
    this.asOfMs = options.asOfMs;
    this.rule = rule;
    this.#options = options;
    this.#facts = facts;
  }

  enter(place: Place | undefined): void {
    this.#place = place;
  }

  inForce(change: PlatformChangeId): boolean {
    // What GitHub changes, servers that speak its language do not.
    const pipeline = this.#place?.pipeline;
    if (pipeline !== undefined && isForOtherServer(pipeline)) return false;
    return isInForce(change, this.#options.asOfMs);
  }

  outsider(event: string): Assumption {
    const { outsiders } = this.#facts;
    const known = outsiders.get(event) ?? outsiderAssumption(event);
    outsiders.set(event, known);
    return known;
  }

  taintsOf(
    expression: Expression,
    place: { job?: Job | undefined; step?: Step | undefined },
  ): readonly Taint[] {
    const pipeline = place.step?.job.pipeline ?? place.job?.pipeline ?? this.#place?.pipeline;
    if (pipeline === undefined) return [];
    return this.#facts.taint.taintsOf(expression, {
      pipeline,
      job: place.step?.job ?? place.job,
      step: place.step,
    });
  }

  taintsOfFlow(flow: Flow, step: Step): readonly Taint[] {
    return this.#facts.taint.taintsOfFlow(flow, step);
  }

  taintsOfAddedPaths(step: Step): readonly Taint[] {
    return this.#facts.taint.taintsOfAddedPaths(step);
  }

  report(report: Report): void {
    if (this.#place === undefined) throw new Error('a rule that looks at a repository reports with reportIn');
    this.#add(report, this.#place);
  }

  reportIn(source: SourceText, report: Report): void {
    this.#add(report, { source });
  }

  #add(report: Report, place: Place): void {
    if (this.drafts.length >= this.#options.findingsMax) {
      this.dropped += 1;
      return;
    }
    const { rule } = this;
    const { source } = place;
    const locations: [Location, ...Location[]] = [
      locate(source, report.at),
      ...(report.related ?? []).map((each) => locate(each.source ?? source, each.at, each.label)),
    ];
    const path = report.path?.map((hop) => ({ label: hop.label, location: locate(hop.source, hop.span) }));
    this.drafts.push({
      finding: {
        ruleId: rule.id,
        severity: report.severity ?? rule.severity,
        confidence: report.confidence ?? rule.confidence,
        persona: report.persona ?? rule.persona,
        message: report.message,
        explanation: report.explanation ?? rule.why,
        remedy: report.remedy ?? rule.remedy,
        locations,
        ...(path === undefined || path.length === 0 ? {} : { path }),
        ...(report.attack === undefined ? {} : { attack: report.attack }),
        fixes: (report.fixes ?? []).flatMap((fix) => (fix === undefined ? [] : [toFix(fix, source)])),
      },
      parts: {
        ruleId: rule.id,
        file: source.file,
        structure: structureOf(place),
        text: report.key ?? source.slice(report.at),
      },
    });
  }
}
