import { type JsonObject, listAt, textAt, textsAt } from '../../json-fields.ts';

const PLAIN = /^[\w.:/@()\-[\]]{1,200}$/;

/** `value` is the name of the rule, except with analyzers that put a sentence there and the name into `name`. */
function nameOf(identifier: unknown): string | undefined {
  const value = textAt(identifier, 'value');
  if (/^cwe$/i.test(textAt(identifier, 'type') ?? '')) return value?.replace(/^(?:cwe-)?(?=\d)/i, 'CWE-');
  return value !== undefined && PLAIN.test(value) ? value : (textAt(identifier, 'name') ?? value);
}

/** What GitLab's `identifiers` say (schema 15, "identifiers": the first is the one that names the finding). */
export function readIdentifiers(vulnerability: JsonObject) {
  const identifiers = listAt(vulnerability, 'identifiers');
  const ofType = (type: RegExp) => identifiers.filter((each) => type.test(textAt(each, 'type') ?? ''));
  const advisory = ofType(/^cve$/i)[0] ?? ofType(/^(?:ghsa|osvdb|gemnasium)$/i)[0];
  const cwe = ofType(/^cwe$/i).map((each) => Number(/\d{1,5}/.exec(textAt(each, 'value') ?? '')?.[0]));
  return {
    ruleId: nameOf(advisory) ?? nameOf(identifiers[0]),
    cwe,
    names: identifiers.flatMap((each) => textAt(each, 'value') ?? []),
    links: [...identifiers, ...listAt(vulnerability, 'links')].flatMap((each) => textsAt(each, 'url')),
  };
}
