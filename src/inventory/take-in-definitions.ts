import type { Clock } from '#core/clock.ts';
import { newId } from '#core/ids.ts';
import { checkRepository } from '#findings/tracking/scope.ts';
import type { FindingTracker } from '#findings/tracking/tracker.ts';
import type { UploadInspector } from './inspect-apart.ts';
import type { InventoryStore, RepositorySummary } from './ports.ts';
import { summariseInspection } from './summarise-inspection.ts';

export interface DefinitionsRequest {
  readonly repository: string;
  /** Undefined: what is the default, the client says. */
  readonly branch: string | undefined;
  readonly commit: string;
  readonly bytes: Uint8Array;
  /** A person's subject. */
  readonly by: string;
}

export interface TakenDefinitions {
  readonly repository: RepositorySummary;
  /** What became of it: the inventory keeps the newest of the default branch. */
  readonly inventory: 'updated' | 'other-branch' | 'newer-there';
  readonly problems: readonly string[];
  readonly reportId: string;
}

export interface DefinitionIntakeOptions {
  readonly store: Pick<InventoryStore, 'save'>;
  readonly tracker: Pick<FindingTracker, 'takeIn'>;
  readonly inspector: UploadInspector;
  /** Names of branches that count as the default one. */
  readonly defaultBranches: () => readonly string[];
  readonly toolVersion: string;
  readonly clock: Clock;
}

export type TakeInDefinitions = (request: DefinitionsRequest) => Promise<TakenDefinitions>;

/**
 * Inspects what was uploaded, tracks its findings (which puts the upload into the record), and keeps it when it is of
 * the default branch.
 *
 * @throws DefinitionUploadError, FindingError `repository_invalid` and `findings_busy`
 */
export function createDefinitionIntake(options: DefinitionIntakeOptions): TakeInDefinitions {
  const { store, tracker, inspector, clock, toolVersion } = options;
  return async ({ repository: given, branch: ref, commit, bytes, by }) => {
    const repository = checkRepository(given);
    const branch = ref?.replace(/^refs\/heads\//, '');
    const atMs = clock.nowMs();
    const { inspected, report } = await inspector.inspect({
      repository,
      branch,
      bytes,
      asOfMs: atMs,
      toolVersion,
    });
    const { id: reportId } = await tracker.takeIn({
      report,
      name: 'pipeline definitions',
      repository,
      commit,
      actor: { kind: 'person', id: by },
      ...(branch !== undefined && { branch }),
    });
    const point = { id: newId('ins', clock), repository, branch, commit, atMs, by };
    const record = summariseInspection(point, inspected);
    const isDefault = branch === undefined || options.defaultBranches().includes(branch);
    const saved = isDefault && (await store.save(record));
    return {
      repository: record.repository,
      inventory: isDefault ? (saved ? 'updated' : 'newer-there') : 'other-branch',
      problems: inspected.problems,
      reportId,
    };
  };
}
