import type { FindingDraft } from '../../build-reported-finding.ts';
import { defineImporter } from '../../importer.ts';
import {
  isObject,
  type JsonObject,
  listAt,
  objectAt,
  positionAt,
  textAt,
  timeAt,
  valueAt,
} from '../../json-fields.ts';
import { ReportReading } from '../../report-reading.ts';

const TOOL = 'detect-secrets';

/** `is_secret` is the answer of a person in `detect-secrets audit`. */
function decisionOf(secret: unknown): FindingDraft['decision'] {
  return valueAt(secret, 'is_secret') === false
    ? { state: 'false-positive', reason: 'marked as no secret in `detect-secrets audit`' }
    : undefined;
}

/** `hashed_secret` is SHA-1 without a key: whoever has it can try out short secrets, so it is not kept. */
function draftOf(file: string, secret: JsonObject): FindingDraft {
  const type = textAt(secret, 'type');
  const verified = valueAt(secret, 'is_verified') === true;
  return {
    tool: TOOL,
    kind: 'secret',
    ruleId: type,
    title: `${type ?? 'a secret'} in ${file}`,
    severity: verified ? 'critical' : type?.includes('Entropy') === true ? 'medium' : 'high',
    confidence: verified || valueAt(secret, 'is_secret') === true ? 'high' : undefined,
    verified: verified ? true : undefined,
    cwe: [798],
    place: { file, line: positionAt(secret, 'line_number') },
    decision: decisionOf(secret),
  };
}

export const importer = defineImporter({
  id: TOOL,
  title: 'detect-secrets',
  formats: ['JSON of `detect-secrets scan`, which is also a `.secrets.baseline`'],
  kinds: ['secret'],
  documentation: 'https://github.com/Yelp/detect-secrets#readme',
  recognise({ json }) {
    const isOurs = Array.isArray(valueAt(json, 'plugins_used')) && isObject(valueAt(json, 'results'));
    return isOurs ? 2 : 0;
  },
  read(content) {
    const reading = new ReportReading(content);
    for (const [file, secrets] of Object.entries(objectAt(content.json, 'results') ?? {}))
      reading.each(listAt(secrets), `results.${file}`, (secret) => reading.add(draftOf(file, secret)));
    return reading.finish({
      tool: TOOL,
      toolVersion: textAt(content.json, 'version'),
      ranAtMs: timeAt(content.json, 'generated_at'),
    });
  },
});
