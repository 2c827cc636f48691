import type { FindingGroup, FindingQuery, FindingSummary, TriageDecision } from '#api/finding.ts';
import { isId } from '#core/ids.ts';
import { correlate, type CorrelationGroup } from '#findings/tracking/correlate.ts';
import { FindingError } from '#findings/tracking/finding-error.ts';
import type { FindingCursor, FindingFilter } from '#findings/tracking/ports.ts';
import { worseSeverity } from '#findings/tracking/service-level.ts';
import { type TrackedFinding, unresolvedStates } from '#findings/tracking/tracked-finding.ts';
import { FindingSeverity } from '#api/finding.ts';
import type { ServerDependencies } from './dependencies.ts';
import { findingSummary, findingView, triageActionOf } from './finding-views.ts';
import type { HandlersOf } from './handler.ts';
import type { StoredSession } from './ports.ts';
import { RequestProblem } from './request-problem.ts';
import { momentOrNull } from './views.ts';

const PAGE_ROWS = 1_000;
/** Findings that one answer compares with each other; the worst come first. */
const COMPARED_MAX = 10_000;

type Dependencies = Pick<ServerDependencies, 'findings' | 'clock'>;

function unknownFinding(): RequestProblem {
  return new RequestProblem('finding_unknown', 'There is no finding with this id.');
}

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

/** `high.fnd_…`: where the next page begins. */
function cursorOf(text: string): FindingCursor {
  const [severity, id = ''] = text.split('.', 2);
  const parsed = FindingSeverity.safeParse(severity);
  if (parsed.success && isId('fnd', id)) return { severity: parsed.data, id };
  throw new RequestProblem('request_invalid', '`after` is not the `next` of a page.');
}

function filterOf(query: FindingQuery, nowMs: number): FindingFilter {
  const { state, severity, kind, overdue, after: _after, limit: _limit, ...names } = query;
  return {
    ...Object.fromEntries(Object.entries(names).filter(([, value]) => value !== undefined)),
    ...(state !== undefined && { states: state }),
    ...(severity !== undefined && { severities: severity }),
    ...(kind !== undefined && { kinds: kind }),
    ...(overdue !== undefined && { overdueAtMs: nowMs }),
  };
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
  findings: { store, tracker, ruleClasses, priority },
  clock,
}: Dependencies): HandlersOf<
  'listFindings' | 'countFindings' | 'groupFindings' | 'getFinding' | 'triageFinding' | 'triageFindings'
> {
  const summariserAt = (nowMs: number) => (tracked: TrackedFinding) =>
    findingSummary(tracked, priority.priorityOf(tracked.finding, tracked.scope.repository), nowMs);

  const read = async (id: string) => {
    const nowMs = clock.nowMs();
    const tracked = await store.finding(id, nowMs);
    if (tracked === undefined) throw unknownFinding();
    return { value: findingView(tracked, await store.history(id), priority, nowMs) };
  };

  const decide = async (ids: readonly string[], decision: TriageDecision, caller: StoredSession) => {
    try {
      const actor = { kind: 'person', id: caller.subject } as const;
      return await tracker.triage(ids, triageActionOf(decision), actor);
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
    async listFindings({ query }) {
      const nowMs = clock.nowMs();
      const { limit, after } = query;
      const page = { limit, ...(after !== undefined && { after: cursorOf(after) }) };
      const rows = await store.findings(filterOf(query, nowMs), page, nowMs);
      const last = rows.length === limit ? rows.at(-1) : undefined;
      const next = last === undefined ? null : `${last.finding.severity}.${last.id}`;
      const findings = rows.map(summariserAt(nowMs));
      return { value: { findings, next, priorityWarnings: [...priority.warnings()] } };
    },
    async countFindings({ query: { repository, tool, target } }) {
      const filter = {
        repository,
        ...(tool !== undefined && { tool }),
        ...(target !== undefined && { target }),
      };
      return { value: { counts: await store.counts(filter, clock.nowMs()) } };
    },
    async groupFindings({ query: { repository, target } }) {
      const filter = { repository, ...(target !== undefined && { target }) };
      const { found, truncated } = await readUnresolved(filter);
      const summarise = summariserAt(clock.nowMs());
      const groups = correlate(found, await ruleClasses()).map((group) => groupView(group, summarise));
      return { value: { groups, truncated, priorityWarnings: [...priority.warnings()] } };
    },
    getFinding: async ({ params }) => read(checkId(params.id)),
    async triageFinding({ params, body, caller }) {
      const id = checkId(params.id);
      const decided = await decide([id], body.decision, caller);
      if (decided.length === 0) throw unknownFinding();
      return read(id);
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
