import type { FindingGroup, FindingSummary, TriageDecision } from '#api/finding.ts';
import { isId } from '#core/ids.ts';
import { isInScope } from '#core/repository-scope.ts';
import { riskAreaOf } from '#findings/risk-area.ts';
import { correlate, type CorrelationGroup } from '#findings/tracking/correlate.ts';
import { FindingError } from '#findings/tracking/finding-error.ts';
import type { FindingCursor, FindingFilter } from '#findings/tracking/ports.ts';
import { worseSeverity } from '#findings/tracking/service-level.ts';
import { type TrackedFinding, unresolvedStates } from '#findings/tracking/tracked-finding.ts';
import type { ServerDependencies } from './dependencies.ts';
import { cursorText, findingFilterOf, findingPageOf, withoutPage } from './finding-query.ts';
import { findingSummary, findingView, triageActionOf, unknownFinding } from './finding-views.ts';
import type { HandlersOf } from './handler.ts';
import type { Person } from './ports.ts';
import { RequestProblem } from './request-problem.ts';
import { momentOrNull } from './views.ts';

const PAGE_ROWS = 1_000;
/** Findings that one answer compares with each other; the worst come first. */
const COMPARED_MAX = 10_000;

type Dependencies = Pick<ServerDependencies, 'findings' | 'clock'>;

/** Ids are ours: what does not look like one is not asked for, so that no hostile text reaches the store. */
function checkId(id: string): string {
  if (!isId('fnd', id)) throw unknownFinding();
  return id;
}

/** What we refuse on purpose, as a problem; everything else is an incident. */
export function problemOfFinding(error: unknown): unknown {
  if (!(error instanceof FindingError)) return error;
  const { code, message, remedy } = error;
  return new RequestProblem(code, message, { cause: error, ...(remedy !== undefined && { remedy }) });
}

/** With the summaries of its findings, of which there is at least one. */
function groupView(
  { id, reasons, members }: CorrelationGroup<TrackedFinding>,
  summarise: (tracked: TrackedFinding) => FindingSummary,
): FindingGroup {
  const due = members.flatMap(({ dueAtMs }) => dueAtMs ?? []);
  const findings = members.map(summarise);
  const priorities = findings.map(({ priority }) => priority);
  return {
    id,
    reasons: [...reasons],
    severity: findings.map(({ severity }) => severity).reduce(worseSeverity, 'info'),
    priority: priorities.reduce((a, b) => (b.score > a.score ? b : a)),
    dueAt: momentOrNull(due.length === 0 ? undefined : due.reduce((a, b) => Math.min(a, b))),
    findings,
  };
}

export function createFindingHandlers({
  findings: { store, tracker, ruleClasses, ruleBook, priority },
  clock,
}: Dependencies): HandlersOf<
  'listFindings' | 'countFindings' | 'groupFindings' | 'getFinding' | 'triageFinding' | 'triageFindings'
> {
  const summariserAt = async (nowMs: number) => {
    const { areas } = await ruleBook();
    return ({ finding, ...tracked }: TrackedFinding) =>
      findingSummary(
        { ...tracked, finding },
        priority.priorityOf(finding, tracked.scope.repository),
        riskAreaOf(finding, areas),
        nowMs,
      );
  };

  const read = async (id: string, { scope }: Person) => {
    const nowMs = clock.nowMs();
    const tracked = await store.finding(id, nowMs);
    if (tracked === undefined || !isInScope(scope, tracked.scope.repository)) throw unknownFinding();
    const { areas } = await ruleBook();
    return { value: findingView(tracked, await store.history(id), { source: priority, areas, nowMs }) };
  };

  /** What the caller may not see is left out, as what there is not. */
  const decide = async (ids: readonly string[], decision: TriageDecision, caller: Person) => {
    const records = await store.records(ids, clock.nowMs());
    const seen = records.filter(({ scope }) => isInScope(caller.scope, scope.repository)).map(({ id }) => id);
    try {
      const actor = { kind: 'person', id: caller.subject } as const;
      return await tracker.triage(seen, triageActionOf(decision), actor);
    } catch (error) {
      throw problemOfFinding(error);
    }
  };

  /** Worst first, until there are no more or enough. */
  const readUnresolved = async (filter: FindingFilter) => {
    const found: TrackedFinding[] = [];
    for (let after: FindingCursor | undefined; found.length < COMPARED_MAX; ) {
      const page = { limit: PAGE_ROWS, ...(after !== undefined && { after }) };
      const rows = await store.findings({ ...filter, states: unresolvedStates }, page, clock.nowMs());
      found.push(...rows);
      const last = rows.at(-1);
      if (last === undefined || rows.length < PAGE_ROWS) return { found, truncated: false };
      after = { severity: last.finding.severity, id: last.id };
    }
    return { found, truncated: true };
  };

  return {
    async listFindings({ query, caller }) {
      const nowMs = clock.nowMs();
      const page = findingPageOf(query);
      const filter = findingFilterOf(withoutPage(query), caller.scope, nowMs);
      const { found, next } = await store.search(filter, page, nowMs);
      const findings = found.map(await summariserAt(nowMs));
      const priorityWarnings = [...priority.warnings()];
      return { value: { findings, next: cursorText(page.order, next), priorityWarnings } };
    },
    async countFindings({ query, caller }) {
      const nowMs = clock.nowMs();
      return { value: { counts: await store.counts(findingFilterOf(query, caller.scope, nowMs), nowMs) } };
    },
    async groupFindings({ query, caller }) {
      const nowMs = clock.nowMs();
      const { found, truncated } = await readUnresolved(findingFilterOf(query, caller.scope, nowMs));
      const summarise = await summariserAt(nowMs);
      const groups = correlate(found, await ruleClasses()).map((group) => groupView(group, summarise));
      return { value: { groups, truncated, priorityWarnings: [...priority.warnings()] } };
    },
    getFinding: async ({ params, caller }) => read(checkId(params.id), caller),
    async triageFinding({ params, body, caller }) {
      const id = checkId(params.id);
      const decided = await decide([id], body.decision, caller);
      if (decided.length === 0) throw unknownFinding();
      return read(id, caller);
    },
    async triageFindings({ body, caller }) {
      const ids = [...new Set(body.findings)];
      const known = ids.filter((id) => isId('fnd', id));
      const decided = await decide(known, body.decision, caller);
      const done = new Set(decided);
      return { value: { decided: [...decided], unknown: ids.filter((id) => !done.has(id)) } };
    },
  };
}
