import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { text } from 'node:stream/consumers';

/** As long as our entries are. */
export const TESSERA_ENTRY_BYTES = 206;

export interface Sealing {
  /** Entries per second. */
  readonly rate: number;
  /** Processor time for each. */
  readonly cpuMicroseconds: number;
}

/** Tessera's POSIX log on the same disk: entries that are made already, durable, under a signed checkpoint. */
export async function measureTessera(
  program: string,
  folder: string,
  { count, batchMax }: { count: number; batchMax: number },
): Promise<Sealing> {
  const args = [folder, String(count), String(batchMax), String(TESSERA_ENTRY_BYTES)];
  const child = spawn(program, args, { stdio: ['ignore', 'pipe', 'ignore'] });
  const [output, [code]] = await Promise.all([text(child.stdout), once(child, 'exit')]);
  const [rate, cpuMicroseconds] = output.trim().split(' ').map(Number);
  if (code !== 0 || rate === undefined || cpuMicroseconds === undefined)
    throw new Error(`tessera ended with ${String(code)}`);
  return { rate, cpuMicroseconds };
}
