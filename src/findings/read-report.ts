import { nearestWord } from '#core/nearest.ts';
import { ImportError } from './import-error.ts';
import type { ImportedReport, Importer } from './importer.ts';
import { importers } from './importers.generated.ts';
import { isObject } from './json-fields.ts';
import { ReportContent } from './report-content.ts';

/** The importer that reads what others do not claim; at the same score every other one goes before it. */
const LAST_RESORT = 'generic';
const NAMES_SHOWN = 8;
const NAME_CHARS = 40;

export interface ReadReport {
  readonly importer: Importer;
  readonly report: ImportedReport;
}

function show(names: readonly string[]): string {
  const shown = names.slice(0, NAMES_SHOWN).map((name) => JSON.stringify(name.slice(0, NAME_CHARS)));
  return [...shown, ...(names.length > NAMES_SHOWN ? ['…'] : [])].join(', ');
}

/** What a report that nobody knows looks like: names of its parts, never its values, which may be secrets. */
function describe(content: ReportContent): string {
  const { shape, json } = content;
  // What several tools write when they found nothing.
  if (/^\s*(?:null|\[\s*\]|\{\s*\})?\s*$/.test(content.head) && content.bytes.length < 100)
    return 'it is empty and does not say which tool wrote it';
  if (shape === 'xml') return `XML with the root element ${show([content.xml.name])}`;
  if (shape === 'zip') return `a zip archive of ${content.entries.length} files`;
  if (shape === 'text')
    return content.brokenLines.length > 0 ? 'JSON that is not well-formed or cut off' : 'plain text';
  if (isObject(json)) return `a JSON object with ${show(Object.keys(json))}`;
  if (!Array.isArray(json)) return 'a single JSON value';
  const [first]: readonly unknown[] = json;
  const kind = shape === 'ndjson' ? 'lines of JSON' : 'a JSON list';
  return isObject(first) ? `${kind} of objects with ${show(Object.keys(first))}` : kind;
}

interface Candidate {
  readonly importer: Importer;
  readonly score: number;
}

function rank(candidates: readonly Candidate[]): readonly Importer[] {
  const best = Math.max(...candidates.map(({ score }) => score));
  const winners = candidates.filter(({ score }) => score === best).map(({ importer }) => importer);
  const special = winners.filter(({ id }) => id !== LAST_RESORT);
  return special.length > 0 ? special : winners;
}

/** Scores of those that could read it. XML that is refused is refused for all, so the first error is the answer. */
function listCandidates(content: ReportContent, all: readonly Importer[]): readonly Candidate[] {
  let refused: ImportError | undefined;
  const candidates = all.flatMap((importer) => {
    try {
      const score = importer.recognise(content);
      return score === 0 ? [] : [{ importer, score }];
    } catch (error) {
      if (!(error instanceof ImportError)) throw error;
      refused ??= error;
      return [];
    }
  });
  if (candidates.length === 0 && refused !== undefined) throw refused;
  return candidates;
}

/**
 * The importer whose format this is.
 *
 * @throws ImportError `report_unknown` when nobody claims it, `report_ambiguous` when several do with equal right
 */
export function recogniseReport(content: ReportContent, all: readonly Importer[] = importers): Importer {
  const candidates = listCandidates(content, all);
  if (candidates.length === 0)
    throw new ImportError('report_unknown', `${content.name} is of no known format: ${describe(content)}`, {
      remedy:
        'Name the format with `--as <id>` (docs/reference/report-formats.md lists them), let the tool write SARIF, or bring it into the generic JSON or CSV.',
    });
  const [first, ...others] = rank(candidates);
  if (first !== undefined && others.length === 0) return first;
  const ids = [...(first === undefined ? [] : [first]), ...others].map(({ id }) => id);
  throw new ImportError(
    'report_ambiguous',
    `${content.name} could be of several formats: ${ids.join(', ')} (${describe(content)})`,
    { remedy: `Name the format: ${ids.map((id) => `\`--as ${id}\``).join(' or ')}.` },
  );
}

function findImporter(id: string): Importer {
  const found = importers.find((importer) => importer.id === id);
  if (found !== undefined) return found;
  const ids = importers.map((importer) => importer.id);
  const near = nearestWord(id, ids);
  throw new ImportError('report_unknown', `there is no importer ${JSON.stringify(id.slice(0, NAME_CHARS))}`, {
    remedy:
      near === undefined
        ? 'docs/reference/report-formats.md lists the formats.'
        : `Did you mean \`--as ${near}\`? docs/reference/report-formats.md lists the formats.`,
  });
}

/**
 * Reads the report of any tool that we know: the importer is chosen by what the content looks like, or by `as`.
 *
 * @throws ImportError when the content is too large, refused, unreadable, unknown or ambiguous
 */
export function readReport(name: string, bytes: Buffer, options: { readonly as?: string } = {}): ReadReport {
  const named = options.as === undefined ? undefined : findImporter(options.as);
  const content = new ReportContent(name, bytes);
  // Whoever names the format has to hear that half of the report is missing, too.
  if (named !== undefined && content.shape === 'text' && content.brokenLines.length > 0)
    throw new ImportError('report_unreadable', `${content.name} is ${describe(content)}`, {
      remedy: 'Write the report again; the tool may have been ended while it wrote.',
    });
  const importer = named ?? recogniseReport(content);
  return { importer, report: importer.read(content) };
}
