import { TreeReader } from '#posture/read-tree.ts';
import { openBareSnapshot } from '#posture/sources/bare-snapshot.ts';
import { callGit } from '#posture/sources/git-process.ts';
import type { Environment } from '../command.ts';
import type { GateContext } from './gate-context.ts';

const TIMEOUT_MS = 30_000;

export interface Reference {
  readonly ref: string;
  readonly reader: TreeReader;
}

/** The default branch as this clone has it; undefined when it does not. */
export async function readReference(
  { gitFolder, defaultRefs, repository }: GateContext,
  workflow: string | undefined,
  env: Environment,
): Promise<Reference | undefined> {
  if (gitFolder === undefined) return undefined;
  const git = { searchPath: env['PATH'], timeoutMs: TIMEOUT_MS };
  for (const ref of defaultRefs) {
    const commit = await resolveRef(gitFolder, ref, env);
    if (commit === undefined) continue;
    const snapshot = await openBareSnapshot(gitFolder, commit, git);
    if (snapshot === undefined) continue;
    const reader = new TreeReader(snapshot, { repository: repository ?? '', commit, file: workflow });
    await reader.readDefinitions();
    return { ref, reader };
  }
  return undefined;
}

async function resolveRef(gitFolder: string, ref: string, env: Environment): Promise<string | undefined> {
  const answer = await callGit({
    args: ['--git-dir', gitFolder, 'rev-parse', '--verify', '--quiet', '--end-of-options', `${ref}^{commit}`],
    searchPath: env['PATH'],
    protocols: 'none',
    signal: AbortSignal.timeout(TIMEOUT_MS),
  });
  return answer.ok ? /^(?:[0-9a-f]{40}|[0-9a-f]{64})$/m.exec(answer.stdout)?.[0] : undefined;
}
