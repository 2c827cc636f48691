import { SourceText, type Span } from '#pipeline/source.ts';
import { parseYaml } from '#pipeline/yaml/parse.ts';
import type { HclBlock } from './hcl.ts';
import { entryOf, itemsIn, type LocatedText, type PolicyValue, textsOf } from './policy-value.ts';
import { toPolicyValue } from './yaml-value.ts';

/** One comparison of a claim. */
export interface ClaimCondition {
  /** `StringEquals`, `StringLike`, with whatever stands around it. */
  readonly operator: string;
  /** `token.actions.githubusercontent.com:sub`. */
  readonly variable: string;
  readonly values: readonly LocatedText[];
}

/** Who may take a role, as one statement says it. */
export interface TrustStatement {
  readonly allows: boolean;
  readonly actions: readonly string[];
  readonly federated: readonly string[];
  readonly conditions: readonly ClaimCondition[];
  /** What it says about principals: the place where a condition is missing. */
  readonly at: Span;
}

const JSON_CHARACTERS_MAX = 200_000;
const STATEMENTS_MAX = 100;

const words = (value: PolicyValue | undefined): string[] => textsOf(value).map((text) => text.value);

function statementOf(value: PolicyValue): TrustStatement {
  const condition = entryOf(value, 'Condition');
  const conditions = (condition?.kind === 'object' ? condition.entries : []).flatMap(
    ([operator, comparisons]) =>
      (comparisons.kind === 'object' ? comparisons.entries : []).map(([variable, values]) => ({
        operator,
        variable,
        values: textsOf(values),
      })),
  );
  const federated = entryOf(entryOf(value, 'Principal'), 'Federated');
  return {
    allows: words(entryOf(value, 'Effect'))[0] !== 'Deny',
    actions: words(entryOf(value, 'Action')),
    federated: words(federated),
    conditions,
    at: federated ?? value,
  };
}

/** A policy as JSON, or as a value that becomes JSON. */
export function statementsOfPolicy(policy: PolicyValue | undefined): readonly TrustStatement[] {
  return itemsIn(entryOf(policy, 'Statement')).slice(0, STATEMENTS_MAX).map(statementOf);
}

/** JSON inside of a text: in a heredoc its places are known, elsewhere the whole text is the place. */
function statementsInText(text: PolicyValue & { readonly kind: 'text' }): readonly TrustStatement[] {
  if (text.value.length > JSON_CHARACTERS_MAX || !text.value.includes('"')) return [];
  const [root] = parseYaml(new SourceText('', text.value)).documents;
  const statements = statementsOfPolicy(toPolicyValue(root, text.bodyAt ?? 0));
  if (text.bodyAt !== undefined) return statements;
  const here = ({ value }: LocatedText): LocatedText => ({ value, start: text.start, end: text.end });
  return statements.map((each) => ({
    ...each,
    at: text,
    conditions: each.conditions.map((condition) => ({ ...condition, values: condition.values.map(here) })),
  }));
}

/** `jsonencode({…})`, or the JSON itself. */
export function statementsIn(value: PolicyValue | undefined): readonly TrustStatement[] {
  if (value?.kind === 'text') return statementsInText(value);
  if (value?.kind !== 'call' || value.name !== 'jsonencode') return [];
  return statementsOfPolicy(value.args[0]);
}

/** Blocks of a type, also those that are made for each of something. */
export function blocksOf(block: HclBlock, type: string): readonly HclBlock[] {
  return block.blocks.flatMap((each) => {
    if (each.type === type) return [each];
    const isDynamic = each.type === 'dynamic' && each.labels[0] === type;
    return isDynamic ? each.blocks.filter((inner) => inner.type === 'content') : [];
  });
}

const textOf = (block: HclBlock, name: string): string => words(block.attributes.get(name))[0] ?? '';

function documentStatement(block: HclBlock): TrustStatement {
  const principals = blocksOf(block, 'principals').filter((each) => textOf(each, 'type') === 'Federated');
  return {
    allows: textOf(block, 'effect') !== 'Deny',
    actions: words(block.attributes.get('actions')),
    federated: principals.flatMap((each) => words(each.attributes.get('identifiers'))),
    conditions: blocksOf(block, 'condition').map((each) => ({
      operator: textOf(each, 'test'),
      variable: textOf(each, 'variable'),
      values: textsOf(each.attributes.get('values')),
    })),
    at: principals[0]?.attributes.get('identifiers') ?? block,
  };
}

/** The statements of `data "aws_iam_policy_document"`. */
export function statementsOfDocument(block: HclBlock): readonly TrustStatement[] {
  return blocksOf(block, 'statement').slice(0, STATEMENTS_MAX).map(documentStatement);
}
