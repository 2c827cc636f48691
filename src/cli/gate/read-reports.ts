import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { messageOf } from '#core/errors.ts';
import type { ImportedReport, Importer } from '#findings/importer.ts';
import { readReport } from '#findings/read-report.ts';
import type { FindingKind, ReportedFinding } from '#findings/reported-finding.ts';
import type { GateInput } from '#posture/gate-decision.ts';
import { type GateFinding, gateFindingOfReport } from '#posture/gate-finding.ts';
import { type TestKind, testKinds } from '#scan/shared/security-tool.ts';
import { CommandError } from '../command-error.ts';

/** Undefined: not a test of security. */
export const TESTS: Readonly<Record<FindingKind, TestKind | undefined>> = {
  pipeline: 'pipeline',
  code: 'SAST',
  infrastructure: 'IaC',
  secret: 'secrets',
  dependency: 'SCA',
  container: 'container',
  web: 'DAST',
  licence: 'licences',
  quality: undefined,
};

export interface ReadReports {
  readonly findings: readonly GateFinding[];
  readonly inputs: readonly GateInput[];
  /** What somebody decided already in the tool itself. */
  readonly decidedCount: number;
  /** Of the importers, for people. */
  readonly warnings: readonly string[];
}

/** `FILE`, or `KIND=FILE` for a report whose tool tests more than one thing. */
function parseValue(value: string): { kind: TestKind | undefined; file: string } {
  const at = value.indexOf('=');
  const kind = testKinds.find((each) => at > 0 && each.toLowerCase() === value.slice(0, at).toLowerCase());
  return kind === undefined ? { kind, file: value } : { kind, file: value.slice(at + 1) };
}

function readBytes(file: string): Buffer {
  try {
    return readFileSync(file);
  } catch (cause) {
    throw new CommandError('usage_invalid', `the report ${file} cannot be read: ${messageOf(cause)}`, {
      remedy: 'A report that is missing is not an empty one: run the tool before the gate.',
      cause,
    });
  }
}

/** A tool that tests one thing has tested it, whatever it found; of others what they found tells. */
function kindsOf({ kinds }: Importer, findings: readonly ReportedFinding[]): TestKind[] {
  const tested = new Set(findings.map(({ kind }) => kind));
  const [only, ...others] = kinds;
  if (only !== undefined && others.length === 0) tested.add(only);
  return [...tested].flatMap((kind) => TESTS[kind] ?? []);
}

function inputOf(
  importer: Importer,
  report: ImportedReport,
  kind: TestKind | undefined,
  bytes: Buffer,
): GateInput {
  const { tool, toolVersion, ranAtMs, findings } = report;
  return {
    tool,
    toolVersion,
    findings: findings.length,
    kinds: [...new Set([...(kind === undefined ? [] : [kind]), ...kindsOf(importer, findings)])].sort(),
    ranAtMs,
    digest: `sha256:${createHash('sha256').update(bytes).digest('hex')}`,
  };
}

/**
 * Reads what other tools reported, in any format that we know.
 * @throws {ImportError} and `usage_invalid` for a report that cannot be read: it is not an empty one
 */
export function readReports(values: readonly string[], cwd: string, repository: string): ReadReports {
  const findings: GateFinding[] = [];
  const inputs: GateInput[] = [];
  const warnings: string[] = [];
  let decidedCount = 0;
  for (const value of values) {
    const { kind, file } = parseValue(value);
    const bytes = readBytes(path.resolve(cwd, file));
    const { importer, report } = readReport(file, bytes);
    const open = report.findings.filter(({ decision }) => decision === undefined);
    decidedCount += report.findings.length - open.length;
    const place = { repository, commit: undefined, isNew: undefined };
    findings.push(...open.map((finding) => gateFindingOfReport(finding, place)));
    inputs.push(inputOf(importer, report, kind, bytes));
    warnings.push(...report.warnings.map(({ at, message }) => `${file}: ${at}: ${message}`));
  }
  return { findings, inputs, decidedCount, warnings };
}
