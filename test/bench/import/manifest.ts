import { existsSync, readFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { z } from 'zod';

const Entry = z.object({
  tool: z.string(),
  file: z.string(),
  defectdojo_expected_findings: z.number().nullish(),
  expected_findings: z.number().nullish(),
});

export interface SampleReport {
  readonly folder: string;
  /** In the manifest. */
  readonly file: string;
  readonly bytes: Buffer;
  /** Undefined where nobody counted. */
  readonly expected: number | undefined;
}

/** Reports of real tools; `VOUCHGATE_BENCH_REPORTS` names a folder with `MANIFEST.json`. */
export function listSampleReports(): readonly SampleReport[] | undefined {
  const top =
    process.env['VOUCHGATE_BENCH_REPORTS'] ?? join(homedir(), '.cache', 'vouchgate-data', 'reports');
  const manifest = join(top, 'MANIFEST.json');
  if (!existsSync(manifest)) return undefined;
  const entries = z.array(Entry).parse(JSON.parse(readFileSync(manifest, 'utf8')));
  return entries
    .filter(({ file }) => existsSync(join(top, file)))
    .map(({ tool, file, defectdojo_expected_findings, expected_findings }) => ({
      folder: tool,
      file,
      bytes: readFileSync(join(top, file)),
      expected: defectdojo_expected_findings ?? expected_findings ?? undefined,
    }));
}
