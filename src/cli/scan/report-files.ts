import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { messageOf } from '#core/errors.ts';
import { nearestWord } from '#core/nearest.ts';
import { reporters } from '#findings/reporters.generated.ts';
import type { Reporter, ReportOptions, ScanReport } from '#findings/reporters/reporter.ts';
import { CommandError } from '../command-error.ts';
import { ScanCommandError } from './scan-command-error.ts';

/** One scan, one more report: `sarif=scan.sarif`. */
export interface ReportFile {
  readonly reporter: Reporter;
  /** Absolute. */
  readonly file: string;
}

function findReporter(format: string): Reporter {
  const found = Object.hasOwn(reporters, format) ? reporters[format] : undefined;
  if (found !== undefined) return found;
  const known = Object.keys(reporters);
  const near = nearestWord(format, known);
  throw new CommandError('usage_invalid', `there is no format "${format}"`, {
    remedy: near === undefined ? `The formats are: ${known.join(', ')}.` : `Did you mean "${near}"?`,
  });
}

/** Reads the values of `--output` before anything is scanned: a typing error must not cost the scan. */
export function readReportFiles(values: readonly string[], cwd: string): ReportFile[] {
  return values.map((value) => {
    const at = value.indexOf('=');
    const file = value.slice(at + 1);
    if (at < 1 || file === '') {
      throw new CommandError('usage_invalid', `--output "${value}" does not say which format goes where`, {
        remedy: 'Write it as FORMAT=FILE: --output sarif=scan.sarif',
      });
    }
    return { reporter: findReporter(value.slice(0, at)), file: path.resolve(cwd, file) };
  });
}

/**
 * Writes the reports. A pipe or a platform's command file (`$GITHUB_STEP_SUMMARY`) is as good as a file, so
 * they are written in place.
 * @throws ScanCommandError `output_unwritable` with the file's name.
 */
export function writeReportFiles(
  files: readonly ReportFile[],
  report: ScanReport,
  options: ReportOptions,
): void {
  for (const { reporter, file } of files) {
    try {
      writeFileSync(file, reporter.render(report, { ...options, color: false }));
    } catch (cause) {
      throw new ScanCommandError(
        'output_unwritable',
        `the report cannot be written to ${file}: ${messageOf(cause)}`,
        {
          remedy: 'Name a file in a folder that exists and that this user may write to.',
          cause,
        },
      );
    }
  }
}
