import { execFileSync } from 'node:child_process';

/** What any user of the machine sees of all processes: their arguments. */
export function listProcessArguments(): string {
  return execFileSync('ps', ['-eww', '-o', 'args'], { encoding: 'utf8', maxBuffer: 64 * 1_024 * 1_024 });
}
