import type { FindingDraft, PlaceDraft } from '../../build-reported-finding.ts';
import { defineImporter } from '../../importer.ts';
import { positionAt, timeAt } from '../../json-fields.ts';
import { ReportReading } from '../../report-reading.ts';
import { severityOfWord } from '../../report-severity.ts';
import type { ReportedDecision } from '../../reported-finding.ts';
import { elementAt, elementsOf, textAt, type XmlElement } from '../../xml.ts';
import { xmlRootName } from '../../xml-root-name.ts';

/** `state`: 0 to verify, 1 not exploitable, 2 confirmed, 3 urgent, 4 proposed not exploitable. */
const NOT_EXPLOITABLE = '1';
const CONFIRMED = new Set(['2', '3']);

function decisionOf(result: XmlElement): ReportedDecision | undefined {
  const { FalsePositive, state, Remark = '' } = result.attributes;
  if (FalsePositive?.toLowerCase() !== 'true' && state !== NOT_EXPLOITABLE) return undefined;
  const reason = Remark.trim().slice(0, 2_000);
  return reason === '' ? { state: 'false-positive' } : { state: 'false-positive', reason };
}

function placeOf(node: XmlElement | undefined, symbol?: string): PlaceDraft {
  return {
    file: textAt(node, 'FileName'),
    line: positionAt({ line: textAt(node, 'Line') }, 'line'),
    column: positionAt({ column: textAt(node, 'Column') }, 'column'),
    symbol,
  };
}

function codeOf(node: XmlElement | undefined): string | undefined {
  const lines = elementsOf(elementAt(node, 'Snippet'), 'Line');
  return lines.length === 0 ? undefined : lines.map((line) => elementAt(line, 'Code')?.text ?? '').join('\n');
}

function resultDraft(result: XmlElement, query: XmlElement): FindingDraft {
  const { id, name, cweId, group, Language } = query.attributes;
  const { FileName, Line, Column, Severity, state = '', DeepLink, DetectionDate } = result.attributes;
  const path = elementAt(result, 'Path');
  const nodes = elementsOf(path, 'PathNode');
  const sink = nodes.at(-1);
  const { SimilarityId, DestinationMethod } = path?.attributes ?? {};
  const own = {
    file: FileName,
    line: positionAt({ Line }, 'Line'),
    column: positionAt({ Column }, 'Column'),
  };
  const severityText = Severity ?? query.attributes['Severity'];
  return {
    tool: 'checkmarx',
    ruleId: name ?? id,
    kind: 'code',
    title: name?.replaceAll('_', ' '),
    severity: severityOfWord(severityText) ?? 'medium',
    severityText,
    verified: CONFIRMED.has(state) ? true : undefined,
    cwe: cweId === undefined ? [] : [Number(cweId)],
    // Where the data ends up; the result itself names where it comes from.
    place: sink === undefined ? own : placeOf(sink, DestinationMethod),
    otherPlaces: nodes.slice(0, -1).map((node) => placeOf(node)),
    snippet: codeOf(sink),
    references: DeepLink === undefined || DeepLink === '' ? [] : [DeepLink],
    // Checkmarx keeps triage by it from scan to scan.
    toolFingerprint: SimilarityId === undefined ? undefined : `${name ?? id ?? ''}:${SimilarityId}`,
    decision: decisionOf(result),
    foundAtMs: timeAt(DetectionDate),
    attributes: { queryId: id, group, language: Language },
  };
}

export const importer = defineImporter({
  id: 'checkmarx',
  title: 'Checkmarx SAST',
  formats: ['XML report of CxSAST'],
  kinds: ['code'],
  documentation: 'https://docs.checkmarx.com/',

  recognise(content) {
    return xmlRootName(content) === 'CxXMLResults' ? 2 : 0;
  },

  read(content) {
    const reading = new ReportReading(content);
    for (const query of elementsOf(content.xml, 'Query'))
      for (const result of elementsOf(query, 'Result')) reading.add(resultDraft(result, query));
    const { CheckmarxVersion, ScanStart } = content.xml.attributes;
    return reading.finish({ tool: 'checkmarx', toolVersion: CheckmarxVersion, ranAtMs: timeAt(ScanStart) });
  },
});
