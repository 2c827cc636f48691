import { readFileSync } from 'node:fs';
import path from 'node:path';
import type { ImportedReport, Importer } from '../importer.ts';
import { ReportContent } from '../report-content.ts';

/** What the importer makes of a sample in its own folder. */
export function readOwnSample(importer: Importer, name: string): ImportedReport {
  const file = path.join(import.meta.dirname, '..', 'importers', importer.id, name);
  return importer.read(new ReportContent(name, readFileSync(file)));
}

/** What it makes of a report that a test writes itself. */
export function readJson(importer: Importer, json: unknown): ImportedReport {
  return importer.read(new ReportContent('report.json', Buffer.from(JSON.stringify(json))));
}
