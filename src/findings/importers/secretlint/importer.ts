import type { FindingDraft } from '../../build-reported-finding.ts';
import { defineImporter } from '../../importer.ts';
import {
  isObject,
  type JsonObject,
  listAt,
  numberAt,
  positionAt,
  textAt,
  valueAt,
} from '../../json-fields.ts';
import { ReportReading } from '../../report-reading.ts';
import { severityOfWord } from '../../report-severity.ts';

const TOOL = 'secretlint';

/** `AWSSecretAccessKey` as words. */
function wordsOf(messageId: string | undefined): string | undefined {
  return messageId
    ?.slice(0, 200)
    .replaceAll(/([a-z])([A-Z])/g, '$1 $2')
    .replaceAll(/([A-Z])([A-Z][a-z])/g, '$1 $2')
    .replaceAll(/[_-]+/g, ' ');
}

/** The message shows the secret unless the tool was told to mask it, so the name of the message stands for it. */
function draftOf(file: string | undefined, message: JsonObject): FindingDraft {
  const ruleId = textAt(message, 'ruleId');
  const documentation = textAt(message, 'docsUrl');
  // Columns are from 0.
  const columnAt = (key: string) => {
    const column = numberAt(message, 'loc', key, 'column');
    return column === undefined ? undefined : positionAt(column + 1);
  };
  return {
    tool: TOOL,
    kind: 'secret',
    ruleId,
    title: `${wordsOf(textAt(message, 'messageId')) ?? ruleId ?? 'a secret'} in ${file ?? 'a file'}`,
    // `error`, `warning` and `info` are the levels that a team gives its rules.
    severity: severityOfWord(textAt(message, 'severity')) ?? 'high',
    cwe: [798],
    place: {
      file,
      line: positionAt(message, 'loc', 'start', 'line'),
      endLine: positionAt(message, 'loc', 'end', 'line'),
      column: columnAt('start'),
      endColumn: columnAt('end'),
    },
    references: documentation === undefined ? [] : [documentation],
    attributes: { messageId: textAt(message, 'messageId'), preset: textAt(message, 'ruleParentId') },
  };
}

function isOurs(file: unknown): boolean {
  if (textAt(file, 'filePath') === undefined || !Array.isArray(valueAt(file, 'messages'))) return false;
  // ESLint writes the same list, with numbers as severities and without these.
  return (
    valueAt(file, 'sourceContentType') !== undefined ||
    listAt(file, 'messages').some(
      (message) => isObject(valueAt(message, 'loc')) && valueAt(message, 'messageId') !== undefined,
    )
  );
}

export const importer = defineImporter({
  id: TOOL,
  title: 'secretlint',
  formats: ['JSON of `secretlint --format json`'],
  kinds: ['secret'],
  documentation: 'https://github.com/secretlint/secretlint#readme',
  recognise: ({ json }) => (isOurs(valueAt(json, 0)) ? 2 : 0),
  read(content) {
    const reading = new ReportReading(content);
    reading.each(listAt(content.json), 'file', (file, at) =>
      reading.each(listAt(file, 'messages'), `${at}.messages`, (message) =>
        reading.add(draftOf(textAt(file, 'filePath'), message)),
      ),
    );
    return reading.finish({ tool: TOOL });
  },
});
