import { countReplay, replayChange } from '#broker/access-use/replay-change.ts';
import { createUseSource } from '#broker/access-use/use-source.ts';
import type {
  Configuration,
  ConfigurationFiles,
  ConfigurationLoad,
} from '#broker/configuration/configuration.ts';
import type { ConfigurationManager } from '#broker/configuration/configuration-manager.ts';
import { CONFIGURATION_FILE, loadConfiguration } from '#broker/configuration/load-configuration.ts';
import { type ConfigurationWriter, createProposalManager } from '#broker/configuration/manage-proposals.ts';
import { FREEZE_REFRESH_SECONDS, type FreezeSnapshot } from '#broker/freeze/freeze-guard.ts';
import { createFreezeManager } from '#broker/freeze/manage-freezes.ts';
import type { Clock } from '#core/clock.ts';
import { messageOf } from '#core/errors.ts';
import type { Logger } from '#core/log.ts';
import { ALL_REPOSITORIES } from '#core/repository-scope.ts';
import { checkGatePolicy } from '#posture/check-gate-policy.ts';
import { formatUnifiedDiff } from '#scan/fix/unified-diff.ts';
import type { AccessDependencies } from '#server/access/access-dependencies.ts';
import type { Storage } from '#storage/storage.ts';
import { applyFiles } from '../apply-files.ts';
import type { EditableFolder } from '../editable-folder.ts';
import type { Timers } from '../timers.ts';

const SETTLE_SECONDS = 5;
const REPLAY_DAYS = 30;

export interface AccessOptions {
  readonly storage: Storage;
  readonly manager: ConfigurationManager;
  readonly freezes: FreezeSnapshot;
  /** The configuration folder, where this server may write to it. */
  readonly editable?: EditableFolder | undefined;
  readonly publicUrl: string;
  readonly clock: Clock;
  readonly log: Logger;
}

export interface OpenedAccess {
  readonly dependencies: { readonly access: AccessDependencies };
  work(timers: Timers): void;
}

/** Proposals, replay and freezes, put together on the configuration in force. */
export function openAccess(options: AccessOptions): OpenedAccess {
  const { storage, manager, freezes, editable, clock, log } = options;
  const { events } = storage;
  const configuration = () => manager.configuration();
  const check = (files: ConfigurationFiles) => checkFiles(files, options.publicUrl);
  const uses = createUseSource({ index: storage.decisions, clock });
  const proposals = createProposalManager({
    store: storage.proposals,
    events,
    configuration,
    check,
    async replay(after) {
      const recorded = await uses.read(ALL_REPOSITORIES, REPLAY_DAYS);
      return countReplay(REPLAY_DAYS, await replayChange(recorded, inForce(configuration), after));
    },
    writer: editable && createWriter(editable, manager, log),
    clock,
  });
  const freezeManager = createFreezeManager({ store: storage.freezes, snapshot: freezes, events, clock });
  return {
    dependencies: {
      access: {
        configuration,
        check,
        uses,
        proposals,
        appliedBy: editable === undefined ? 'checkout' : 'server',
        freezes: { ...freezeManager, inForce: () => freezes.inForce() },
        formatDiff: formatUnifiedDiff,
      },
    },
    work(timers) {
      timers.every(FREEZE_REFRESH_SECONDS, 'freezes', () => freezes.refresh());
      timers.every(SETTLE_SECONDS, 'proposals', () => proposals.settle());
    },
  };
}

function inForce(configuration: () => Configuration | undefined): Configuration {
  const current = configuration();
  if (current === undefined) throw new TypeError('no configuration is in force');
  return current;
}

/** As the manager does, which takes no change of the URL while it runs. */
async function checkFiles(files: ConfigurationFiles, publicUrl: string): Promise<ConfigurationLoad> {
  const load = await loadConfiguration(files, { checkGatePolicy });
  if (!load.ok || load.configuration.url === publicUrl) return load;
  const problem = {
    file: CONFIGURATION_FILE,
    line: 1,
    column: 1,
    message: '`url` is the issuer of tokens that were given out, and cannot change while the server runs.',
    remedy: 'Change it in the folder itself and restart the server.',
  };
  return { ok: false, problems: [problem] };
}

/** Writes what was approved and puts it in force; what does not come into force is taken back. */
function createWriter(
  editable: EditableFolder,
  manager: ConfigurationManager,
  log: Logger,
): ConfigurationWriter {
  const reload = () => applyFiles(manager, { readFiles: () => editable.read(), log });
  return {
    async apply({ id, files }) {
      try {
        if (!(await editable.write(files))) return 'outdated';
      } catch (error) {
        log.error('proposal.not_written', { proposal: id, error: messageOf(error) });
        return { refused: [writeProblem(error)] };
      }
      const problems = await reload();
      if (problems.length === 0) return 'applied';
      const back = files.map(({ path, before, after }) => ({ path, before: after, after: before }));
      await editable.write(back);
      await reload();
      return { refused: problems };
    },
  };
}

function writeProblem(error: unknown) {
  return {
    file: CONFIGURATION_FILE,
    line: 1,
    column: 1,
    message: messageOf(error),
    remedy: 'Check that the server may write to its configuration folder.',
  };
}
