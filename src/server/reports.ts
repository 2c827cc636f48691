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
    async listReports({ query: { repository, limit } }) {
      const reports = await store.reports(repository, limit);
      return { value: { reports: reports.map(reportView) } };
    },
  };
}
