import { ImportError } from '../import-error.ts';
import type { ImportedReport } from '../importer.ts';
import { firstText, type JsonObject, listAt, objectAt, textAt, timeAt, valueAt } from '../json-fields.ts';
import { ReportReading } from '../report-reading.ts';
import type { FindingKind } from '../reported-finding.ts';
import { toolFamily } from '../tool-family.ts';
import { SarifPlaces } from './sarif-place.ts';
import { draftsOfResult, LOCATIONS_MAX, type SarifRun } from './sarif-result.ts';
import { SarifRules } from './sarif-rule.ts';

/** Whether this is a SARIF log of version 2 (§3.13): 2.1.0 and what tools wrote before it was final. */
export function isSarif(json: unknown): json is JsonObject {
  if (!Array.isArray(valueAt(json, 'runs'))) return false;
  const version = textAt(json, 'version') ?? '';
  return version.startsWith('2.') || (textAt(json, '$schema') ?? '').includes('sarif');
}

/** Names of the tools of all its runs, as they write them. */
export function driverNames(json: unknown): readonly string[] {
  return listAt(json, 'runs').flatMap((run) => textAt(run, 'tool', 'driver', 'name') ?? []);
}

interface SarifOptions {
  /** For SARIF of one tool alone; else what each run says. */
  readonly tool?: string;
  readonly kind?: FindingKind;
}

const UNKNOWN_TOOL = 'sarif';

function openRun(run: JsonObject, { tool, kind }: SarifOptions): SarifRun {
  const driver = objectAt(run, 'tool', 'driver');
  return {
    tool: tool ?? toolFamily(textAt(driver, 'name')) ?? UNKNOWN_TOOL,
    driver,
    rules: new SarifRules(run),
    places: new SarifPlaces(run),
    kind,
  };
}

/** What the tool itself says of how it went: results that are missing are no good news. */
function warnOfRun(reading: ReportReading, run: JsonObject, at: string): void {
  if (valueAt(run, 'externalPropertyFileReferences', 'results') !== undefined)
    reading.warn(at, 'results stand in other files, which were not given');
  const invocations = listAt(run, 'invocations');
  if (invocations.some((each) => valueAt(each, 'executionSuccessful') === false))
    reading.warn(at, 'the tool says that its run failed, so results may be missing');
}

function readRun(reading: ReportReading, run: JsonObject, at: string, options: SarifOptions): void {
  const opened = openRun(run, options);
  warnOfRun(reading, run, at);
  reading.each(listAt(run, 'results'), `${at}.results`, (result, place) => {
    const left = listAt(result, 'locations').length - LOCATIONS_MAX;
    if (left > 0) reading.warn(place, `${left} locations of this result are left out`);
    for (const draft of draftsOfResult(result, opened)) reading.add(draft);
  });
}

function targetOf(run: unknown) {
  const provenance = valueAt(run, 'versionControlProvenance', 0);
  return { repository: textAt(provenance, 'repositoryUri'), commit: textAt(provenance, 'revisionId') };
}

/**
 * Reads SARIF 2.1.0 (OASIS), of whichever tool.
 *
 * @throws ImportError `report_unreadable` when it is no SARIF
 */
export function readSarif(json: unknown, options: SarifOptions = {}): ImportedReport {
  const runs = listAt(json, 'runs');
  if (!isSarif(json))
    throw new ImportError('report_unreadable', 'this is no SARIF: it has no `runs` or no version 2', {
      remedy: 'Let the tool write SARIF 2.1.0.',
    });
  const reading = new ReportReading();
  reading.each(runs, 'runs', (run, at) => readRun(reading, run, at, options));
  const driver = valueAt(runs[0], 'tool', 'driver');
  return reading.finish({
    tool: options.tool ?? toolFamily(textAt(driver, 'name')) ?? UNKNOWN_TOOL,
    toolVersion: firstText(driver, ['semanticVersion', 'version']),
    ranAtMs:
      timeAt(runs[0], 'invocations', 0, 'endTimeUtc') ?? timeAt(runs[0], 'invocations', 0, 'startTimeUtc'),
    target: targetOf(runs[0]),
  });
}
