import type { FindingDraft } from '../../build-reported-finding.ts';
import { defineImporter } from '../../importer.ts';
import { type JsonObject, listAt, objectAt, positionAt, textAt, valueAt } from '../../json-fields.ts';
import { ReportReading } from '../../report-reading.ts';
import { createRedactor } from '../../report-secret.ts';

const TOOL = 'ggshield';

/** `valid` was tried at the service that gave it out. */
function severityOf(validity: string | undefined): FindingDraft['severity'] {
  if (validity === 'valid') return 'critical';
  return validity === 'invalid' ? 'low' : 'high';
}

/** `ignore_sha` is a hash of the secret without a key, so it is not kept. */
function draftOf(incident: JsonObject, file: string | undefined, scan: unknown): FindingDraft {
  const occurrences = listAt(incident, 'occurrences');
  const redact = createRedactor(occurrences.map((each) => textAt(each, 'match')));
  const type = textAt(incident, 'detector') ?? textAt(incident, 'type') ?? textAt(incident, 'break_type');
  const validity = textAt(incident, 'validity');
  const isCommit = textAt(scan, 'type') === 'commit';
  const places = occurrences.slice(0, 51).map((each) => ({
    file,
    line:
      positionAt(each, 'line_start') ??
      positionAt(each, 'post_line_start') ??
      positionAt(each, 'pre_line_start'),
    endLine:
      positionAt(each, 'line_end') ?? positionAt(each, 'post_line_end') ?? positionAt(each, 'pre_line_end'),
    commit: isCommit ? textAt(scan, 'id') : undefined,
  }));
  const url = textAt(incident, 'incident_url');
  const ignored = textAt(incident, 'ignore_reason', 'kind') ?? textAt(incident, 'ignore_reason');
  return {
    tool: TOOL,
    kind: 'secret',
    ruleId: type,
    title: redact(`${type ?? 'a secret'} in ${file ?? 'a file'}`),
    severity: severityOf(validity),
    verified: validity === 'valid' ? true : undefined,
    cwe: [798],
    place: places[0] ?? { file },
    otherPlaces: places.slice(1),
    references: url === undefined ? [] : [url],
    decision: ignored === undefined ? undefined : { state: 'accepted', reason: `ignored: ${ignored}` },
    attributes: {
      policy: textAt(incident, 'policy'),
      validity,
      author: textAt(scan, 'extra_info', 'author'),
    },
  };
}

/** A scan of commits has scans in itself; one of a folder is a scan. */
function scansOf(json: unknown): readonly unknown[] {
  const scans = valueAt(json, 'scans');
  return Array.isArray(scans) ? scans : [json];
}

/** Newer versions say `secrets` for incidents of the policy about secrets. */
function incidentsOf(entity: unknown): readonly unknown[] {
  const incidents = listAt(entity, 'incidents');
  return incidents.length > 0 ? incidents : listAt(entity, 'secrets');
}

export const importer = defineImporter({
  id: TOOL,
  title: 'GitGuardian ggshield',
  formats: ['JSON of `ggshield secret scan … --json`'],
  kinds: ['secret'],
  documentation: 'https://docs.gitguardian.com/ggshield-docs/reference/secret/scan/overview',
  recognise({ json }) {
    const hasTotals =
      valueAt(json, 'total_incidents') !== undefined && valueAt(json, 'total_occurrences') !== undefined;
    const isNamed =
      textAt(json, 'type') !== undefined && textAt(json, 'secrets_engine_version') !== undefined;
    return objectAt(json) !== undefined && (hasTotals || isNamed) ? 2 : 0;
  },
  read(content) {
    const reading = new ReportReading(content);
    reading.each(scansOf(content.json), 'scans', (scan, at) =>
      reading.each(
        listAt(scan, 'entities_with_incidents'),
        `${at}.entities_with_incidents`,
        (entity, place) =>
          reading.each(incidentsOf(entity), `${place}.incidents`, (incident) =>
            reading.add(draftOf(incident, textAt(entity, 'filename'), scan)),
          ),
      ),
    );
    return reading.finish({ tool: TOOL });
  },
});
