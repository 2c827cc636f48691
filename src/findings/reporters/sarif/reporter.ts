import { toJson } from '../plain-text.ts';
import type { Reporter, ReportOptions, ScanReport } from '../reporter.ts';
import { encodeFile } from './sarif-location.ts';
import { toSarifResult } from './sarif-result.ts';
import { toSarifRule, toTaxonomies } from './sarif-rule.ts';

/** SARIF 2.1.0 (OASIS), one run. Columns are UTF-16 code units, as in our own positions. */
function render(report: ScanReport, { toolVersion, timeMs }: ReportOptions): string {
  const indexes = new Map(report.rules.map(({ id }, index) => [id, index]));
  const run = {
    tool: {
      driver: {
        name: 'vouchgate',
        semanticVersion: toolVersion,
        rules: report.rules.map(toSarifRule),
        supportedTaxonomies: toTaxonomies(report.rules).map((_, index) => ({ index })),
      },
    },
    taxonomies: toTaxonomies(report.rules),
    automationDetails: { id: 'vouchgate/scan/' },
    columnKind: 'utf16CodeUnits',
    originalUriBaseIds: { '%SRCROOT%': { description: { text: 'The root of the repository.' } } },
    invocations: [
      {
        executionSuccessful: true,
        endTimeUtc: new Date(timeMs).toISOString(),
        toolExecutionNotifications: report.problems.map(({ file, line, column, message, partial }) => ({
          level: partial ? 'warning' : 'error',
          message: { text: message },
          locations: [
            {
              physicalLocation: {
                artifactLocation: { uri: encodeFile(file), uriBaseId: '%SRCROOT%' },
                region: { startLine: line, startColumn: column },
              },
            },
          ],
        })),
      },
    ],
    results: report.findings.map((finding) => toSarifResult(finding, indexes.get(finding.ruleId) ?? -1)),
  };
  const log = { $schema: 'https://json.schemastore.org/sarif-2.1.0.json', version: '2.1.0', runs: [run] };
  return toJson(log);
}

export const reporter: Reporter = {
  format: 'sarif',
  summary: 'SARIF 2.1.0, for code scanning and other viewers',
  render,
};
