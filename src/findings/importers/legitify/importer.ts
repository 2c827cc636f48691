import { defineImporter } from '../../importer.ts';
import { isObject, type JsonObject, listAt, objectAt, textAt, textsAt } from '../../json-fields.ts';
import { ReportReading } from '../../report-reading.ts';
import { severityOfWord } from '../../report-severity.ts';

function readPolicy(policy: JsonObject, at: string, reading: ReportReading): void {
  const info = objectAt(policy, 'policyInfo') ?? {};
  const severityText = textAt(info, 'severity');
  reading.each(listAt(policy, 'violations'), `${at}.violations`, (violation) => {
    // Policies that passed, and those that could not be looked at, are listed too.
    if (textAt(violation, 'status') !== 'FAILED') return;
    const link = textAt(violation, 'canonicalLink');
    reading.add({
      tool: 'legitify',
      ruleId: textAt(info, 'fullyQualifiedPolicyName') ?? textAt(info, 'policyName'),
      kind: 'pipeline',
      title: textAt(info, 'title'),
      description: [textAt(info, 'description'), ...textsAt(info, 'threat')]
        .filter((text) => text !== undefined)
        .join('\n\n'),
      severity: severityOfWord(severityText) ?? 'medium',
      severityText,
      place: { resource: link ?? textAt(violation, 'aux', 'entityName') },
      remedy: textsAt(info, 'remediationSteps').join('\n'),
      references: link === undefined ? [] : [link],
      attributes: { namespace: textAt(info, 'namespace'), entity: textAt(violation, 'violationEntityType') },
    });
  });
}

function isPolicy(value: unknown): value is JsonObject {
  return isObject(value) && isObject(value['policyInfo']) && Array.isArray(value['violations']);
}

export const importer = defineImporter({
  id: 'legitify',
  title: 'Legitify',
  formats: ['JSON of `legitify analyze --output-format json`, scheme `flattened`'],
  kinds: ['pipeline'],
  documentation: 'https://github.com/Legit-Labs/legitify#output-options',

  recognise({ shape, json }) {
    if (shape !== 'json' || !isObject(json)) return 0;
    return Object.values(objectAt(json, 'content') ?? {}).some(isPolicy) ? 2 : 0;
  },

  read(content) {
    const reading = new ReportReading(content);
    for (const [name, policy] of Object.entries(objectAt(content.json, 'content') ?? {}))
      if (isPolicy(policy)) readPolicy(policy, `content.${name}`, reading);
      else reading.warn(`content.${name}`, 'this is no policy with violations');
    return reading.finish({ tool: 'legitify' });
  },
});
