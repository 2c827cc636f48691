import { hash } from 'node:crypto';
import type { ReportedFinding } from '../reported-finding.ts';
import type { Anchor } from './anchor.ts';
import type { CodeChanges } from './code-changes.ts';
import { matchFindings, type MatchedPair, type MatchResult } from './match-findings.ts';
import type { FindingWrite, KnownRecord, ScopeCounts } from './ports.ts';
import { dueAt } from './service-level.ts';
import type { TrackingSettings } from './settings.ts';
import { isExempt, pauseClock, stateOf, tidyTriage, toolStanding } from './standing.ts';
import type { FindingScope, HistoryEntry, HistoryKind, Triage } from './tracked-finding.ts';

/** Who did what nobody did. */
export const OURSELVES = 'vouchgate';

export interface ReportContext {
  readonly scope: FindingScope;
  readonly reportId: string;
  readonly nowMs: number;
  readonly settings: TrackingSettings;
  readonly changes: CodeChanges | undefined;
  readonly newId: () => string;
  readonly ownerOf: (file: string) => string | undefined;
}

/** A report against what is known of its scope, before the clocks of the new ones are looked up. */
export interface Matched {
  readonly findings: readonly ReportedFinding[];
  readonly anchors: readonly Anchor[];
  readonly result: MatchResult;
}

export interface AppliedReport {
  readonly writes: readonly FindingWrite[];
  readonly counts: ScopeCounts;
  /** Whether something that was `new` is not new any more. */
  readonly settles: boolean;
}

/** `anchors` are those of the findings, in their order. */
export function matchReport(
  findings: readonly ReportedFinding[],
  anchors: readonly Anchor[],
  known: readonly KnownRecord[],
  changes: CodeChanges | undefined,
): Matched {
  return { findings, anchors, result: matchFindings(anchors, known, changes) };
}

/** Equal for findings that are equal in every word. */
export function contentDigest(finding: ReportedFinding): string {
  return hash('sha256', JSON.stringify(finding), 'base64url').slice(0, 27);
}

class ReportApplication {
  readonly writes: FindingWrite[] = [];
  reopened = 0;
  #context: ReportContext;

  constructor(context: ReportContext) {
    this.#context = context;
  }

