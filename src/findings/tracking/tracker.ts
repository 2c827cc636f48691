import type { Clock } from '#core/clock.ts';
import { newId } from '#core/ids.ts';
import type { RankFinding } from '../search/ports.ts';
import { OURSELVES } from './apply-report.ts';
import { createOwnerLookup, parseCodeOwners } from './code-owners.ts';
import { groupBy } from './match-findings.ts';
import type {
  FindCodeChanges,
  FindingActor,
  FindingChange,
  FindingEvent,
  FindingStore,
  FindingWrite,
  FindOwners,
  StoredReport,
} from './ports.ts';
import { prepareReport, type ReportRequest } from './prepare-report.ts';
import { RepositoryChanges } from './repository-changes.ts';
import { checkRepository } from './scope.ts';
import type { TrackingSettings } from './settings.ts';
import { applyTriage, checkTriage, endAcceptance, type TriageAction } from './triage.ts';

export interface TrackerOptions {
  readonly store: FindingStore;
  readonly clock: Clock;
  /** Asked each time, so that a new configuration counts from the next report on. */
  readonly settings: () => TrackingSettings;
  readonly findCodeChanges?: FindCodeChanges;
  readonly findOwners?: FindOwners;
  /** Priority and area, for lists that are sorted and filtered by them; asked once for each report. */
  readonly openRanking?: () => Promise<RankFinding>;
}

export interface FindingTracker {
  /**
   * Matches a report against what is known and stores the outcome, in one transaction.
   *
   * @throws FindingError `repository_invalid`, `findings_busy`
   */
  takeIn(request: ReportRequest): Promise<StoredReport>;
  /**
   * The ids that the decision was made about; those that there are not are left out. One transaction for each
   * repository.
   *
   * @throws FindingError `triage_invalid`, `findings_busy`
   */
  triage(ids: readonly string[], action: TriageAction, actor: FindingActor): Promise<readonly string[]>;
  /** Opens again what was accepted until now; gives how many that was. */
  endAcceptances(): Promise<number>;
}

export function createFindingTracker(options: TrackerOptions): FindingTracker {
  const { store, clock, settings } = options;
  const changes = new RepositoryChanges(store);

  const ownersFor = async (repository: string, commit: string | undefined) => {
    const text = await options.findOwners?.(repository, commit);
    return text === undefined ? () => undefined : createOwnerLookup(parseCodeOwners(text));
  };

  const layOut = (
    repository: string,
    version: number,
    findings: readonly FindingWrite[],
    event: Pick<FindingEvent, 'type' | 'actor'> & { readonly details?: object },
  ): FindingChange => {
    const { type, actor, details = {} } = event;
    const body = { repository, findings: findings.map(({ id }) => id), ...details };
    const events = findings.length === 0 ? [] : [{ type, timeMs: clock.nowMs(), actor, body }];
    return { id: newId('chg', clock), repository, version, scopes: [], settled: [], findings, events };
  };

  const endThese = (repository: string, ids: readonly string[]) =>
    changes.run(repository, async (version) => {
      const nowMs = clock.nowMs();
      const level = settings().serviceLevel;
      const records = await store.records(ids, nowMs);
      const findings = records.flatMap(
        (record) => endAcceptance(record, { by: OURSELVES, nowMs, level }) ?? [],
      );
      const actor = { kind: 'server', id: OURSELVES } as const;
      const change = layOut(repository, version, findings, { type: 'finding.acceptance_ended', actor });
      return { change, result: findings.length };
    });

  return {
    async takeIn(request) {
      const repository = checkRepository(request.repository);
      const ownerOf = await ownersFor(repository, request.commit);
      const { findCodeChanges } = options;
      const rankOf = (await options.openRanking?.()) ?? (() => ({ priority: 0 }));
      return changes.run(repository, (version) =>
        prepareReport({ ...request, repository }, version, {
          store,
          clock,
          settings: settings(),
          findCodeChanges,
          ownerOf,
          rankOf,
        }),
      );
    },

    async triage(ids, action, actor) {
      checkTriage(action, clock.nowMs());
      const known = await store.records([...new Set(ids)], clock.nowMs());
      const done: string[] = [];
      for (const [repository, group] of groupBy(known, ({ scope }) => scope.repository)) {
        const wanted = group.map(({ id }) => id);
        const decided = await changes.run(repository, async (version) => {
          const nowMs = clock.nowMs();
          const level = settings().serviceLevel;
          const records = await store.records(wanted, nowMs);
          const findings = records.map((record) =>
            applyTriage(record, action, { by: actor.id, nowMs, level }),
          );
          const change = layOut(repository, version, findings, {
            type: 'finding.triaged',
            actor,
            details: { decision: action },
          });
          return { change, result: findings.map(({ id }) => id) };
        });
        done.push(...decided);
      }
      return done;
    },

    async endAcceptances() {
      const ended = await store.endedAcceptances(clock.nowMs());
      let count = 0;
      for (const [repository, group] of groupBy(ended, (each) => each.repository)) {
        count += await endThese(
          repository,
          group.map(({ id }) => id),
        );
      }
      return count;
    },
  };
}
