import type { BinaryOperator, Expression } from '../expression/expression.ts';
import { UnsupportedConstruct } from '../expression/unsupported-construct.ts';
import { binaryOperations, isIn } from './binary-operations.ts';
import { fail } from './evaluation-error.ts';
import { asBigint, asBoolean, asEntity, asSet, asText, checkedLong } from './expect-value.ts';
import { extensionFunctions } from './extension-calls.ts';
import { compilePattern } from './like-pattern.ts';
import type { RequestScope } from './request-scope.ts';
import { EntityName, type Value, ValueSet, fieldOf, isRecord } from './value.ts';

type Evaluate = (scope: RequestScope) => Value;
export type EvaluateCondition = (scope: RequestScope) => boolean;

/**
 * Turns a condition into a function with the meaning that Cedar's evaluator gives it; what is an error there
 * throws `EvaluationError` here.
 * @throws {UnsupportedConstruct}
 */
export function compileCondition(expression: Expression): EvaluateCondition {
  const evaluate = compile(expression);
  return (scope) => asBoolean(evaluate(scope));
}

/** The same, or undefined where only cedar-wasm can evaluate the condition. */
export function compileIfSupported(expression: Expression): EvaluateCondition | undefined {
  try {
    return compileCondition(expression);
  } catch (error) {
    if (error instanceof UnsupportedConstruct) return undefined;
    throw error;
  }
}

function compile(expression: Expression): Evaluate {
  switch (expression.kind) {
    case 'literal': {
      const { value } = expression;
      return () => value;
    }
    case 'variable': {
      const { name } = expression;
      return (scope) => scope[name];
    }
    case 'and':
    case 'or':
      return compileChain(expression.operands, expression.kind === 'and');
    case 'unary':
      return compileUnary(expression);
    case 'binary':
      return compileBinary(expression.operator, expression.left, expression.right);
    case 'attribute':
      return compileAttribute(compile(expression.of), expression.name);
    case 'has':
      return compileHas(compile(expression.of), expression.path);
    case 'like':
      return compileLike(compile(expression.of), compilePattern(expression.pattern));
    case 'is':
      return compileIs(expression);
    case 'if': {
      const condition = compileCondition(expression.condition);
      const consequent = compile(expression.consequent);
      const alternative = compile(expression.alternative);
      return (scope) => (condition(scope) ? consequent(scope) : alternative(scope));
    }
    case 'set':
      return compileSet(expression.items);
    case 'record': {
      const fields = expression.fields.map(([name, field]) => [name, compile(field)] as const);
      return (scope) => recordOf(fields.map(([name, field]) => [name, field(scope)] as const));
    }
    case 'call':
      return compileCall(expression.function, expression.arguments);
    case 'unsupported':
      break;
  }
  throw new UnsupportedConstruct(expression.construct);
}

/** Without a prototype, so that a field named `__proto__` is a field. */
function recordOf(fields: readonly (readonly [string, Value])[]): Value {
  const record: Record<string, Value> = Object.create(null);
  for (const [name, value] of fields) record[name] = value;
  return record;
}

function compileChain(operands: readonly Expression[], stopsAt: boolean): Evaluate {
  const conditions = operands.map(compileCondition);
  if (!stopsAt) return (scope) => conditions.some((condition) => condition(scope));
  return (scope) => {
    for (const condition of conditions) if (!condition(scope)) return false;
    return true;
  };
}

function compileUnary({ operator, operand }: Extract<Expression, { kind: 'unary' }>): Evaluate {
  if (operator === '!') {
    const condition = compileCondition(operand);
    return (scope) => !condition(scope);
  }
  const evaluate = compile(operand);
  if (operator === 'neg') return (scope) => checkedLong(-asBigint(evaluate(scope)));
  return (scope) => asSet(evaluate(scope)).members.size === 0;
}

function compileBinary(operator: BinaryOperator, left: Expression, right: Expression): Evaluate {
  if ((operator === '==' || operator === '!=') && isText(right)) {
    return compileTextComparison(compile(left), right.value, operator === '==');
  }
  const evaluateLeft = compile(left);
  const evaluateRight = compile(right);
  const apply = binaryOperations[operator];
  return (scope) => apply(evaluateLeft(scope), evaluateRight(scope), scope);
}

function isText(expression: Expression): expression is { kind: 'literal'; value: string } {
  return expression.kind === 'literal' && typeof expression.value === 'string';
}

/** The most frequent condition by far: `principal.ref.full == "refs/heads/main"`. */
function compileTextComparison(evaluate: Evaluate, text: string, wanted: boolean): Evaluate {
  return (scope) => (evaluate(scope) === text) === wanted;
}

function compileAttribute(of: Evaluate, name: string): Evaluate {
  return (scope) => attributeOf(of(scope), name, scope) ?? fail(`attribute ${name} is absent`);
}

function compileHas(of: Evaluate, path: readonly string[]): Evaluate {
  return (scope) => {
    let value: Value | undefined = of(scope);
    for (const name of path) {
      value = attributeOf(value, name, scope);
      if (value === undefined) return false;
    }
    return true;
  };
}

function attributeOf(value: Value, name: string, scope: RequestScope): Value | undefined {
  if (value instanceof EntityName) return scope.dataOf(value)?.attribute(name);
  return typeof value === 'object' && isRecord(value) ? fieldOf(value, name) : fail('not a record or entity');
}

function compileIs({ of, entityType, in: container }: Extract<Expression, { kind: 'is' }>): Evaluate {
  const evaluate = compile(of);
  if (container === undefined) return (scope) => asEntity(evaluate(scope)).type === entityType;
  const evaluateContainer = compile(container);
  return (scope) => {
    const entity = asEntity(evaluate(scope));
    return entity.type === entityType && isIn(entity, evaluateContainer(scope), scope);
  };
}

/** A set of literals is built once; the others for each request. */
function compileSet(items: readonly Expression[]): Evaluate {
  if (items.every((item) => item.kind === 'literal')) {
    const set = new ValueSet(items.map((item) => item.value));
    return () => set;
  }
  const evaluators = items.map(compile);
  return (scope) => new ValueSet(evaluators.map((evaluate) => evaluate(scope)));
}

function compileCall(name: string, operands: readonly Expression[]): Evaluate {
  const extension = Object.hasOwn(extensionFunctions, name) ? extensionFunctions[name] : undefined;
  if (extension === undefined) throw new UnsupportedConstruct(name);
  if (operands.length !== extension.arity) return () => fail(`${name} takes ${extension.arity} arguments`);
  const [first] = operands;
  if (first !== undefined && operands.length === 1 && first.kind === 'literal') {
    return compileConstant(() => extension.call([first.value]));
  }
  const evaluators = operands.map(compile);
  return (scope) => extension.call(evaluators.map((evaluate) => evaluate(scope)));
}

/** `ip("10.0.0.0/8")` is read when the policy is; what cannot be read still fails only when it is reached. */
function compileConstant(evaluate: () => Value): Evaluate {
  try {
    const value = evaluate();
    return () => value;
  } catch {
    return evaluate;
  }
}

function compileLike(of: Evaluate, matches: (text: string) => boolean): Evaluate {
  return (scope) => matches(asText(of(scope)));
}
