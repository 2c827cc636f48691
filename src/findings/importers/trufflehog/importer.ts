import { defineImporter } from '../../importer.ts';
import { textAt, valueAt } from '../../json-fields.ts';
import { mergeSecrets, type SecretSighting } from '../../merge-secrets.ts';
import { ReportReading } from '../../report-reading.ts';
import { isTrufflehog3, isVersion2, sightingsOfTrufflehog3, sightingsOfVersion2 } from './version-2.ts';
import { isVersion3, sightingOfVersion3 } from './version-3.ts';

const TOOL = 'trufflehog';

/** Lines of JSON, a list, or one object alone. */
function itemsOf(json: unknown): readonly unknown[] {
  return Array.isArray(json) ? json : [json];
}

export const importer = defineImporter({
  id: TOOL,
  title: 'TruffleHog',
  formats: [
    'lines of JSON of `trufflehog … --json`, version 3',
    'lines of JSON of version 2 (Python)',
    'JSON of the package `trufflehog3`',
  ],
  kinds: ['secret'],
  documentation: 'https://github.com/trufflesecurity/trufflehog#readme',
  recognise({ json }) {
    const found = itemsOf(json)
      .slice(0, 20)
      .some((item) => isVersion3(item) || isVersion2(item) || isTrufflehog3(item));
    return found ? 2 : 0;
  },
  read(content) {
    const reading = new ReportReading(content);
    const sightings: SecretSighting[] = [];
    reading.each(itemsOf(content.json), 'result', (item, at) => {
      if (isVersion3(item)) sightings.push(sightingOfVersion3(item));
      else if (isTrufflehog3(item)) sightings.push(...sightingsOfTrufflehog3(item));
      else if (isVersion2(item)) sightings.push(...sightingsOfVersion2(item));
      // Version 3 writes its log to the same place when both are asked for.
      else if (textAt(item, 'level') === undefined || valueAt(item, 'msg') === undefined)
        reading.warn(at, 'this is no result of TruffleHog');
    });
    for (const draft of mergeSecrets(sightings)) reading.add(draft);
    return reading.finish({ tool: TOOL });
  },
});
