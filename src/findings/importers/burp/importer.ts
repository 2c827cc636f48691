import { cweNumbers, type FindingDraft, type PlaceDraft } from '../../build-reported-finding.ts';
import { defineImporter } from '../../importer.ts';
import { type JsonObject, listAt, objectAt, textAt as jsonText, timeAt, valueAt } from '../../json-fields.ts';
import { lookUp } from '../../look-up.ts';
import { htmlToText } from '../../plain-report-text.ts';
import { advisoryNames } from '../../report-advisory.ts';
import { linksIn } from '../../report-links.ts';
import { severityOfWord } from '../../report-severity.ts';
import { ReportReading } from '../../report-reading.ts';
import type { Confidence } from '../../severity.ts';
import { elementAt, elementsOf, textAt, type XmlElement } from '../../xml.ts';
import { xmlRootName } from '../../xml-root-name.ts';

/** "Certain, Firm, Tentative" (Burp's documentation, "Issue severity and confidence"). */
const CONFIDENCES: Readonly<Record<string, Confidence>> = {
  certain: 'high',
  firm: 'medium',
  tentative: 'low',
};

interface Issue {
  readonly name: string | undefined;
  /** Number of Burp's issue definition. */
  readonly type: string | undefined;
  readonly origin: string | undefined;
  readonly path: string | undefined;
  /** `/login [user parameter]`. */
  readonly location: string | undefined;
  readonly severity: string | undefined;
  readonly confidence: string | undefined;
  readonly descriptions: readonly (string | undefined)[];
  readonly remedies: readonly (string | undefined)[];
  readonly method?: string | undefined;
  readonly references?: string | undefined;
  readonly classifications?: string | undefined;
}

/** Issues about cookies and tokens show them: only the name stays. */
function maskValues(text: string, name: string | undefined): string {
  if (!/cookie|session|token|password|credential/i.test(name ?? '')) return text;
  return text.replaceAll(/=[^;\s<>&"']{1,4000}/g, '=…');
}

function textOf(parts: readonly (string | undefined)[]): string {
  return parts
    .filter((part) => part !== undefined)
    .map(htmlToText)
    .join('\n\n');
}

function placeOf({ origin = '', path = '', location = '', method }: Issue): PlaceDraft {
  const named = /\[(?:the )?(.{1,300}?)(?: (?:parameter|cookie|HTTP header|header|JSON parameter))?\]$/.exec(
    location.slice(0, 2_000),
  )?.[1];
  const host = /^\w+:\/\/([^/:?#]{1,300})/.exec(origin)?.[1];
  return {
    url: origin === '' ? undefined : origin.replace(/\/$/, '') + path,
    host,
    method,
    parameter: named,
  };
}

/** Requests and responses are not read: they hold the session of whoever scanned. */
function issueDraft(issue: Issue): FindingDraft {
  const severity = issue.severity?.toLowerCase();
  return {
    tool: 'burp',
    ruleId: issue.type ?? issue.name,
    kind: 'web',
    title: issue.name,
    description: maskValues(textOf(issue.descriptions), issue.name),
    severity: severityOfWord(severity) ?? 'info',
    severityText: issue.severity,
    confidence: lookUp(CONFIDENCES, issue.confidence?.toLowerCase()),
    decision: severity?.replace('_', ' ') === 'false positive' ? { state: 'false-positive' } : undefined,
    cwe: cweNumbers([issue.classifications]),
    aliases: advisoryNames([issue.name, issue.references]),
    place: placeOf(issue),
    remedy: textOf(issue.remedies),
    references: linksIn(issue.references, ...issue.descriptions),
    attributes: { location: issue.location },
  };
}

function issueOfXml(element: XmlElement): Issue {
  const items = elementsOf(elementAt(element, 'issueDetailItems'), 'issueDetailItem');
  return {
    name: textAt(element, 'name'),
    type: textAt(element, 'type'),
    origin: textAt(element, 'host'),
    path: textAt(element, 'path'),
    location: textAt(element, 'location'),
    severity: textAt(element, 'severity'),
    confidence: textAt(element, 'confidence'),
    descriptions: [
      textAt(element, 'issueDetail'),
      ...items.slice(0, 20).map(({ text }) => `- ${text}`),
      textAt(element, 'issueBackground'),
    ],
    remedies: [textAt(element, 'remediationDetail'), textAt(element, 'remediationBackground')],
    method: elementAt(element, 'requestresponse', 'request')?.attributes['method'],
    references: textAt(element, 'references'),
    classifications: textAt(element, 'vulnerabilityClassifications'),
  };
}

function issueOfEvent(issue: JsonObject): Issue {
  return {
    name: jsonText(issue, 'name'),
    type: jsonText(issue, 'type_index'),
    origin: jsonText(issue, 'origin'),
    path: jsonText(issue, 'path'),
    location: jsonText(issue, 'caption'),
    severity: jsonText(issue, 'severity'),
    confidence: jsonText(issue, 'confidence'),
    descriptions: [jsonText(issue, 'description'), jsonText(issue, 'issue_background')],
    remedies: [jsonText(issue, 'remediation'), jsonText(issue, 'remediation_background')],
  };
}

export const importer = defineImporter({
  id: 'burp',
  title: 'Burp Suite',
  formats: ['XML of "Report selected issues"', 'JSON of the REST API, `GET /v0.1/scan/{id}`'],
  kinds: ['web'],
  documentation: 'https://portswigger.net/burp/documentation/desktop/getting-started/generate-reports',

  recognise(content) {
    if (content.shape === 'xml')
      return xmlRootName(content) === 'issues' && /\bburpVersion\b/.test(content.text.slice(0, 16_384))
        ? 2
        : 0;
    return content.shape === 'json' && Array.isArray(valueAt(content.json, 'issue_events')) ? 2 : 0;
  },

  read(content) {
    const reading = new ReportReading(content);
    if (content.shape === 'xml') {
      for (const element of elementsOf(content.xml, 'issue')) reading.add(issueDraft(issueOfXml(element)));
      const { burpVersion, exportTime } = content.xml.attributes;
      return reading.finish({ tool: 'burp', toolVersion: burpVersion, ranAtMs: timeAt(exportTime) });
    }
    reading.each(listAt(content.json, 'issue_events'), 'issue_events', (event, at) => {
      const issue = objectAt(event, 'issue');
      if (issue !== undefined) reading.add(issueDraft(issueOfEvent(issue)));
      else reading.warn(at, 'this event has no issue');
    });
    return reading.finish({ tool: 'burp' });
  },
});
