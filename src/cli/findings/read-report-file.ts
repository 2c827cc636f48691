import { open } from 'node:fs/promises';
import path from 'node:path';
import { messageOf } from '#core/errors.ts';
import { REPORT_BYTES_MAX } from '#findings/report-content.ts';
import type { CommandStreams } from '../command.ts';
import { CommandError } from '../command-error.ts';

const CHUNK_BYTES = 1_048_576;

/** A report as it was named: its label, and what it holds. */
export interface ReportFile {
  readonly name: string;
  readonly bytes: Buffer;
}

function tooLarge(name: string): CommandError {
  return new CommandError('report_file_too_large', `${name} has more than ${REPORT_BYTES_MAX} bytes`, {
    remedy: 'Split the report, or let the tool leave out what is no finding.',
  });
}

async function collect(source: AsyncIterable<Buffer | string>, name: string): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of source) {
    const bytes = Buffer.from(chunk);
    size += bytes.length;
    if (size > REPORT_BYTES_MAX) throw tooLarge(name);
    chunks.push(bytes);
  }
  return Buffer.concat(chunks, size);
}

/**
 * A file, or standard input for `-`.
 *
 * @throws CommandError `report_file_unreadable`, `report_file_too_large`
 */
export async function readReportFile(file: string, { stdin, cwd }: CommandStreams): Promise<ReportFile> {
  if (file === '-') return { name: 'standard input', bytes: await collect(stdin, 'standard input') };
  const name = path.basename(file);
  try {
    const handle = await open(path.resolve(cwd, file), 'r');
    try {
      const stats = await handle.stat();
      if (stats.isDirectory()) throw new TypeError('it is a folder');
      if (stats.size > REPORT_BYTES_MAX) throw tooLarge(file);
      return { name, bytes: await collect(handle.createReadStream({ highWaterMark: CHUNK_BYTES }), file) };
    } finally {
      await handle.close();
    }
  } catch (cause) {
    if (cause instanceof CommandError) throw cause;
    throw new CommandError('report_file_unreadable', `cannot read ${file}: ${messageOf(cause)}`, {
      remedy: 'Name the report that a tool wrote, or - for standard input.',
      cause,
    });
  }
}
