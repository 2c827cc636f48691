import type { FindingDraft, PlaceDraft } from '../../build-reported-finding.ts';
import { positionAt } from '../../json-fields.ts';
import { htmlToText } from '../../plain-report-text.ts';
import { severityOfWord } from '../../report-severity.ts';
import { elementAt, elementsOf, textAt, type XmlElement } from '../../xml.ts';
import { decisionOfAnalysis } from './read-audit.ts';

function placeOf(place: XmlElement | undefined): PlaceDraft {
  return {
    file: textAt(place, 'FilePath') ?? textAt(place, 'FileName'),
    line: positionAt({ line: textAt(place, 'LineStart') }, 'line'),
    symbol: textAt(place, 'TargetFunction'),
  };
}

/** `Explanation` and the like of the category an issue stands in. */
function metaOf(grouping: XmlElement): ReadonlyMap<string, string> {
  const all = elementsOf(elementAt(grouping, 'MajorAttributeSummary'), 'MetaInfo');
  return new Map(all.map((info) => [textAt(info, 'Name') ?? '', htmlToText(textAt(info, 'Value') ?? '')]));
}

function issueDraft(issue: XmlElement, meta: ReadonlyMap<string, string>): FindingDraft {
  const source = elementAt(issue, 'Source');
  const tags = elementsOf(issue, 'Tag').filter((tag) => textAt(tag, 'Name') === 'Analysis');
  const severityText = textAt(issue, 'Friority') ?? textAt(issue, 'Folder');
  return {
    tool: 'fortify',
    ruleId: issue.attributes['ruleID'] ?? textAt(issue, 'Category'),
    kind: 'code',
    title: textAt(issue, 'Category'),
    description: [htmlToText(textAt(issue, 'Abstract') ?? ''), meta.get('Explanation') ?? '']
      .filter((text) => text !== '')
      .join('\n\n'),
    // "Fortify priority": critical, high, medium, low.
    severity: severityOfWord(severityText) ?? 'medium',
    severityText,
    place: placeOf(elementAt(issue, 'Primary')),
    otherPlaces: source === undefined ? [] : [placeOf(source)],
    snippet: elementAt(issue, 'Primary', 'Snippet')?.text,
    remedy: meta.get('Recommendations'),
    toolFingerprint: issue.attributes['iid'],
    decision: decisionOfAnalysis(
      tags.flatMap((tag) => textAt(tag, 'Value') ?? []),
      issue.attributes['suppressed'] === 'true',
      { text: textAt(issue, 'Comment', 'Comment')?.slice(0, 2_000) },
    ),
    attributes: { kingdom: textAt(issue, 'Kingdom') },
  };
}

/** Issues of the "Fortify Security Report" and its like; one that stands in several listings is read once. */
export function readXmlReport(report: XmlElement): readonly FindingDraft[] {
  const drafts = new Map<string, FindingDraft>();
  const listings = elementsOf(report, 'ReportSection')
    .flatMap((section) => elementsOf(section, 'SubSection'))
    .flatMap((section) => elementsOf(section, 'IssueListing'));
  const groupings = listings
    .flatMap((listing) => elementsOf(listing, 'Chart'))
    .flatMap((chart) => elementsOf(chart, 'GroupingSection'));
  for (const grouping of groupings) {
    const meta = metaOf(grouping);
    for (const issue of elementsOf(grouping, 'Issue')) {
      const id = issue.attributes['iid'] ?? `without id ${drafts.size}`;
      if (!drafts.has(id)) drafts.set(id, issueDraft(issue, meta));
    }
  }
  return [...drafts.values()];
}
