import { readFileSync } from 'node:fs';
import { messageOf } from '#core/errors.ts';
import { Baseline } from '#findings/baseline.ts';
import { ScanCommandError } from './scan-command-error.ts';

/** Reads a baseline; a file that is not one must not pass for an empty one. */
export function readBaseline(file: string): Baseline {
  let value: unknown;
  try {
    value = JSON.parse(readFileSync(file, 'utf8'));
  } catch (cause) {
    throw new ScanCommandError(
      'baseline_unreadable',
      `the baseline ${file} cannot be read: ${messageOf(cause)}`,
      {
        remedy: 'Make one with --write-baseline, or leave --baseline out.',
        cause,
      },
    );
  }
  const parsed = Baseline.safeParse(value);
  if (parsed.success) return parsed.data;
  throw new ScanCommandError('baseline_unreadable', `${file} is not a baseline of this version`, {
    remedy: 'Make a new one with --write-baseline.',
    cause: parsed.error,
  });
}
