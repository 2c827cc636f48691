import { defineImporter } from '../../importer.ts';
import {
  isObject,
  type JsonObject,
  listAt,
  objectAt,
  positionAt,
  textAt,
  timeAt,
} from '../../json-fields.ts';
import { otherNames } from '../../report-advisory.ts';
import { ReportReading } from '../../report-reading.ts';
import type { FindingDraft, PlaceDraft } from '../../build-reported-finding.ts';
import { lookUp } from '../../look-up.ts';
import type { Confidence, Severity } from '../../severity.ts';

/** Brakeman rates how sure it is, and nothing else; that is all there is to rank by. */
const CONFIDENCES: Readonly<Record<string, readonly [Confidence, Severity]>> = {
  High: ['high', 'high'],
  Medium: ['medium', 'medium'],
  Weak: ['low', 'low'],
};

function placeOf(item: JsonObject, location?: JsonObject): PlaceDraft {
  const parts = [textAt(location, 'class'), textAt(location, 'method')].filter((part) => part !== undefined);
  return {
    file: textAt(item, 'file'),
    line: positionAt(item, 'line'),
    symbol: parts.length === 0 ? textAt(location, 'template') : parts.join('#'),
  };
}

function warningDraft(warning: JsonObject, ignored: boolean): FindingDraft {
  const message = textAt(warning, 'message');
  const [confidence, severity] = lookUp(CONFIDENCES, textAt(warning, 'confidence')) ?? [
    undefined,
    'medium' as const,
  ];
  const note = textAt(warning, 'note');
  const input = textAt(warning, 'user_input');
  return {
    tool: 'brakeman',
    ruleId: textAt(warning, 'check_name') ?? textAt(warning, 'warning_type'),
    kind: 'code',
    title: message,
    description: input === undefined ? '' : `User input: ${input}`,
    severity,
    severityText: textAt(warning, 'confidence'),
    confidence,
    cwe: listAt(warning, 'cwe_id').map(Number),
    aliases: otherNames(undefined, [message]),
    place: placeOf(warning, objectAt(warning, 'location')),
    otherPlaces: listAt(warning, 'render_path')
      .filter(isObject)
      .map((step) => placeOf(step, step)),
    snippet: textAt(warning, 'code'),
    references: [textAt(warning, 'link')].filter((link) => link !== undefined),
    // Of the kind, the file and the code, without the line ("Brakeman's fingerprints").
    toolFingerprint: textAt(warning, 'fingerprint'),
    decision: ignored
      ? { state: 'accepted', reason: note?.slice(0, 2_000) ?? 'in brakeman.ignore' }
      : undefined,
    attributes: { category: textAt(warning, 'warning_type'), code: textAt(warning, 'warning_code') },
  };
}

export const importer = defineImporter({
  id: 'brakeman',
  title: 'Brakeman',
  formats: ['JSON of `brakeman -f json`'],
  kinds: ['code'],
  documentation: 'https://brakemanscanner.org/docs/options/',

  recognise({ shape, json }) {
    if (shape !== 'json' || !isObject(json)) return 0;
    return textAt(json, 'scan_info', 'brakeman_version') !== undefined && Array.isArray(json['warnings'])
      ? 2
      : 0;
  },

  read(content) {
    const reading = new ReportReading(content);
    const { json } = content;
    reading.each(listAt(json, 'warnings'), 'warnings', (warning) =>
      reading.add(warningDraft(warning, false)),
    );
    reading.each(listAt(json, 'ignored_warnings'), 'ignored_warnings', (warning) =>
      reading.add(warningDraft(warning, true)),
    );
    for (const error of listAt(json, 'errors'))
      reading.warn('errors', textAt(error, 'error') ?? 'Brakeman reports an error');
    return reading.finish({
      tool: 'brakeman',
      toolVersion: textAt(json, 'scan_info', 'brakeman_version'),
      ranAtMs: timeAt(json, 'scan_info', 'end_time'),
    });
  },
});
