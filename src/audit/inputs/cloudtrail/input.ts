import { readFile } from 'node:fs/promises';
import { promisify } from 'node:util';
import { gunzip } from 'node:zlib';
import { z } from 'zod';
import { defineInput, type InputContext, type Poll, type Poller, type SourceRecord } from '../input.ts';
import { InputError } from '../input-error.ts';
import { fieldOf } from '../record-fields.ts';
import { type FoundFile, listNewFiles } from './list-new-files.ts';
import { mapCloudTrailRecord } from './map-record.ts';

const unzip = promisify(gunzip);
const FILE_BYTES_MAX = 64 * 1024 * 1024;
const FILES_AT_ONCE = 20;
const RECORDS_AT_ONCE = 20_000;

const Settings = z.strictObject({
  folder: z
    .string()
    .min(1)
    .max(4_096)
    .refine((text) => text.startsWith('/') || /^[A-Za-z]:[\\/]/.test(text), 'must be an absolute path')
    .describe('Copy of the trail’s bucket, as `aws s3 sync` makes it; `.json.gz` and `.json` at any depth.'),
});
type Settings = z.infer<typeof Settings>;

type Place = Pick<FoundFile, 'changedAtMs' | 'path'>;

function readPlace(text: string | undefined): Place {
  if (text === undefined) return { changedAtMs: 0, path: '' };
  const { changedAtMs, path }: Place = JSON.parse(text);
  return { changedAtMs, path };
}

/** The records of one file; undefined when it is none of CloudTrail's (a digest, an index) or cannot be read. */
async function readRecords({ path, bytes }: FoundFile): Promise<readonly unknown[] | undefined> {
  if (bytes > FILE_BYTES_MAX) return undefined;
  try {
    const packed = await readFile(path);
    const text = path.endsWith('.gz') ? await unzip(packed, { maxOutputLength: FILE_BYTES_MAX }) : packed;
    const records = fieldOf(JSON.parse(text.toString('utf8')), 'Records');
    return Array.isArray(records) ? records : undefined;
  } catch {
    return undefined;
  }
}

async function listFiles(folder: string, place: Place, nowMs: number): Promise<FoundFile[]> {
  try {
    return await listNewFiles(folder, place, nowMs);
  } catch (cause) {
    throw new InputError('input_refused', 'The folder cannot be read.', {
      remedy: 'Check that it exists, and that this server may read it and all folders below.',
      cause,
    });
  }
}

function openPoller({ folder }: Settings, { clock }: InputContext): Poller {
  return {
    async poll(text, signal): Promise<Poll> {
      let place = readPlace(text);
      const files = await listFiles(folder, place, clock.nowMs());
      const records: SourceRecord[] = [];
      let [refused, taken] = [0, 0];
      for (const file of files.slice(0, FILES_AT_ONCE)) {
        signal.throwIfAborted();
        const found = (await readRecords(file)) ?? [];
        const mapped = found.map(mapCloudTrailRecord).filter((record) => record !== undefined);
        // A file that cannot be read counts as one record that makes no sense, and stops nothing.
        refused += found.length === 0 ? 1 : found.length - mapped.length;
        records.push(...mapped);
        taken += 1;
        place = { changedAtMs: file.changedAtMs, path: file.path };
        if (records.length >= RECORDS_AT_ONCE) break;
      }
      return { records, refused, position: JSON.stringify(place), more: taken < files.length };
    },
  };
}

export const cloudTrailFiles = defineInput<Settings>({
  id: 'cloudtrail-files',
  title: 'AWS CloudTrail (files)',
  description:
    'Reads the files of a trail from a folder. Sessions that were opened with a credential of ours are joined to the ' +
    'decision by the name of the session.',
  settings: Settings,
  mode: 'poll',
  everySeconds: 30,
  open: openPoller,
});
