import type { FindingDraft, PlaceDraft } from '../../build-reported-finding.ts';
import { cweNumbers } from '../../build-reported-finding.ts';
import { defineImporter } from '../../importer.ts';
import { type JsonObject, listAt, positionAt, textAt, textsAt, timeAt, valueAt } from '../../json-fields.ts';
import { advisoryNames } from '../../report-advisory.ts';
import { ReportReading } from '../../report-reading.ts';
import { severityOfWord } from '../../report-severity.ts';
import type { FindingKind } from '../../reported-finding.ts';
import { kindOfTool, ownerOfRule } from '../../tool-family.ts';
import { confidences } from '../../severity.ts';

const TOOL = 'vouchgate';

function placeOf(location: unknown): PlaceDraft {
  return {
    file: textAt(location, 'file'),
    line: positionAt(location, 'start', 'line'),
    column: positionAt(location, 'start', 'column'),
    endLine: positionAt(location, 'end', 'line'),
    endColumn: positionAt(location, 'end', 'column'),
  };
}

/** Of tools that ran beside our own rules it is said by the tool, or by what the rule is named after. */
function kindOf(tool: string, ruleId: string | undefined): FindingKind {
  const known = kindOfTool(tool, ruleId);
  if (known !== undefined) return known;
  return advisoryNames([ruleId]).length > 0 ? 'dependency' : 'code';
}

function decisionOf(suppression: unknown): FindingDraft['decision'] {
  const kind = textAt(suppression, 'kind');
  if (kind === undefined) return undefined;
  const by = textAt(suppression, 'owner');
  const reason = textAt(suppression, 'justification') ?? `suppressed: ${kind}`;
  return { state: 'accepted', reason, ...(by === undefined ? {} : { by }) };
}

function draftOf(finding: JsonObject): FindingDraft {
  const [first, ...related] = listAt(finding, 'locations');
  const hops = listAt(finding, 'path').map((hop) => valueAt(hop, 'location'));
  const { tool, ruleId } = ownerOfRule(textAt(finding, 'ruleId'));
  const kind = kindOf(tool, ruleId);
  const lines = textsAt(first, 'excerpt', 'lines');
  const confidence = textAt(finding, 'confidence');
  return {
    tool,
    kind,
    ruleId,
    title: textAt(finding, 'message'),
    description: textAt(finding, 'explanation'),
    severity: severityOfWord(textAt(finding, 'severity')) ?? 'medium',
    confidence: confidences.find((each) => each === confidence),
    cwe: cweNumbers(textsAt(finding, 'standards', 'cwe')),
    place: placeOf(first),
    otherPlaces: [...related, ...hops].slice(0, 50).map(placeOf),
    snippet: kind === 'secret' || lines.length === 0 ? undefined : lines.join('\n'),
    remedy: textAt(finding, 'remedy'),
    // Ours; of other tools' findings only what those say themselves would be theirs.
    toolFingerprint: tool === TOOL ? textAt(finding, 'fingerprint') : undefined,
    decision: decisionOf(valueAt(finding, 'suppression')),
    attributes: { persona: textAt(finding, 'persona'), owner: textAt(finding, 'owner') },
  };
}

export const importer = defineImporter({
  id: TOOL,
  title: 'Vouchgate',
  formats: ['JSON of `vouchgate scan --format json`'],
  kinds: ['pipeline', 'secret', 'infrastructure', 'dependency', 'code'],
  documentation: 'https://github.com/vouchgate/vouchgate',
  recognise: ({ json }) => (/^vouchgate-scan\/1$/.test(textAt(json, 'schema') ?? '') ? 3 : 0),
  read(content) {
    const { json } = content;
    const reading = new ReportReading(content);
    reading.each(listAt(json, 'findings'), 'findings', (finding) => reading.add(draftOf(finding)));
    reading.each(listAt(json, 'problems'), 'problems', (problem) =>
      reading.warn(
        `${textAt(problem, 'file') ?? 'a file'}:${textAt(problem, 'line') ?? '?'}`,
        textAt(problem, 'message') ?? 'this file could not be read',
      ),
    );
    return reading.finish({
      tool: TOOL,
      toolVersion: textAt(json, 'tool', 'version'),
      ranAtMs: timeAt(json, 'time'),
    });
  },
});
