import { toJson } from '../plain-text.ts';
import type { Reporter, ReportOptions, ScanReport } from '../reporter.ts';

/** Everything that the scan knows, suppressed findings too; `schema` changes when a reader would have to. */
function render(report: ScanReport, { toolVersion, timeMs }: ReportOptions): string {
  const { findings, problems, filesScanned, fileKinds, notes, tools = [] } = report;
  const head = { schema: 'vouchgate-scan/1', tool: { name: 'vouchgate', version: toolVersion } };
  const body = {
    time: new Date(timeMs).toISOString(),
    filesScanned,
    fileKinds,
    tools,
    notes,
    problems,
    findings,
  };
  return toJson({ ...head, ...body });
}

export const reporter: Reporter = { format: 'json', summary: 'everything, for programs', render };
