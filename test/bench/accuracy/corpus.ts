import { existsSync, readFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { dirname, join } from 'node:path';
import { z } from 'zod';
import type { Finding } from '#findings/finding.ts';

const Line = z.union([z.number(), z.string()]).transform(Number);

export const CodeqlLabel = z.object({
  tool: z.literal('codeql'),
  /** Below the folder of the open repositories. */
  file: z.string(),
  findings: z.array(z.object({ query: z.string(), line: Line, end_line: Line.optional() })),
});
export type CodeqlLabel = z.infer<typeof CodeqlLabel>;

export const ZizmorLabel = z.object({
  tool: z.literal('zizmor'),
  file: z.string(),
  runs: z.array(
    z.object({ args: z.string(), findings: z.array(z.object({ rule: z.string(), line: Line })) }),
  ),
});
export type ZizmorLabel = z.infer<typeof ZizmorLabel>;

const Incident = z.object({ id: z.string(), tag: z.string(), date: z.string(), path: z.string() });
export type Incident = z.infer<typeof Incident>;

export interface LabelledCorpus {
  /** Folder of the repositories. */
  readonly folder: string;
  readonly codeql: readonly CodeqlLabel[];
  readonly zizmor: readonly ZizmorLabel[];
  readonly incidents: readonly Incident[];
}

function findCorpus(): string | undefined {
  const given = process.env['VOUCHGATE_BENCH_CORPUS'];
  const places =
    given === undefined ? [join(homedir(), '.cache/vouchgate-data/corpus')] : [given, dirname(given)];
  return places.find((each) => existsSync(join(each, 'LABELS.jsonl')));
}

/** What others say about files of a corpus; undefined where there is none on this machine. */
export function openLabelledCorpus(): LabelledCorpus | undefined {
  const top = findCorpus();
  if (top === undefined) return undefined;
  const folder = join(top, 'open');
  const lines = readFileSync(join(top, 'LABELS.jsonl'), 'utf8').split('\n');
  const labels = lines.filter((line) => line !== '').map((line): unknown => JSON.parse(line));
  const parsed = <Label>(schema: z.ZodType<Label>) =>
    labels.flatMap((label) => schema.safeParse(label).data ?? []);
  const incidents = join(top, 'INCIDENTS.json');
  return {
    folder,
    codeql: parsed(CodeqlLabel),
    zizmor: parsed(ZizmorLabel).filter(({ file }) => existsSync(join(folder, file))),
    incidents: existsSync(incidents)
      ? z.array(Incident).parse(JSON.parse(readFileSync(incidents, 'utf8')))
      : [],
  };
}

/** Whether one of the places of a finding in this file spans a line. */
export function isAtLine(
  { locations, path = [] }: Finding,
  file: string,
  first: number,
  last = first,
): boolean {
  return [...locations, ...path.map(({ location }) => location)].some(
    (place) => place.file === file && place.start.line <= last && place.end.line >= first,
  );
}

export function percentage(part: number, whole: number): string {
  return whole === 0 ? 'none' : `${part} of ${whole} (${Math.round((part / whole) * 100)} %)`;
}
