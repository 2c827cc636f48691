import type { Span } from '#pipeline/source.ts';
import type { Expression } from '#pipeline/text.ts';
import { locateNode } from '../../shared/condition-places.ts';
import { type ExpressionPlace, findExpressionPlaces } from '../../shared/expression-places.ts';
import type { Report, Rule, RuleContext } from '../../rule.ts';
import { contextTypeOf } from './context-types.ts';
import type { FaultKind, TypeFault } from './functions.ts';
import { infer, type Inference } from './infer.ts';
import { isCollection, nameOfType, type ValueType } from './value-type.ts';

const WEIGHTS: Readonly<Record<FaultKind, Partial<Report>>> = {
  refused: { severity: 'medium' },
  pointless: {},
  doubtful: { confidence: 'medium', persona: 'pedantic' },
};

const RELATED_MAX = 10;

/** Values that are text: an object that comes out there is the word `Object`. */
const TEXT_PLACES = /(?:^|\.)(?:run|name|run-name|working-directory|env\.\*|with\.\*)$/;

function findPrinted(expression: Expression, type: ValueType, place: ExpressionPlace): TypeFault[] {
  if (!isCollection(type) || !expression.parsed.ok || !TEXT_PLACES.test(place.path)) return [];
  // A called workflow takes what its inputs say.
  if (/^jobs\.\*\.(?:with|environment)/.test(place.path)) return [];
  const word = type.kind === 'list' ? 'Array' : 'Object';
  const message = `this is ${nameOfType(type)}, and comes out as the word "${word}": toJSON writes what is in it`;
  return [{ node: expression.parsed.root, kind: 'pointless', message }];
}

interface Found {
  readonly fault: TypeFault;
  readonly at: Span[];
}

function collect(place: ExpressionPlace, inference: Inference, found: Map<string, Found>): void {
  for (const expression of place.text.expressions) {
    if (!expression.parsed.ok) continue;
    inference.faults.length = 0;
    const type = infer(expression.parsed.root, inference);
    for (const fault of [...inference.faults, ...findPrinted(expression, type, place)]) {
      const key = `${place.job?.id ?? ''} ${fault.message}`;
      const at = locateNode(expression, fault.node);
      const before = found.get(key);
      if (before === undefined) found.set(key, { fault, at: [at] });
      else before.at.push(at);
    }
  }
}

/** The same fault of a job is said once, with every place. */
function report(key: string, { fault, at }: Found, context: RuleContext): void {
  const [first, ...others] = at;
  if (first === undefined) return;
  context.report({
    at: first,
    message: fault.message.slice(0, 190),
    ...WEIGHTS[fault.kind],
    related: others.slice(0, RELATED_MAX).map((span) => ({ at: span, label: 'and here' })),
    key,
  });
}

export const rule: Rule = {
  id: 'expression-type',
  title: 'An expression that cannot come to what was meant',
  severity: 'low',
  confidence: 'high',
  persona: 'regular',
  platforms: ['github'],
  standards: { cicdSec: ['CICD-SEC-7'], cwe: ['CWE-1286', 'CWE-843'], cis: [] },
  description:
    'Looks for members that a context or an output does not have, functions with too many, too few or wrong values, comparisons of objects, formats without a value, and objects that are printed.',
  why: 'The expression is empty, or always the same, and nothing says so: a condition on it holds for nobody or for everybody, and a command runs without the argument that it was written with. A wrong number of values keeps the whole workflow from starting.',
  remedy:
    'Write the member as the context has it; turn objects into text with `toJSON`, and text into objects with `fromJSON`.',
  references: [
    'https://docs.github.com/en/actions/reference/workflows-and-actions/contexts',
    'https://docs.github.com/en/actions/reference/workflows-and-actions/expressions',
  ],
  aliases: ['actionlint/expression'],

  pipeline(pipeline, context) {
    const { repository } = context;
    const found = new Map<string, Found>();
    let types = new Map<string, ValueType>();
    let job: ExpressionPlace['job'];
    for (const place of findExpressionPlaces(pipeline)) {
      if (place.contexts === undefined) continue;
      if (place.job !== job) types = new Map();
      job = place.job;
      const contextOf = (name: string): ValueType => {
        const type = types.get(name) ?? contextTypeOf(name, place, pipeline, repository);
        types.set(name, type);
        return type;
      };
      collect(place, { contextOf, faults: [] }, found);
    }
    for (const [key, each] of found) report(key, each, context);
  },
};
