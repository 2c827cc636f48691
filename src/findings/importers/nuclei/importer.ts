import { cweNumbers, type FindingDraft, type PlaceDraft } from '../../build-reported-finding.ts';
import { defineImporter } from '../../importer.ts';
import {
  booleanAt,
  firstText,
  isObject,
  type JsonObject,
  numberAt,
  objectAt,
  textAt,
  textsAt,
  timeAt,
} from '../../json-fields.ts';
import { otherNames } from '../../report-advisory.ts';
import { cvssOf } from '../../report-cvss.ts';
import { ReportReading } from '../../report-reading.ts';
import { severityOfWord } from '../../report-severity.ts';

function templateOf(event: JsonObject): string | undefined {
  return firstText(event, ['template-id', 'templateID', 'template']);
}

function placeOf(event: JsonObject): PlaceDraft {
  const matched = firstText(event, ['matched-at', 'matched', 'host', 'url'])?.replace(/^\/(?=https?:)/, '');
  const type = textAt(event, 'type');
  if (type === 'file' || type === 'code') return { file: matched };
  const isAddress = /^[a-z]+:\/\//i.test(matched ?? '');
  return {
    url: isAddress ? matched : undefined,
    host: textAt(event, 'host') ?? (isAddress ? undefined : matched),
    resource: isAddress ? undefined : matched,
  };
}

function hasTag(tags: readonly string[], tag: string): boolean {
  return tags.some((each) => each.split(',').includes(tag));
}

/** Requests, answers and what was extracted stay out: templates for default logins and tokens show them there. */
function eventDraft(event: JsonObject): FindingDraft {
  const template = templateOf(event);
  const matcher = firstText(event, ['matcher-name', 'matcher_name']);
  const info = objectAt(event, 'info') ?? {};
  const classification = objectAt(info, 'classification');
  const severityText = textAt(info, 'severity');
  const name = textAt(info, 'name');
  const tags = textsAt(info, 'tags');
  const ruleId = template !== undefined && matcher !== undefined ? `${template}:${matcher}` : template;
  return {
    tool: 'nuclei',
    ruleId,
    kind: textAt(event, 'type') === 'file' ? 'code' : 'web',
    title: matcher === undefined ? name : `${name ?? template ?? ''} (${matcher})`,
    description: [textAt(info, 'description'), textAt(info, 'impact')]
      .filter((text) => text !== undefined)
      .join('\n\n'),
    // `unknown` is one of the six severities of templates.
    severity: severityOfWord(severityText) ?? 'medium',
    severityText,
    cvss: cvssOf(numberAt(classification, 'cvss-score'), textAt(classification, 'cvss-metrics')),
    epss: numberAt(classification, 'epss-score'),
    exploited: hasTag(tags, 'kev') ? true : undefined,
    cwe: cweNumbers(textsAt(classification, 'cwe-id')),
    aliases: otherNames(ruleId, [...textsAt(classification, 'cve-id'), template]),
    place: placeOf(event),
    remedy: textAt(info, 'remediation'),
    references: [...textsAt(info, 'reference'), ...textsAt(event, 'template-url')],
    foundAtMs: timeAt(event, 'timestamp'),
    attributes: { protocol: textAt(event, 'type'), tags: tags.join(', '), ip: textAt(event, 'ip') },
  };
}

function isEvent(value: unknown): boolean {
  if (!isObject(value) || templateOf(value) === undefined || textAt(value, 'info', 'severity') === undefined)
    return false;
  return firstText(value, ['matched-at', 'matched', 'host', 'type', 'timestamp']) !== undefined;
}

function eventsOf(json: unknown): readonly unknown[] {
  return Array.isArray(json) ? json : [json];
}

export const importer = defineImporter({
  id: 'nuclei',
  title: 'Nuclei',
  formats: ['JSON lines of `nuclei -jsonl`', 'JSON of `nuclei -json-export`'],
  kinds: ['web', 'code'],
  documentation: 'https://docs.projectdiscovery.io/opensource/nuclei/running#nuclei-flags',

  recognise({ shape, json }) {
    return (shape === 'json' || shape === 'ndjson') && eventsOf(json).slice(0, 3).some(isEvent) ? 2 : 0;
  },

  read(content) {
    const reading = new ReportReading(content);
    reading.each(eventsOf(content.json), '', (event, at) => {
      // `-matcher-status` also writes what did not match.
      if (booleanAt(event, 'matcher-status') === false) return;
      if (isEvent(event)) reading.add(eventDraft(event));
      else reading.warn(at, 'this is no result of a template');
    });
    return reading.finish({ tool: 'nuclei' });
  },
});
