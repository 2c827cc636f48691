import type { FindingDraft } from '../../build-reported-finding.ts';
import { positionAt, textAt, textsAt, valueAt } from '../../json-fields.ts';
import { severityOfWord } from '../../report-severity.ts';

/** An issue of `snyk iac test`, in a file of the project. */
export function draftOfIacIssue(issue: unknown, project: unknown): FindingDraft {
  const word = textAt(issue, 'severity');
  const details = valueAt(issue, 'iacDescription');
  const description = [
    textAt(details, 'issue') ?? textAt(issue, 'issue'),
    textAt(details, 'impact') ?? textAt(issue, 'impact'),
  ];
  const documentation = textAt(issue, 'documentation');
  const path = textsAt(issue, 'path').join('.');
  return {
    tool: 'snyk',
    kind: 'infrastructure',
    ruleId: textAt(issue, 'publicId') ?? textAt(issue, 'id'),
    title: textAt(issue, 'title'),
    description: description.filter((each) => each !== undefined).join('\n\n'),
    severity: severityOfWord(word) ?? 'medium',
    severityText: word,
    place: {
      file: textAt(project, 'targetFile') ?? textAt(project, 'displayTargetFile'),
      line: positionAt(issue, 'lineNumber'),
      resource: path === '' ? textAt(issue, 'resourcePath') : path,
    },
    remedy: textAt(details, 'resolve') ?? textAt(issue, 'resolve'),
    references: [...(documentation === undefined ? [] : [documentation]), ...textsAt(issue, 'references')],
    decision:
      valueAt(issue, 'isIgnored') === true ? { state: 'accepted', reason: 'ignored in Snyk' } : undefined,
    attributes: { type: textAt(issue, 'subType') ?? textAt(issue, 'type') },
  };
}
