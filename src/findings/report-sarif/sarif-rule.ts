import { cweNumbers } from '../build-reported-finding.ts';
import { firstText, isObject, type JsonObject, listAt, textAt, textsAt, valueAt } from '../json-fields.ts';
import { htmlToText } from '../plain-report-text.ts';
import { severityOfScore, severityOfWord } from '../report-severity.ts';
import type { Confidence, Severity } from '../severity.ts';
import { otherNames } from '../report-advisory.ts';

/** What a rule says once for all its results; its texts are shared by them. */
export interface SarifRule {
  readonly id: string | undefined;
  readonly raw: JsonObject | undefined;
  readonly title: string | undefined;
  readonly description: string;
  readonly remedy: string | undefined;
  readonly severity: Severity | undefined;
  readonly severityScore: number | undefined;
  readonly level: string | undefined;
  readonly confidence: Confidence | undefined;
  readonly cwe: readonly number[];
  readonly aliases: readonly string[];
  readonly references: readonly string[];
  readonly tags: readonly string[];
}

/** GitHub's `precision` of a query; `very-high` is no more than sure. */
const PRECISIONS: Readonly<Record<string, Confidence>> = {
  'very-high': 'high',
  high: 'high',
  medium: 'medium',
  low: 'low',
};

function precisionOf(rule: unknown): Confidence | undefined {
  const precision = textAt(rule, 'properties', 'precision')?.toLowerCase();
  return precision !== undefined && Object.hasOwn(PRECISIONS, precision) ? PRECISIONS[precision] : undefined;
}

/** §3.54: a reference to an entry of a taxonomy, where that is CWE. */
export function weaknessesOf(references: readonly unknown[]): readonly number[] {
  const texts = references.map((reference) => {
    const id = textAt(reference, 'id');
    const isCwe = textAt(reference, 'toolComponent', 'name')?.toUpperCase() === 'CWE';
    return isCwe && id !== undefined && /^\d{1,5}$/.test(id) ? `CWE-${id}` : id;
  });
  return cweNumbers(texts);
}

/** GitHub reads `security-severity` as a number like that of CVSS; some tools write a word. */
export function securitySeverity(properties: unknown): {
  readonly severity: Severity | undefined;
  readonly score: number | undefined;
} {
  const text = textAt(properties, 'security-severity');
  const number = text === undefined ? Number.NaN : Number(text);
  const score = Number.isFinite(number) && number >= 0 && number <= 10 ? number : undefined;
  return { severity: severityOfScore(score) ?? severityOfWord(text), score };
}

function readRule(rule: unknown): SarifRule {
  const properties = valueAt(rule, 'properties');
  const tags = textsAt(properties, 'tags').slice(0, 100);
  const { severity, score } = securitySeverity(properties);
  const full = textAt(rule, 'fullDescription', 'text') ?? textAt(rule, 'fullDescription', 'markdown');
  const help = textAt(rule, 'help', 'markdown') ?? textAt(rule, 'help', 'text');
  const short = textAt(rule, 'shortDescription', 'text');
  const helpUri = textAt(rule, 'helpUri');
  const related = listAt(rule, 'relationships').map((each) => valueAt(each, 'target'));
  const id = textAt(rule, 'id');
  return {
    id,
    raw: isObject(rule) ? rule : undefined,
    title: short ?? textAt(rule, 'name'),
    description: htmlToText(full ?? short ?? ''),
    remedy: help === full || help === short ? undefined : help,
    severity:
      severity ?? severityOfWord(firstText(properties, ['severity', 'problem.severity', 'issue_severity'])),
    severityScore: score,
    level: textAt(rule, 'defaultConfiguration', 'level'),
    confidence: precisionOf(rule),
    cwe: [...cweNumbers([...tags, ...textsAt(properties, 'cwe')]), ...weaknessesOf(related)],
    aliases: [
      ...otherNames(id, [textAt(rule, 'name'), ...tags, ...textsAt(properties, 'cve'), short]),
      ...textsAt(rule, 'deprecatedIds'),
    ],
    references: helpUri === undefined ? [] : [helpUri],
    tags,
  };
}

/** §3.52: finds the rule of each result, in the driver or in one of the extensions. */
export class SarifRules {
  readonly #components: readonly (readonly unknown[])[];
  readonly #names: readonly (string | undefined)[];
  readonly #byId = new Map<string, unknown>();
  readonly #read = new Map<unknown, SarifRule>();

  constructor(run: JsonObject) {
    const components = [valueAt(run, 'tool', 'driver'), ...listAt(run, 'tool', 'extensions')];
    this.#components = components.map((component) => listAt(component, 'rules'));
    this.#names = components.map((component) => textAt(component, 'name'));
    for (const rule of this.#components.flat()) {
      const id = textAt(rule, 'id');
      if (id !== undefined && !this.#byId.has(id)) this.#byId.set(id, rule);
    }
  }

  #component(reference: unknown): readonly unknown[] {
    const index = valueAt(reference, 'toolComponent', 'index');
    const name = textAt(reference, 'toolComponent', 'name');
    // The index counts extensions; without one the driver is meant (§3.54.2).
    const at =
      typeof index === 'number' ? index + 1 : Math.max(0, name === undefined ? 0 : this.#names.indexOf(name));
    return this.#components[at] ?? [];
  }

  #find(result: unknown): unknown {
    const reference = valueAt(result, 'rule');
    const index = valueAt(reference, 'index') ?? valueAt(result, 'ruleIndex');
    const id = textAt(result, 'ruleId') ?? textAt(reference, 'id');
    const byIndex = typeof index === 'number' ? this.#component(reference)[index] : undefined;
    if (byIndex !== undefined && isRuleOf(textAt(byIndex, 'id'), id)) return byIndex;
    // §3.27.5: `CA1000/1` is a result of the rule `CA1000`.
    return id === undefined ? undefined : (this.#byId.get(id) ?? this.#byId.get(id.split('/', 1)[0] ?? id));
  }

  of(result: unknown): SarifRule {
    const found = this.#find(result);
    const known = this.#read.get(found);
    if (known !== undefined) return known;
    const rule = readRule(found);
    this.#read.set(found, rule);
    return rule;
  }
}

function isRuleOf(ruleId: string | undefined, resultId: string | undefined): boolean {
  return (
    resultId === undefined || ruleId === undefined || resultId === ruleId || resultId.startsWith(`${ruleId}/`)
  );
}
