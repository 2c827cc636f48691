import { cweNumbers, type FindingDraft } from '../../build-reported-finding.ts';
import { defineImporter } from '../../importer.ts';
import { htmlToText } from '../../plain-report-text.ts';
import { linksIn } from '../../report-links.ts';
import { ReportReading } from '../../report-reading.ts';
import type { Severity } from '../../severity.ts';
import { elementAt, elementsOf, textAt, type XmlElement } from '../../xml.ts';
import { xmlRootName } from '../../xml-root-name.ts';

/** WebInspect's severities: 4 critical, 3 high, 2 medium, 1 low, 0 informational or best practice. */
const SEVERITIES: readonly Severity[] = ['info', 'low', 'medium', 'high', 'critical'];

function sectionsOf(issue: XmlElement): ReadonlyMap<string, string> {
  const sections = elementsOf(issue, 'ReportSection');
  return new Map(
    sections.map((section) => [
      textAt(section, 'Name') ?? '',
      htmlToText(textAt(section, 'SectionText') ?? ''),
    ]),
  );
}

/** Requests and answers of the session are not read: they hold its cookies. */
function issueDraft(issue: XmlElement, session: XmlElement): FindingDraft {
  const sections = sectionsOf(issue);
  const number = textAt(issue, 'Severity');
  const kinds = elementsOf(elementAt(issue, 'Classifications'), 'Classification').map(({ text }) => text);
  const fix = sections.get('Fix');
  const references = textAt(
    elementsOf(issue, 'ReportSection').find((each) => textAt(each, 'Name') === 'Reference Info'),
    'SectionText',
  );
  return {
    tool: 'webinspect',
    ruleId: textAt(issue, 'CheckID') ?? textAt(issue, 'VulnerabilityID') ?? textAt(issue, 'Name'),
    kind: 'web',
    title: textAt(issue, 'Name'),
    description: [sections.get('Summary'), sections.get('Implication')]
      .filter((text) => text !== undefined && text !== '')
      .join('\n\n'),
    severity: SEVERITIES[Number(number ?? -1)] ?? 'medium',
    severityText: number,
    cwe: cweNumbers(kinds),
    place: {
      url: textAt(session, 'URL'),
      host: textAt(session, 'Host'),
      method: textAt(session, 'Request', 'Method'),
      parameter: textAt(session, 'AttackParamDescriptor'),
    },
    remedy: fix,
    references: linksIn(references),
    attributes: { checkType: textAt(issue, 'CheckTypeID'), engine: textAt(issue, 'EngineType') },
  };
}

export const importer = defineImporter({
  id: 'webinspect',
  title: 'Fortify WebInspect',
  formats: ['XML export of the scan, "Full" with sessions'],
  kinds: ['web'],
  documentation: 'https://www.microfocus.com/documentation/fortify-webinspect/',

  recognise(content) {
    return xmlRootName(content) === 'Sessions' && /<Session requestId=/.test(content.head) ? 2 : 0;
  },

  read(content) {
    const reading = new ReportReading(content);
    for (const session of elementsOf(content.xml, 'Session'))
      for (const issue of elementsOf(elementAt(session, 'Issues'), 'Issue'))
        reading.add(issueDraft(issue, session));
    return reading.finish({ tool: 'webinspect' });
  },
});
