import { defineImporter } from '../../importer.ts';
import { isObject, type JsonObject, listAt, objectAt, textAt, timeAt } from '../../json-fields.ts';
import { ReportReading } from '../../report-reading.ts';

function resourceOf(object: JsonObject | undefined): string {
  const kind = textAt(object, 'K8sObject', 'GroupVersionKind', 'Kind');
  const parts = [kind, textAt(object, 'K8sObject', 'Namespace'), textAt(object, 'K8sObject', 'Name')];
  return parts.filter((part) => part !== undefined).join('/');
}

export const importer = defineImporter({
  id: 'kube-linter',
  title: 'KubeLinter',
  formats: ['JSON of `kube-linter lint --format json`'],
  kinds: ['infrastructure'],
  documentation: 'https://docs.kubelinter.io/#/using-kubelinter',

  recognise({ shape, json }) {
    if (shape !== 'json' || !isObject(json) || !('Reports' in json)) return 0;
    return Array.isArray(json['Checks']) || textAt(json, 'Summary', 'KubeLinterVersion') !== undefined
      ? 2
      : 0;
  },

  read(content) {
    const reading = new ReportReading(content);
    const { json } = content;
    const descriptions = new Map(
      listAt(json, 'Checks').map((check) => [textAt(check, 'name'), textAt(check, 'description')]),
    );
    reading.each(listAt(json, 'Reports'), 'Reports', (report) => {
      const object = objectAt(report, 'Object');
      const check = textAt(report, 'Check');
      reading.add({
        tool: 'kube-linter',
        ruleId: check,
        kind: 'infrastructure',
        title: textAt(report, 'Diagnostic', 'Message'),
        description: descriptions.get(check),
        // KubeLinter does not rate its checks.
        severity: 'medium',
        place: { file: textAt(object, 'Metadata', 'FilePath'), resource: resourceOf(object) },
        remedy: textAt(report, 'Remediation'),
      });
    });
    return reading.finish({
      tool: 'kube-linter',
      toolVersion: textAt(json, 'Summary', 'KubeLinterVersion'),
      ranAtMs: timeAt(json, 'Summary', 'CheckEndTime'),
    });
  },
});
