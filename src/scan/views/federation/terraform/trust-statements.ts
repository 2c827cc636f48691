import { type HclBlock, type HclValue, textsOf } from './hcl.ts';

/** One comparison of a claim. */
export interface ClaimCondition {
  /** `StringEquals`, `StringLike`, with whatever stands around it. */
  readonly operator: string;
  /** `token.actions.githubusercontent.com:sub`. */
  readonly variable: string;
  readonly values: readonly string[];
}

/** Who may take a role, as one statement says it. */
export interface TrustStatement {
  readonly allows: boolean;
  readonly federated: readonly string[];
  readonly conditions: readonly ClaimCondition[];
}

const DEPTH_MAX = 12;

function toPlain(value: HclValue, depth = 0): unknown {
  if (depth > DEPTH_MAX) return undefined;
  if (value.kind === 'text') return value.value;
  if (value.kind === 'list') return value.items.map((item) => toPlain(item, depth + 1));
  if (value.kind === 'object')
    return Object.fromEntries(value.entries.map(([key, each]) => [key, toPlain(each, depth + 1)]));
  return value.kind === 'other' ? `\${${value.text}}` : undefined;
}

const asList = (value: unknown): unknown[] =>
  Array.isArray(value) ? value : value === undefined ? [] : [value];
const asTexts = (value: unknown): string[] =>
  asList(value).flatMap((each) => (typeof each === 'string' ? [each] : []));
const asObject = (value: unknown): Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value) ? { ...value } : {};

function statementOf(value: unknown): TrustStatement {
  const { Effect, Principal, Condition } = asObject(value);
  const conditions = Object.entries(asObject(Condition)).flatMap(([operator, comparisons]) =>
    Object.entries(asObject(comparisons)).map(([variable, values]) => ({
      operator,
      variable,
      values: asTexts(values),
    })),
  );
  return { allows: Effect !== 'Deny', federated: asTexts(asObject(Principal)['Federated']), conditions };
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** `jsonencode({…})`, or the JSON itself. */
function statementsIn(value: HclValue | undefined): TrustStatement[] {
  if (value === undefined) return [];
  const [argument] = value.kind === 'call' && value.name === 'jsonencode' ? value.args : [];
  const plain = argument === undefined ? parseJson(textsOf(value)[0] ?? '') : toPlain(argument);
  return asList(asObject(plain)['Statement']).map(statementOf);
}

function textOf(block: HclBlock, name: string): string {
  return textsOf(block.attributes.get(name))[0] ?? '';
}

function documentStatement(block: HclBlock): TrustStatement {
  const of = (type: string) => block.blocks.filter((each) => each.type === type);
  return {
    allows: textOf(block, 'effect') !== 'Deny',
    federated: of('principals')
      .filter((each) => textOf(each, 'type') === 'Federated')
      .flatMap((each) => textsOf(each.attributes.get('identifiers'))),
    conditions: of('condition').map((each) => ({
      operator: textOf(each, 'test'),
      variable: textOf(each, 'variable'),
      values: textsOf(each.attributes.get('values')),
    })),
  };
}

/** What a role, or a policy document that becomes one, says about who may take it. */
export function trustStatementsOf(block: HclBlock): readonly TrustStatement[] {
  const [kind] = block.labels;
  if (block.type === 'resource' && kind === 'aws_iam_role')
    return statementsIn(block.attributes.get('assume_role_policy'));
  if (block.type === 'data' && kind === 'aws_iam_policy_document')
    return block.blocks.filter(({ type }) => type === 'statement').map(documentStatement);
  return [];
}
