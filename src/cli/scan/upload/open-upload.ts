import { scanRepository } from '#scan/scan-repository.ts';
import type { CommandStreams, GlobalOptions } from '../../command.ts';
import { CommandError } from '../../command-error.ts';
import type { Judge } from '../draw-graph.ts';
import type { ToolScan } from '../tools/run-tools.ts';
import { DefinitionCollector } from './collect-definitions.ts';
import { readUploadTarget, uploadDefinitions, type UploadOptions } from './upload-definitions.ts';

export interface Upload {
  /** Judges as before, and keeps what was read. */
  readonly judge: Judge;
  send(tools: readonly ToolScan[]): Promise<void>;
}

interface Given extends UploadOptions {
  readonly fix: string | undefined;
  readonly diff: boolean;
}

/**
 * Prepares `--upload` for one folder.
 * @throws {CommandError} before anything is read, when it cannot be done
 */
export function openUpload(
  given: Given,
  paths: readonly string[],
  caller: CommandStreams & { readonly global: GlobalOptions },
  judge: Judge = scanRepository,
): Upload {
  const [root, ...others] = paths;
  if (root === undefined || others.length > 0 || given.fix !== undefined || given.diff) {
    throw new CommandError('usage_invalid', '--upload is for one repository as it is committed', {
      remedy: 'Name its folder alone, without --fix and --diff.',
    });
  }
  const target = readUploadTarget(given, root, caller);
  const collector = new DefinitionCollector(judge);
  return {
    judge: (input, options) => collector.judge(input, options),
    send: (tools) => uploadDefinitions(collector.repositories, target, tools, caller),
  };
}
