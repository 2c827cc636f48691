import { rules } from '#scan/rules.generated.ts';
import { DefinitionSourceError } from './definition-source.ts';
import { inspectDefinitions } from './inspect-definitions.ts';
import type { Inspection, SuppressionMode, TreeName } from './inspection-task.ts';
import type { TreeReader } from './read-tree.ts';

const ROUNDS_MAX = 12;

export interface LocalInspection {
  readonly pipeline: TreeReader;
  /** Undefined: the default branch is not here. */
  readonly reference: TreeReader | undefined;
  readonly suppressions: SuppressionMode;
  readonly asOfMs: number;
}

/**
 * The same inspection as a server's, in this thread: for one's own files.
 * @throws {DefinitionSourceError}
 */
export async function inspectHere(local: LocalInspection): Promise<Inspection> {
  const readers: Record<TreeName, TreeReader | undefined> = {
    pipeline: local.pipeline,
    callee: undefined,
    reference: local.reference,
  };
  for (let round = 0; round < ROUNDS_MAX; round += 1) {
    const outcome = inspectDefinitions(
      {
        pipeline: local.pipeline.tree,
        callee: undefined,
        reference: local.reference?.tree,
        suppressions: local.suppressions,
        asOfMs: local.asOfMs,
      },
      rules,
    );
    if (outcome.kind === 'inspected') return outcome.inspection;
    if (outcome.kind === 'absent') throw new DefinitionSourceError('definition_absent', outcome.reason);
    await readers[outcome.tree]?.readWanted(outcome.wanted);
  }
  throw new DefinitionSourceError('definition_too_large', 'its files include one another too deeply');
}
