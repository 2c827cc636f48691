import type { FindingDraft, PlaceDraft } from '../../build-reported-finding.ts';
import { defineImporter } from '../../importer.ts';
import { positionAt, timeAt } from '../../json-fields.ts';
import { lookUp } from '../../look-up.ts';
import { htmlToText } from '../../plain-report-text.ts';
import { linksIn } from '../../report-links.ts';
import { ReportReading } from '../../report-reading.ts';
import type { FindingKind } from '../../reported-finding.ts';
import type { Confidence, Severity } from '../../severity.ts';
import { elementAt, elementsOf, textAt, type XmlElement } from '../../xml.ts';
import { xmlRootName } from '../../xml-root-name.ts';

/**
 * `priority` 1 to 3 is how sure SpotBugs is; its `rank` is about bugs in general and puts injections behind null
 * pointers, so what is rated here is the priority.
 */
const PRIORITIES: Readonly<Record<string, readonly [Confidence, Severity]>> = {
  1: ['high', 'high'],
  2: ['medium', 'medium'],
  3: ['low', 'low'],
};

function kindOf(category: string | undefined): FindingKind {
  return category === 'SECURITY' || category === 'MALICIOUS_CODE' ? 'code' : 'quality';
}

/** The line of the bug itself; else that of its method, its field or its class. */
function lineOf(bug: XmlElement): XmlElement | undefined {
  const lines = elementsOf(bug, 'SourceLine');
  const own = lines.find(({ attributes }) => attributes['primary'] === 'true') ?? lines[0];
  return own ?? ['Method', 'Field', 'Class'].map((part) => elementAt(bug, part, 'SourceLine')).find(Boolean);
}

function placeOf(line: XmlElement | undefined, symbol?: string): PlaceDraft {
  const fields = line?.attributes ?? {};
  return {
    file: fields['sourcepath'] ?? fields['sourcefile'],
    line: positionAt(fields, 'start'),
    endLine: positionAt(fields, 'end'),
    symbol,
  };
}

function symbolOf(bug: XmlElement): string | undefined {
  const { classname, name } = elementAt(bug, 'Method')?.attributes ?? {};
  if (classname !== undefined && name !== undefined) return `${classname}.${name}`;
  return elementAt(bug, 'Class')?.attributes['classname'];
}

function bugDraft(bug: XmlElement, patterns: ReadonlyMap<string, XmlElement>): FindingDraft {
  const {
    type = '',
    category,
    priority = '',
    rank,
    cweid,
    instanceHash,
    instanceOccurrenceNum,
  } = bug.attributes;
  const pattern = patterns.get(type);
  const details = textAt(pattern, 'Details');
  const [confidence, severity] = lookUp(PRIORITIES, priority) ?? [undefined, 'medium' as const];
  const shown = lineOf(bug);
  return {
    tool: 'spotbugs',
    ruleId: type,
    kind: kindOf(category),
    title: textAt(bug, 'ShortMessage') ?? textAt(pattern, 'ShortDescription'),
    description: [textAt(bug, 'LongMessage'), details === undefined ? undefined : htmlToText(details)]
      .filter((text) => text !== undefined)
      .join('\n\n'),
    severity,
    severityText: rank === undefined ? undefined : `rank ${rank}`,
    confidence,
    cwe: cweid === undefined ? [] : [Number(cweid)],
    place: placeOf(shown, symbolOf(bug)),
    otherPlaces: elementsOf(bug, 'SourceLine')
      .filter((line) => line !== shown)
      .map((line) => placeOf(line)),
    references: linksIn(details),
    // Of the kind and its names, without the line; the number tells equal ones apart.
    toolFingerprint:
      instanceHash === undefined ? undefined : `${instanceHash}:${instanceOccurrenceNum ?? '0'}`,
    attributes: { category },
  };
}

export const importer = defineImporter({
  id: 'spotbugs',
  title: 'SpotBugs',
  formats: ['XML of SpotBugs and Find Security Bugs'],
  kinds: ['code', 'quality'],
  documentation: 'https://spotbugs.readthedocs.io/en/stable/running.html#text-ui-options',

  recognise(content) {
    return xmlRootName(content) === 'BugCollection' ? 2 : 0;
  },

  read(content) {
    const reading = new ReportReading(content);
    const root = content.xml;
    const patterns = new Map(
      elementsOf(root, 'BugPattern').map((pattern) => [pattern.attributes['type'] ?? '', pattern]),
    );
    for (const bug of elementsOf(root, 'BugInstance')) reading.add(bugDraft(bug, patterns));
    const { errors = '0', missingClasses = '0' } = elementAt(root, 'Errors')?.attributes ?? {};
    if (errors !== '0')
      reading.warn('Errors', `SpotBugs reports ${errors} errors; some classes were not looked at`);
    if (missingClasses !== '0') reading.warn('Errors', `${missingClasses} classes were missing`);
    const { version, timestamp } = root.attributes;
    return reading.finish({ tool: 'spotbugs', toolVersion: version, ranAtMs: timeAt(Number(timestamp)) });
  },
});
