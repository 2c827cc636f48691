import { appendFileSync, existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { z } from 'zod';
import { severities } from '#findings/severity.ts';
import type { OrganisationRecord } from './record.ts';

const FILE = 'state.jsonl';

const Use = z.object({ name: z.string(), file: z.string(), exposed: z.boolean(), production: z.boolean() });
const Call = z.object({
  to: z.string(),
  path: z.string(),
  file: z.string(),
  floating: z.boolean(),
  open: z.boolean(),
});
const Counts = z.record(z.string(), z.number());
const Line = z.object({
  ruleId: z.string(),
  severity: z.enum(severities),
  message: z.string(),
  file: z.string(),
  line: z.number(),
});

const Record = z.object({
  name: z.string().min(1),
  address: z.string().optional(),
  outcome: z.enum(['scanned', 'empty', 'failed']),
  reasons: z.array(z.string()),
  revision: z.string().optional(),
  key: z.string(),
  crossKey: z.string(),
  files: z.number(),
  bySeverity: z.partialRecord(z.enum(severities), z.number()),
  byRule: Counts,
  byOwner: Counts,
  suppressed: z.number(),
  attacks: z.number(),
  worst: z.array(Line),
  links: z.object({
    calls: z.array(Call),
    secrets: z.array(Use),
    pushes: z.array(Use),
    pulls: z.array(Use),
    runners: z.array(Use),
  }),
});

/** A line that is none (the run was killed while it wrote it) is a repository that is not done. */
function readLine(line: string): OrganisationRecord | undefined {
  try {
    const { data } = Record.safeParse(JSON.parse(line));
    return data === undefined ? undefined : { ...data, address: data.address, revision: data.revision };
  } catch {
    return undefined;
  }
}

/** What is done, one repository a line: a run that is killed goes on from here, and the next one compares with it. */
export class StateLog {
  readonly #file: string;

  constructor(outputFolder: string) {
    mkdirSync(outputFolder, { recursive: true });
    this.#file = path.join(outputFolder, FILE);
  }

  /** By name; a later line replaces an earlier one. Ends a line that a killed run left half. */
  read(): Map<string, OrganisationRecord> {
    const records = new Map<string, OrganisationRecord>();
    if (!existsSync(this.#file)) return records;
    const text = readFileSync(this.#file, 'utf8');
    if (text !== '' && !text.endsWith('\n')) appendFileSync(this.#file, '\n');
    for (const line of text.split('\n')) {
      const record = line === '' ? undefined : readLine(line);
      if (record !== undefined) records.set(record.name, record);
    }
    return records;
  }

  add(record: OrganisationRecord): void {
    appendFileSync(this.#file, `${JSON.stringify(record)}\n`);
  }

  /** One line for each, in the given order; whoever reads it meets the old file or the new one. */
  replace(records: readonly OrganisationRecord[]): void {
    writeFileSync(`${this.#file}.part`, records.map((record) => `${JSON.stringify(record)}\n`).join(''));
    renameSync(`${this.#file}.part`, this.#file);
  }
}
