import type { FindingKind, ReportedFinding } from './reported-finding.ts';
import type { ReportContent } from './report-content.ts';

/** Bounds of what is kept of a report. Longer texts are cut with `…`; longer lists end early with a warning. */
export const limits = {
  titleChars: 300,
  textChars: 20_000,
  snippetChars: 4_000,
  nameChars: 2_000,
  listItems: 100,
  otherPlaces: 50,
  findings: 500_000,
  warnings: 1_000,
} as const;

/** Something of a report that was not understood. It is kept and shown: silence would be taken for safety. */
export interface ImportWarning {
  /** Where in the report: `runs[0].results[12]`, `line 14`. */
  readonly at: string;
  readonly message: string;
}

/** What a report says. */
export interface ImportedReport {
  /** Id of the tool family; several runs of a SARIF file may name several tools in their findings. */
  readonly tool: string;
  readonly toolVersion?: string;
  /** When the tool ran (ms since the epoch), where it says so. */
  readonly ranAtMs?: number;
  /** What was looked at, where the report says so. */
  readonly target?: { readonly repository?: string; readonly commit?: string; readonly image?: string };
  readonly findings: readonly ReportedFinding[];
  readonly warnings: readonly ImportWarning[];
}

/**
 * Reads one format of one tool. One folder, `importers/<id>/importer.ts`, with samples written by us and a test.
 * The contract suite (`importer.contract.ts`) feeds each one arbitrary and broken content.
 */
export interface Importer {
  /** Folder, and value of `--as`. */
  readonly id: string;
  /** As its makers write it: `OWASP ZAP`. */
  readonly title: string;
  /** What it reads, for the reference page: `JSON of \`checkov -o json\``. */
  readonly formats: readonly string[];
  readonly kinds: readonly FindingKind[];
  /** Address of the tool's documentation of its format. */
  readonly documentation: string;
  /**
   * How surely this content is of this format, by its structure, never by its file name alone: 0 not at all, 1 could
   * be (generic shapes), 2 is, 3 is even though a more general format fits too (Snyk's SARIF before any SARIF).
   * Looks at a bounded part; does not throw.
   */
  recognise(content: ReportContent): 0 | 1 | 2 | 3;
  /** Lenient: what it does not understand becomes a warning. Throws `ImportError` only when nothing can be read. */
  read(content: ReportContent): ImportedReport;
}

/** Keeps the type of an importer while it is written. */
export function defineImporter(importer: Importer): Importer {
  return importer;
}
