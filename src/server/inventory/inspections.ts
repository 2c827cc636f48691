import { isInScope } from '#core/repository-scope.ts';
import { TaskThreadError } from '#core/task-threads.ts';
import { DefinitionUploadError } from '#inventory/definition-upload.ts';
import { problemOfFinding } from '../findings.ts';
import type { HandlersOf } from '../handler.ts';
import { RequestProblem } from '../request-problem.ts';
import type { InventoryDependencies } from './inventory.ts';

function problemOfUpload(error: unknown): unknown {
  if (error instanceof DefinitionUploadError) {
    return new RequestProblem(error.code, error.message, { cause: error });
  }
  if (error instanceof TaskThreadError) {
    return new RequestProblem('overloaded', 'Too many definitions are being inspected.', { cause: error });
  }
  return problemOfFinding(error);
}

/** Whoever uploads says where the files are from; what is wrong with them the server finds out itself. */
export function createInspectionHandlers({
  inventory: { takeIn },
}: {
  readonly inventory: InventoryDependencies;
}): HandlersOf<'inspectRepository'> {
  return {
    async inspectRepository({ query: { repository, branch, commit }, body, caller }) {
      if (!isInScope(caller.scope, repository)) {
        throw new RequestProblem('access_denied', 'This repository is not among those that you may work on.');
      }
      try {
        const taken = await takeIn({ repository, branch, commit, bytes: body, by: caller.subject });
        const { pipelines, findings, attackPaths, staticCredentials } = taken.repository;
        return {
          value: {
            repository: taken.repository.repository,
            commit,
            branch: taken.repository.branch ?? null,
            inventory: taken.inventory,
            pipelines,
            findings,
            attackPaths,
            staticCredentials,
            problems: [...taken.problems],
            report: taken.reportId,
          },
        };
      } catch (error) {
        throw problemOfUpload(error);
      }
    },
  };
}
