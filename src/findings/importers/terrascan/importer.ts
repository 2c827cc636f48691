import type { FindingDraft } from '../../build-reported-finding.ts';
import { defineImporter } from '../../importer.ts';
import { isObject, type JsonObject, listAt, positionAt, textAt, timeAt, valueAt } from '../../json-fields.ts';
import { ReportReading } from '../../report-reading.ts';
import { severityOfWord } from '../../report-severity.ts';

const TOOL = 'terrascan';

function draftOf(violation: JsonObject, isSkipped: boolean): FindingDraft {
  const rule = textAt(violation, 'rule_id');
  const name = textAt(violation, 'rule_name');
  const word = textAt(violation, 'severity');
  const type = textAt(violation, 'resource_type');
  const resource = textAt(violation, 'resource_name');
  const module = textAt(violation, 'module_name');
  return {
    tool: TOOL,
    kind: 'infrastructure',
    ruleId: rule ?? name,
    title: textAt(violation, 'description') ?? name,
    severity: severityOfWord(word) ?? 'medium',
    severityText: word,
    aliases: rule === undefined || name === undefined ? [] : [name],
    place: {
      file: textAt(violation, 'file'),
      line: positionAt(violation, 'line'),
      resource: [type, resource].filter((each) => each !== undefined).join('.'),
    },
    decision: isSkipped
      ? { state: 'accepted', reason: textAt(violation, 'skip_comment') ?? 'skipped in Terrascan' }
      : undefined,
    attributes: { category: textAt(violation, 'category'), module: module === 'root' ? undefined : module },
  };
}

export const importer = defineImporter({
  id: TOOL,
  title: 'Terrascan',
  formats: ['JSON of `terrascan scan -o json`'],
  kinds: ['infrastructure'],
  documentation: 'https://runterrascan.io/docs/usage/command_line_mode/',
  recognise({ json }) {
    const summary = valueAt(json, 'results', 'scan_summary');
    return isObject(summary) && valueAt(summary, 'policies_validated') !== undefined ? 2 : 0;
  },
  read(content) {
    const results = valueAt(content.json, 'results');
    const reading = new ReportReading(content);
    for (const key of ['violations', 'skipped_violations'])
      reading.each(listAt(results, key), `results.${key}`, (violation) =>
        reading.add(draftOf(violation, key === 'skipped_violations')),
      );
    // Terrascan tries every kind of file in every folder, so most of its errors say that there was none of a kind.
    reading.each(listAt(results, 'scan_errors'), 'results.scan_errors', (error, at) => {
      const message = textAt(error, 'errMsg') ?? 'an error';
      if (!/not found in the directory|no .{1,60} files? found/i.test(message.slice(0, 500)))
        reading.warn(at, `Terrascan could not read ${textAt(error, 'directory') ?? 'a folder'}: ${message}`);
    });
    const ranAt = textAt(results, 'scan_summary', 'scanned_at')
      ?.replace(/ \+0000 UTC$/, 'Z')
      .replace(' ', 'T');
    return reading.finish({ tool: TOOL, ranAtMs: timeAt(ranAt) });
  },
});
