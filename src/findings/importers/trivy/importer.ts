import { defineImporter } from '../../importer.ts';
import { isObject, listAt, textAt, timeAt, valueAt } from '../../json-fields.ts';
import { ReportReading } from '../../report-reading.ts';
import { isOperatorReport, operatorReports, readOperatorReport } from './operator.ts';
import { readResult, type TrivyTarget } from './result.ts';

const TOOL = 'trivy';

function isResult(result: unknown): boolean {
  const kinds = ['Vulnerabilities', 'Misconfigurations', 'MisconfSummary', 'Secrets', 'Licenses', 'Packages'];
  const isTyped = textAt(result, 'Type') !== undefined || textAt(result, 'Class') !== undefined;
  return (
    textAt(result, 'Target') !== undefined &&
    (isTyped || kinds.some((key) => valueAt(result, key) !== undefined))
  );
}

/** `trivy k8s`: objects of a cluster, each with results. */
function clusterObjects(json: unknown): readonly unknown[] {
  return ['Resources', 'Vulnerabilities', 'Misconfigurations', 'Findings'].flatMap((key) =>
    listAt(json, key),
  );
}

function isCluster(json: unknown): boolean {
  return valueAt(json, 'ClusterName') !== undefined && isObject(json);
}

function targetOf(json: unknown): TrivyTarget {
  const name = textAt(json, 'ArtifactName');
  const tag = textAt(json, 'Metadata', 'RepoTags', 0);
  return textAt(json, 'ArtifactType') === 'container_image' ? { image: name ?? tag } : {};
}

function readCluster(json: unknown, reading: ReportReading): void {
  reading.each(clusterObjects(json), 'Resources', (object, at) => {
    const kind = textAt(object, 'Kind');
    const target = {
      resource: [kind, textAt(object, 'Name')].filter((each) => each !== undefined).join('/'),
      namespace: textAt(object, 'Namespace'),
    };
    reading.each(listAt(object, 'Results'), `${at}.Results`, (result, place) =>
      readResult(reading, result, target, place),
    );
    const error = textAt(object, 'Error');
    if (error !== undefined) reading.warn(at, `Trivy could not look at ${target.resource}: ${error}`);
  });
}

export const importer = defineImporter({
  id: TOOL,
  title: 'Trivy',
  formats: [
    'JSON of `trivy image|fs|repo|config|sbom --format json`, and the lists of versions before 0.20',
    'JSON of `trivy k8s --format json`',
    'reports of Trivy Operator, one, a list or by their kinds',
  ],
  kinds: ['container', 'dependency', 'infrastructure', 'secret', 'licence'],
  documentation: 'https://trivy.dev/latest/docs/configuration/reporting/',
  recognise({ json }) {
    if (valueAt(json, 'SchemaVersion') !== undefined && valueAt(json, 'ArtifactName') !== undefined) return 2;
    if (isCluster(json) || isResult(valueAt(json, 0))) return 2;
    return operatorReports(json).slice(0, 50).some(isOperatorReport) ? 2 : 0;
  },
  read(content) {
    const { json } = content;
    const reading = new ReportReading(content);
    const target = targetOf(json);
    const reports = operatorReports(json);
    if (isCluster(json)) readCluster(json, reading);
    else if (reports.some(isOperatorReport))
      reading.each(reports, 'report', (report, at) => readOperatorReport(reading, report, at));
    else {
      const results = Array.isArray(json) ? json : listAt(json, 'Results');
      reading.each(results, 'Results', (result, at) => readResult(reading, result, target, at));
    }
    return reading.finish({
      tool: TOOL,
      toolVersion: textAt(json, 'Trivy', 'Version'),
      ranAtMs: timeAt(json, 'CreatedAt'),
      target: { image: target.image },
    });
  },
});
