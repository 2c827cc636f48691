import type { FindingDraft, PlaceDraft } from '../../build-reported-finding.ts';
import { isObject, listAt, textAt, valueAt } from '../../json-fields.ts';
import type { ReportReading } from '../../report-reading.ts';
import { draftOfLicence, draftOfMisconfiguration, draftOfSecret } from './issues.ts';
import { draftOfVulnerability } from './vulnerability.ts';

/** What was looked at. */
export interface TrivyTarget {
  readonly image?: string | undefined;
  /** In a cluster: `Deployment/shop`. */
  readonly resource?: string | undefined;
  readonly namespace?: string | undefined;
}

/** `Target` is a file, except for packages of a system, where it is the image with the name of the system. */
function placeOf(result: unknown, target: TrivyTarget): PlaceDraft {
  const isSystem = textAt(result, 'Class') === 'os-pkgs';
  const name = textAt(result, 'Target');
  const isObjectOfCluster = target.resource !== undefined && name === target.resource;
  return {
    image: target.image,
    resource: target.resource,
    file: isSystem || isObjectOfCluster ? undefined : name,
  };
}

const READERS: readonly {
  readonly key: string;
  readonly draft: (item: unknown, place: PlaceDraft, result: unknown) => FindingDraft | undefined;
}[] = [
  { key: 'Vulnerabilities', draft: draftOfVulnerability },
  { key: 'Misconfigurations', draft: draftOfMisconfiguration },
  { key: 'Secrets', draft: draftOfSecret },
  { key: 'Licenses', draft: draftOfLicence },
];

/** What `.trivyignore` or VEX took out stands in a list of its own when it is asked for. */
function readModified(reading: ReportReading, result: unknown, place: PlaceDraft, at: string): void {
  reading.each(
    listAt(result, 'ExperimentalModifiedFindings'),
    `${at}.ExperimentalModifiedFindings`,
    (modified) => {
      const status = textAt(modified, 'Status');
      const finding = valueAt(modified, 'Finding');
      const type = textAt(modified, 'Type');
      const reader = READERS.find(({ key }) =>
        key.toLowerCase().startsWith((type ?? '-').toLowerCase().slice(0, 6)),
      );
      const draft = isObject(finding) ? reader?.draft(finding, place, result) : undefined;
      if (draft === undefined) return;
      const reason = textAt(modified, 'Statement') ?? `taken out by ${textAt(modified, 'Source') ?? 'Trivy'}`;
      const state = status === 'not_affected' ? 'not-affected' : status === 'fixed' ? 'fixed' : 'accepted';
      reading.add({ ...draft, decision: { state, reason } });
    },
  );
}

/** All findings of one result: a file, or the packages of a system. */
export function readResult(reading: ReportReading, result: unknown, target: TrivyTarget, at: string): void {
  const place = placeOf(result, target);
  for (const { key, draft } of READERS)
    reading.each(listAt(result, key), `${at}.${key}`, (item) => {
      const made = draft(item, place, result);
      if (made !== undefined)
        reading.add({ ...made, attributes: { ...made.attributes, namespace: target.namespace } });
    });
  readModified(reading, result, place, at);
}
