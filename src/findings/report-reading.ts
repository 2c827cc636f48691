import { buildReportedFinding, cut, type FindingDraft } from './build-reported-finding.ts';
import { type ImportedReport, type ImportWarning, limits } from './importer.ts';
import { isObject, type JsonObject } from './json-fields.ts';
import { maskCredentials } from './mask-credentials.ts';
import type { ReportContent } from './report-content.ts';
import type { ReportedFinding } from './reported-finding.ts';

/** What is known of the whole report; parts that are `undefined` are left out. */
export interface ReportHead {
  readonly tool: string;
  readonly toolVersion?: string | undefined;
  readonly ranAtMs?: number | undefined;
  readonly target?:
    | {
        readonly repository?: string | undefined;
        readonly commit?: string | undefined;
        readonly image?: string | undefined;
      }
    | undefined;
}

/** The findings and warnings of one report while it is read, within the limits. */
export class ReportReading {
  readonly #findings: ReportedFinding[] = [];
  readonly #warnings: ImportWarning[] = [];
  #warningsLeftOut = 0;
  #findingsLeftOut = 0;

  constructor(content?: ReportContent) {
    for (const { line, message } of content?.brokenLines ?? []) this.warn(`line ${line}`, message);
  }

  get findings(): readonly ReportedFinding[] {
    return this.#findings;
  }

  warn(at: string, message: string): void {
    if (this.#warnings.length < limits.warnings - 1)
      this.#warnings.push({ at: cut(at, limits.nameChars), message: cut(message, limits.nameChars) });
    else this.#warningsLeftOut += 1;
  }

  /** Also takes out what a credential's finding shows of it. */
  add(draft: FindingDraft): void {
    if (this.#findings.length < limits.findings)
      this.#findings.push(buildReportedFinding(maskCredentials(draft)));
    else this.#findingsLeftOut += 1;
  }

  /** One page of several is no whole report, and says how many there are. */
  expectTotal(at: string, count: number, total: number | undefined): void {
    if (total !== undefined && total > count)
      this.warn(at, `${count} of ${total} are in this report; the others are on further pages`);
  }

  /** Hands each object of a list over, with its place in the report; what is no object becomes a warning. */
  each(items: readonly unknown[], at: string, read: (item: JsonObject, at: string) => void): void {
    for (const [index, item] of items.entries()) {
      if (isObject(item)) read(item, `${at}[${index}]`);
      else this.warn(`${at}[${index}]`, 'this is no object');
    }
  }

  finish({ tool, toolVersion, ranAtMs, target }: ReportHead): ImportedReport {
    if (this.#findingsLeftOut > 0)
      this.warn('report', `${this.#findingsLeftOut} findings beyond ${limits.findings} are left out`);
    const warnings =
      this.#warningsLeftOut === 0
        ? this.#warnings
        : [...this.#warnings, { at: 'report', message: `${this.#warningsLeftOut} more warnings` }];
    const where = Object.entries(target ?? {}).flatMap(([key, text]) =>
      text === undefined ? [] : [[key, cut(text, limits.nameChars)] as const],
    );
    return {
      tool,
      ...(toolVersion === undefined ? {} : { toolVersion: cut(toolVersion, 200) }),
      ...(ranAtMs === undefined ? {} : { ranAtMs }),
      ...(where.length === 0 ? {} : { target: Object.fromEntries(where) }),
      findings: this.#findings,
      warnings,
    };
  }
}
