import { PassThrough } from 'node:stream';
import { systemClock } from '#core/clock.ts';
import { main } from '../main.ts';

export interface CliResult {
  code: number;
  stdout: string;
  stderr: string;
}

export interface CliInput {
  env?: Record<string, string | undefined>;
  stdin?: string;
  /** What stdout says of itself. */
  isTty?: boolean;
}

function collect(isTty: boolean): { stream: PassThrough & { isTTY: boolean }; text: () => string } {
  const chunks: Buffer[] = [];
  const stream = Object.assign(new PassThrough(), { isTTY: isTty });
  stream.on('data', (chunk: Buffer) => chunks.push(chunk));
  return { stream, text: () => Buffer.concat(chunks).toString('utf8') };
}

/** Runs a command line in this process, with an environment that holds nothing but `PATH` and what is given. */
export async function runCli(argv: readonly string[], input: CliInput = {}): Promise<CliResult> {
  const out = collect(input.isTty ?? false);
  const err = collect(false);
  const stdin = new PassThrough();
  stdin.end(input.stdin ?? '');
  const code = await main(argv, {
    env: { PATH: process.env['PATH'], ...input.env },
    stdin,
    stdout: out.stream,
    stderr: err.stream,
    cwd: process.cwd(),
    clock: systemClock,
  });
  return { code, stdout: out.text(), stderr: err.text() };
}
