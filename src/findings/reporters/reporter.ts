import type { Finding, ScanProblem } from '../finding.ts';
import type { RuleDescription } from '../rule-description.ts';
import type { ReportGraph } from './report-graph.ts';

/** A tool that ran beside our own rules, for the record. */
export interface ToolSummary {
  readonly name: string;
  /** `unknown` when it does not say. */
  readonly version: string;
  /** `sha256:…` of the rules that it was given, or their name; absent when it used its own. */
  readonly rulePack?: string;
  readonly exitCode?: number;
  readonly durationMs: number;
  /** False when it did not run to its end: then it says nothing about what there is. */
  readonly completed: boolean;
  readonly findings: number;
  /** Why there is nothing, or not all of it. */
  readonly problem?: string;
}

/** Everything that a scan has to say. */
export interface ScanReport {
  /** Shown and suppressed ones, in order of place. */
  readonly findings: readonly Finding[];
  readonly problems: readonly ScanProblem[];
  /** Rules that ran, whether they found something or not. */
  readonly rules: readonly RuleDescription[];
  readonly filesScanned: number;
  /** How many of each kind of file, for people who wonder what was looked at. */
  readonly fileKinds: Readonly<Record<string, number>>;
  /** What else is worth saying: findings that another persona would see. */
  readonly notes: readonly string[];
  /** Other people's tools that ran in the same scan. */
  readonly tools?: readonly ToolSummary[];
  /** Made for the formats that draw it. */
  readonly graph?: ReportGraph;
}

export interface ReportOptions {
  readonly color: boolean;
  readonly columns: number;
  readonly toolVersion: string;
  /** When the scan was made, in milliseconds since the epoch. */
  readonly timeMs: number;
  /** Every place on its own line, however many there are; formats for programs never leave one out. */
  readonly all?: boolean;
}

/** One folder per format; `format` is also the value of `--format`. */
export interface Reporter {
  readonly format: string;
  readonly summary: string;
  render(report: ScanReport, options: ReportOptions): string;
}
