import type { FindingDraft } from '../../build-reported-finding.ts';
import { defineImporter } from '../../importer.ts';
import { type JsonObject, listAt, objectAt, textAt, textsAt, timeAt, valueAt } from '../../json-fields.ts';
import { packageOfUrl } from '../../package-url.ts';
import { otherNames } from '../../report-advisory.ts';
import { ReportReading } from '../../report-reading.ts';
import type { ReportedDecision } from '../../reported-finding.ts';

/** OpenVEX 0.2.0, "Status labels"; `affected` and `under_investigation` decide nothing. */
function decisionOf(statement: JsonObject, author: string | undefined): ReportedDecision | undefined {
  const status = textAt(statement, 'status');
  const state = status === 'not_affected' ? 'not-affected' : status === 'fixed' ? 'fixed' : undefined;
  if (state === undefined) return undefined;
  const reason = [
    textAt(statement, 'justification'),
    textAt(statement, 'impact_statement') ?? textAt(statement, 'status_notes'),
  ]
    .filter((text) => text !== undefined)
    .join(': ');
  return {
    state,
    ...(reason === '' ? {} : { reason: reason.slice(0, 2_000) }),
    ...(author === undefined ? {} : { by: author.slice(0, 200) }),
  };
}

/** A product, or a part of one, by its identifier; up to 0.0.1 a product is a text. */
function identifierOf(product: unknown): string | undefined {
  return (
    textAt(product, 'identifiers', 'purl') ??
    textAt(product, '@id') ??
    textAt(product) ??
    textAt(product, 'identifiers', 'cpe23')
  );
}

/** The parts that are vulnerable, with the product that holds them; without parts, the product itself. */
function* subjectsOf(statement: JsonObject): Generator<{ subject: string | undefined; within?: string }> {
  const products = listAt(statement, 'products');
  for (const product of products) {
    const parts = listAt(product, 'subcomponents');
    const name = identifierOf(product);
    if (parts.length === 0) yield { subject: name };
    for (const part of parts)
      yield { subject: identifierOf(part), ...(name === undefined ? {} : { within: name }) };
  }
  if (products.length === 0) yield { subject: undefined };
}

function statementDraft(
  statement: JsonObject,
  subject: string | undefined,
  within: string | undefined,
  author: string | undefined,
): FindingDraft {
  const vulnerability = valueAt(statement, 'vulnerability');
  const name = textAt(vulnerability, 'name') ?? textAt(vulnerability) ?? textAt(vulnerability, '@id');
  const about = packageOfUrl(subject);
  const image = [subject, within].find((text) => /^pkg:(?:oci|docker)\//.test(text ?? ''));
  const decision = decisionOf(statement, author);
  return {
    tool: 'openvex',
    ruleId: name,
    kind: /^pkg:(?:deb|rpm|apk|alpm)\//.test(subject ?? '') ? 'container' : 'dependency',
    title: about === undefined ? name : `${name ?? 'vulnerability'} in ${about.name}`,
    description: [textAt(vulnerability, 'description'), textAt(statement, 'status_notes')]
      .filter((text) => text !== undefined)
      .join('\n\n'),
    // A VEX statement has no severity; other tools' findings of the same advisory have. What is open is not nothing.
    severity: decision === undefined ? 'medium' : 'info',
    aliases: otherNames(name, [...textsAt(vulnerability, 'aliases'), name]),
    place: {
      package: about ?? (subject === undefined ? undefined : { name: subject }),
      image: image === subject ? undefined : image,
    },
    remedy: textAt(statement, 'action_statement'),
    decision,
    foundAtMs: timeAt(statement, 'timestamp'),
    attributes: {
      status: textAt(statement, 'status'),
      product: within,
      justification: textAt(statement, 'justification'),
    },
  };
}

export const importer = defineImporter({
  id: 'openvex',
  title: 'OpenVEX',
  formats: ['JSON of OpenVEX 0.0.1 and 0.2.0'],
  kinds: ['dependency', 'container'],
  documentation: 'https://github.com/openvex/spec/blob/main/OPENVEX-SPEC.md',

  recognise(content) {
    if (content.shape !== 'json' || objectAt(content.json) === undefined) return 0;
    return textsAt(content.json, '@context').some((text) => text.startsWith('https://openvex.dev/ns'))
      ? 2
      : 0;
  },

  read(content) {
    const reading = new ReportReading(content);
    const author = textAt(content.json, 'author');
    reading.each(listAt(content.json, 'statements'), 'statements', (statement, at) => {
      for (const { subject, within } of subjectsOf(statement)) {
        if (subject === undefined)
          reading.warn(at, 'this statement names no product, so it can be matched by its name only');
        reading.add(statementDraft(statement, subject, within, author));
      }
    });
    return reading.finish({ tool: 'openvex', ranAtMs: timeAt(content.json, 'timestamp') });
  },
});