  addNew(finding: ReportedFinding, anchor: Anchor, clockStartedAtMs: number): void {
    const { nowMs, reportId, scope, newId } = this.#context;
    const byTool = this.#byTool(finding);
    const triage = pauseClock(tidyTriage({ byTool }), byTool !== undefined, nowMs);
    this.#write({
      id: newId(),
      isNew: true,
      present: true,
      scope,
      anchor,
      state: stateOf(triage, 'new', nowMs),
      severity: finding.severity,
      firstSeenMs: nowMs,
      lastSeenMs: nowMs,
      clockStartedAtMs,
      triage,
      reportId,
      content: contentDigest(finding),
      finding,
    });
  }

  /** Nothing is written of what is as it was. */
  keep(
    { known: { id }, how, sure }: MatchedPair,
    known: KnownRecord,
    finding: ReportedFinding,
    anchor: Anchor,
  ) {
    const { nowMs } = this.#context;
    const content = contentDigest(finding);
    const triage = this.#triageOf(known, finding, sure);
    const lost = known.exempt && !isExempt(triage, nowMs);
    const otherwise = !known.present || lost || known.state === 'reopened' ? 'reopened' : 'open';
    const state = stateOf(triage, otherwise, nowMs);
    const history = this.#historyOf(known, finding, { how, sure, lost });
    if (!known.present) this.reopened += 1;
    const write = this.#complete({
      ...withoutFixedAt(known),
      id,
      isNew: false,
      present: true,
      scope: this.#context.scope,
      anchor,
      // `new` becomes `open` for all at once; see `settled`.
      state: known.state === 'new' && state === 'open' ? 'new' : state,
      severity: finding.severity,
      lastSeenMs: nowMs,
      triage,
      reportId: this.#context.reportId,
      content,
      ...(content !== known.content && { finding }),
      ...(history !== undefined && { history }),
    });
    if (isChanged(known, write)) {
      this.writes.push({ ...write, state });
    }
  }

  close(known: KnownRecord): void {
    const { nowMs, reportId, scope } = this.#context;
    const { dueAtMs: _due, ...rest } = known;
    this.writes.push({
      ...withoutFixedAt(rest),
      isNew: false,
      present: false,
      scope,
      state: 'fixed',
      fixedAtMs: nowMs,
      triage: pauseClock(known.triage, true, nowMs),
      history: { atMs: nowMs, by: OURSELVES, kind: 'fixed', note: 'not in the report any more', reportId },
    });
  }

  #byTool(finding: ReportedFinding): Triage['byTool'] {
    return toolStanding(finding, this.#context.settings.trustedDecisions.has(finding.tool));
  }

  /** A guess keeps age, owner and assignee, but nobody's acceptance. */
  #triageOf(known: KnownRecord, finding: ReportedFinding, sure: boolean): Triage {
    const { nowMs } = this.#context;
    const { acceptance, falsePositive, ...rest } = known.triage;
    const kept = sure ? { acceptance, falsePositive } : {};
    const triage = tidyTriage({ ...rest, ...kept, byTool: this.#byTool(finding) });
    const endedAtMs = Math.min(acceptance?.untilMs ?? nowMs, nowMs);
    return isExempt(triage, nowMs) ? pauseClock(triage, true, nowMs) : pauseClock(triage, false, endedAtMs);
  }

  #historyOf(
    known: KnownRecord,
    finding: ReportedFinding,
    { how, sure, lost }: { how: MatchedPair['how']; sure: boolean; lost: boolean },
  ): HistoryEntry | undefined {
    const entry = (kind: HistoryKind, note: string): HistoryEntry => {
      const { nowMs: atMs, reportId } = this.#context;
      return { atMs, by: OURSELVES, kind, note, reportId };
    };
    if (lost && !sure)
      return entry('reopened', `recognised by a guess (${how}), so its exemption did not come along`);
    if (!known.present) return entry('reopened', 'in the report again');
    if (lost) return entry('reopened', 'the tool does not except it any more');
    const { file } = finding.place;
    if (file !== known.anchor.file) return entry('moved', `now in ${file ?? 'no file'}`);
    if (!sure) return entry('moved', `recognised by a guess: ${how}`);
    if (finding.severity === known.severity) return undefined;
    return entry('changed', `severity ${known.severity} is now ${finding.severity}`);
  }

  #write(write: FindingWrite): void {
    this.writes.push(this.#complete(write));
  }

  /** With the day it is due, and its owner. */
  #complete(write: FindingWrite): FindingWrite {
    const { settings, ownerOf } = this.#context;
    const { dueAtMs: _due, owner: _owner, ...rest } = write;
    const { file } = write.anchor;
    const owner = file === undefined ? undefined : ownerOf(file);
    const due = dueAt(
      write.clockStartedAtMs,
      write.severity,
      write.triage.pauses ?? [],
      settings.serviceLevel,
    );
    return { ...rest, ...(due !== undefined && { dueAtMs: due }), ...(owner !== undefined && { owner }) };
  }
}

function withoutFixedAt({
  fixedAtMs: _fixed,
  exempt: _exempt,
  ...rest
}: KnownRecord): Omit<FindingWrite, 'isNew' | 'scope'> {
  return rest;
}

function isChanged(known: KnownRecord, write: FindingWrite): boolean {
  return (
    write.finding !== undefined ||
    write.history !== undefined ||
    write.present !== known.present ||
    write.state !== known.state ||
    write.dueAtMs !== known.dueAtMs ||
    write.owner !== known.owner ||
    write.anchor.key !== known.anchor.key ||
    JSON.stringify(write.triage) !== JSON.stringify(known.triage)
  );
}

/**
 * What a report changes in its scope. `known` is what {@link matchReport} was given; `clockStarts` has the keys of
 * new findings that are known in another scope: their clock does not begin again.
 */
export function applyReport(
  { findings, anchors, result }: Matched,
  known: readonly KnownRecord[],
  clockStarts: ReadonlyMap<string, number>,
  context: ReportContext,
): AppliedReport {
  const application = new ReportApplication(context);
  const records = new Map(known.map((record) => [record.id, record]));
  const at = (index: number) => ({ finding: findings[index], anchor: anchors[index] });
  for (const index of result.fresh) {
    const { finding, anchor } = at(index);
    if (finding === undefined || anchor === undefined) continue;
    application.addNew(
      finding,
      anchor,
      Math.min(clockStarts.get(anchor.key) ?? context.nowMs, context.nowMs),
    );
  }
  for (const pair of result.pairs) {
    const { finding, anchor } = at(pair.reported);
    const record = records.get(pair.known.id);
    if (finding === undefined || anchor === undefined || record === undefined) continue;
    application.keep(pair, record, finding, anchor);
  }
  for (const { id } of result.gone) {
    const record = records.get(id);
    if (record !== undefined) application.close(record);
  }
  return {
    writes: application.writes,
    settles: known.some(({ present, state }) => present && state === 'new'),
    counts: {
      scope: context.scope,
      reported: findings.length,
      new: result.fresh.length,
      stillThere: result.pairs.length - application.reopened,
      reopened: application.reopened,
      fixed: result.gone.length,
    },
  };
}
