import { defineImporter } from '../../importer.ts';
import {
  isObject,
  type JsonObject,
  listAt,
  numberAt,
  objectAt,
  positionAt,
  textAt,
  timeAt,
  valueAt,
} from '../../json-fields.ts';
import { ReportReading } from '../../report-reading.ts';
import type { FindingDraft, PlaceDraft } from '../../build-reported-finding.ts';
import type { Severity } from '../../severity.ts';

/** Kubescape's own bounds of a control's score: 9 critical, 7 high, 4 medium, 1 low. */
function severityOf(factor: number | undefined): Severity {
  if (factor === undefined) return 'medium';
  if (factor >= 9) return 'critical';
  if (factor >= 7) return 'high';
  if (factor >= 4) return 'medium';
  return factor >= 1 ? 'low' : 'info';
}

/** `nginx.yaml:0`: the file, and how manieth document in it. */
function placeOf(resource: JsonObject | undefined, id: string | undefined): PlaceDraft {
  const object = objectAt(resource, 'object');
  const path = textAt(object, 'sourcePath') ?? textAt(resource, 'source', 'relativePath');
  const parts = [
    textAt(object, 'kind'),
    textAt(object, 'metadata', 'namespace'),
    textAt(object, 'metadata', 'name'),
  ];
  const name = parts.filter((part) => part !== undefined).join('/');
  return { file: path?.replace(/:\d{1,6}$/, ''), resource: name === '' ? id : name };
}

function pathsOf(control: JsonObject): string {
  const rules = listAt(control, 'rules').flatMap((rule) => listAt(rule, 'paths'));
  const paths = rules.flatMap((path) => textAt(path, 'failedPath') ?? textAt(path, 'fixPath', 'path') ?? []);
  return [...new Set(paths)]
    .slice(0, 100)
    .map((path) => `- ${path}`)
    .join('\n');
}

function controlDraft(control: JsonObject, known: JsonObject | undefined, place: PlaceDraft): FindingDraft {
  const id = textAt(control, 'controlID');
  const category = textAt(known, 'category', 'name');
  return {
    tool: 'kubescape',
    ruleId: id,
    kind: 'infrastructure',
    title: textAt(control, 'name') ?? textAt(known, 'name'),
    description: pathsOf(control),
    severity: severityOf(numberAt(known, 'scoreFactor')),
    place,
    references: /^C-\d{4}$/.test(id ?? '') ? [`https://hub.armosec.io/docs/${String(id).toLowerCase()}`] : [],
    attributes: { category },
  };
}

export const importer = defineImporter({
  id: 'kubescape',
  title: 'Kubescape',
  formats: ['JSON of `kubescape scan --format json` (v2)'],
  kinds: ['infrastructure'],
  documentation: 'https://kubescape.io/docs/scanning/',

  recognise({ shape, json }) {
    if (shape !== 'json' || !isObject(json) || !Array.isArray(json['results'])) return 0;
    return isObject(valueAt(json, 'summaryDetails', 'controls')) ? 2 : 0;
  },

  read(content) {
    const reading = new ReportReading(content);
    const { json } = content;
    const controls = objectAt(json, 'summaryDetails', 'controls') ?? {};
    const resources = new Map(
      listAt(json, 'resources').map((resource) => [
        textAt(resource, 'resourceID'),
        isObject(resource) ? resource : undefined,
      ]),
    );
    reading.each(listAt(json, 'results'), 'results', (result, at) => {
      const id = textAt(result, 'resourceID');
      const place = placeOf(resources.get(id), id);
      reading.each(listAt(result, 'controls'), `${at}.controls`, (control) => {
        if ((textAt(control, 'status', 'status') ?? textAt(control, 'status')) !== 'failed') return;
        reading.add(controlDraft(control, objectAt(controls, textAt(control, 'controlID') ?? ''), place));
      });
    });
    const ranAtMs = timeAt(json, 'generationTime');
    return reading.finish({ tool: 'kubescape', ranAtMs: positionAt(ranAtMs) });
  },
});
