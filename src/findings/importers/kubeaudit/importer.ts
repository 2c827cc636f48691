import { defineImporter } from '../../importer.ts';
import { isObject, type JsonObject, textAt } from '../../json-fields.ts';
import { ReportReading } from '../../report-reading.ts';
import { severityOfWord } from '../../report-severity.ts';

function isResult(value: unknown): boolean {
  return isObject(value) && 'AuditResultName' in value && 'level' in value;
}

function resourceOf(result: JsonObject): string {
  const parts = [
    textAt(result, 'ResourceKind'),
    textAt(result, 'ResourceNamespace'),
    textAt(result, 'ResourceName'),
    textAt(result, 'Container'),
  ];
  return parts.filter((part) => part !== undefined).join('/');
}

export const importer = defineImporter({
  id: 'kubeaudit',
  title: 'kubeaudit',
  formats: ['JSON lines of `kubeaudit all -p json`'],
  kinds: ['infrastructure'],
  documentation: 'https://github.com/Shopify/kubeaudit#audit-results',

  recognise({ shape, json }) {
    if (shape === 'ndjson') return Array.isArray(json) && isResult(json[0]) ? 2 : 0;
    return shape === 'json' && isResult(json) ? 2 : 0;
  },

  read(content) {
    const reading = new ReportReading(content);
    const results: readonly unknown[] = Array.isArray(content.json) ? content.json : [content.json];
    reading.each(results, '', (result) => {
      const level = textAt(result, 'level');
      reading.add({
        tool: 'kubeaudit',
        ruleId: textAt(result, 'AuditResultName'),
        kind: 'infrastructure',
        title: textAt(result, 'msg'),
        severity: severityOfWord(level) ?? 'medium',
        severityText: level,
        place: { resource: resourceOf(result), file: textAt(result, 'FilePath') },
        attributes: { apiVersion: textAt(result, 'ResourceApiVersion') },
      });
    });
    return reading.finish({ tool: 'kubeaudit' });
  },
});
