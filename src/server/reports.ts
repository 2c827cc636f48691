import { isInScope } from '#core/repository-scope.ts';
import { ImportError } from '#findings/import-error.ts';
import type { ServerDependencies } from './dependencies.ts';
import { reportView } from './finding-views.ts';
import { problemOfFinding } from './findings.ts';
import type { HandlersOf } from './handler.ts';
import { RequestProblem } from './request-problem.ts';

function problemOfImport(error: unknown): unknown {
  if (!(error instanceof ImportError)) return problemOfFinding(error);
  const { code, message, remedy } = error;
  return new RequestProblem(code, message, { cause: error, ...(remedy !== undefined && { remedy }) });
}

export function createReportHandlers({
  findings: { store, tracker, readReport },
}: Pick<ServerDependencies, 'findings'>): HandlersOf<'importReport' | 'listReports'> {
  return {
    async importReport({ query, body, caller }) {
      const { repository, name, commit, branch, image, part, as } = query;
      if (!isInScope(caller.scope, repository)) {
        throw new RequestProblem('access_denied', 'You may not bring reports for this repository.');
      }
      try {
        const { report, kinds } = await readReport(name, body, as);
        const stored = await tracker.takeIn({
          report,
          kinds,
          name,
          repository,
          actor: { kind: 'person', id: caller.subject },
          ...(commit !== undefined && { commit }),
          ...(branch !== undefined && { branch }),
          ...(image !== undefined && { image }),
          ...(part !== undefined && { part }),
        });
        return { value: reportView(stored) };
      } catch (error) {
        throw problemOfImport(error);
      }
    },
    async listReports({ query: { repository, limit }, caller: { scope } }) {
      const isSeen = repository === undefined || isInScope(scope, repository);
      const reports = isSeen ? await store.reports(repository ?? scope, limit) : [];
      return { value: { reports: reports.map(reportView) } };
    },
  };
}
