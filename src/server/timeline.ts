import type { TimelineEntry, TimelineQuery } from '#api/timeline.ts';
import type { Activity } from '#audit/inputs/activity.ts';
import { identityKey, type IdentityKeyKind } from '#audit/inputs/identity-keys.ts';
import type { ActivityStore, TimelineEntry as StoredEntry, TimelinePlace } from '#audit/inputs/ports.ts';
import type { DecisionIndex } from '#audit/decision-index/ports.ts';
import { OWN_RECORD } from '#audit/timeline/index-events.ts';
import type { RepositoryScope } from '#core/repository-scope.ts';
import type { HandlersOf } from './handler.ts';
import { eventsInScope } from './record-scope.ts';
import { RequestProblem } from './request-problem.ts';
import { eventView, momentOf } from './views.ts';

export interface TimelineDependencies {
  store: Pick<ActivityStore, 'timeline' | 'cursor'>;
  /** Whether our own events are made findable now. */
  isOn(): boolean;
}

const KINDS = [
  'principal',
  'actor',
  'resource',
  'project',
  'run',
  'decision',
] as const satisfies readonly IdentityKeyKind[];

function keyOf(query: TimelineQuery): string {
  const given = KINDS.flatMap((kind) => identityKey(kind, query[kind]) ?? []);
  const [key] = given;
  if (key !== undefined && given.length === 1) return key;
  throw new RequestProblem('request_invalid', 'A timeline is of one identity.', {
    remedy: `Give one of: ${KINDS.join(', ')}.`,
  });
}

function placeOf(text: string | undefined): TimelinePlace | undefined {
  if (text === undefined) return undefined;
  const dot = text.indexOf('.');
  return { timeMs: Number(text.slice(0, dot)), entry: text.slice(dot + 1) };
}

function activityView(activity: Activity) {
  const {
    id,
    input,
    platform,
    externalId,
    receivedAtMs,
    actor,
    action,
    target,
    outcome,
    addresses,
    keys,
    raw,
  } = activity;
  return {
    id,
    input,
    platform,
    external_id: externalId,
    received_at: momentOf(receivedAtMs),
    actor,
    action,
    target: target ?? null,
    outcome,
    addresses,
    keys,
    raw,
  };
}

function entryView(entry: StoredEntry): TimelineEntry {
  const time = momentOf(entry.timeMs);
  return entry.origin === 'event'
    ? { origin: 'vouchgate', time, event: eventView(entry.event) }
    : { origin: 'input', time, activity: activityView(entry.activity) };
}

/** What was done by, to or through one identity, here and elsewhere. */
export function createTimelineHandlers(
  timeline: TimelineDependencies | undefined,
  decisions: Pick<DecisionIndex, 'repositoriesOf'>,
): HandlersOf<'listTimeline'> {
  /** What others say happened names no repository of ours: it is for those who see all. */
  const seenBy = async (scope: RepositoryScope, entries: readonly StoredEntry[]) => {
    if (scope.kind === 'all') return entries;
    const events = entries.flatMap((entry) => (entry.origin === 'event' ? [entry.event] : []));
    const seen = new Set<unknown>(await eventsInScope(events, scope, decisions));
    return entries.filter((entry) => entry.origin === 'event' && seen.has(entry.event));
  };

  return {
    async listTimeline({ query, caller }) {
      const key = keyOf(query);
      if (timeline === undefined) return { value: { entries: [], next: null, indexed_through: null } };
      const [page, cursor] = await Promise.all([
        timeline.store.timeline(key, placeOf(query.before), query.limit),
        timeline.store.cursor(OWN_RECORD),
      ]);
      return {
        value: {
          entries: (await seenBy(caller.scope, page.entries)).map(entryView),
          next: page.next === undefined ? null : `${page.next.timeMs}.${page.next.entry}`,
          indexed_through: timeline.isOn() ? Number(cursor?.position ?? 0) : null,
        },
      };
    },
  };
}
