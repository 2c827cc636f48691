import { type ExpressionNode, pathOf } from '#pipeline/expression.ts';
import { suggest } from '../../shared/nearest-word.ts';
import { inferCall, type TypeFault } from './functions.ts';
import {
  ANYTHING,
  BOOLEAN,
  isCollection,
  isScalar,
  listOf,
  nameOfType,
  NULL,
  NUMBER,
  TEXT,
  unite,
  type ValueType,
} from './value-type.ts';

export interface Inference {
  /** What a context has, by its name in lower case. */
  contextOf(name: string): ValueType;
  readonly faults: TypeFault[];
}

type Binary = ExpressionNode & { readonly kind: 'binary' };

const nameOf = (node: ExpressionNode): string => (pathOf(node) ?? 'this').slice(0, 80);

function inferMember(
  object: ExpressionNode,
  name: string,
  node: ExpressionNode,
  inference: Inference,
): ValueType {
  const type = infer(object, inference);
  if (type.kind === 'anything' || type.kind === 'null') return ANYTHING;
  if (type.kind === 'list') {
    // `list.*.name` collects: the filter made a list of what it found.
    if (object.kind === 'wildcard' || isFiltered(object))
      return listOf(memberOf(type.item, name) ?? ANYTHING);
    inference.faults.push({
      node,
      kind: 'pointless',
      message: `${nameOf(object)} is a list, and has no "${name.slice(0, 40)}": take a number or .*`,
    });
    return ANYTHING;
  }
  if (type.kind !== 'object') {
    inference.faults.push({
      node,
      kind: 'pointless',
      message: `${nameOf(object)} is ${nameOfType(type)}, and has no "${name.slice(0, 40)}"`,
    });
    return ANYTHING;
  }
  const member = memberOf(type, name);
  if (member !== undefined) return member;
  const known = [...type.members.keys()];
  const hint = suggest(name, known);
  inference.faults.push({
    node,
    kind: type.open && (hint === '' || type.hearsay === true) ? 'doubtful' : 'pointless',
    message: `${nameOf(object)} has no "${name.slice(0, 60)}"${hint}`,
  });
  return ANYTHING;
}

function memberOf(type: ValueType, name: string): ValueType | undefined {
  if (type.kind !== 'object') return ANYTHING;
  return type.members.get(name.toLowerCase()) ?? type.rest;
}

function isFiltered(node: ExpressionNode): boolean {
  if (node.kind === 'wildcard') return true;
  return (node.kind === 'property' || node.kind === 'index') && isFiltered(node.object);
}

function inferIndex(node: ExpressionNode & { readonly kind: 'index' }, inference: Inference): ValueType {
  const [object, index] = [infer(node.object, inference), infer(node.index, inference)];
  const wrong =
    (object.kind === 'list' && (index.kind === 'text' || index.kind === 'boolean' || isCollection(index))) ||
    (object.kind === 'object' &&
      // A number is turned into text: `ports[5432]`.
      (index.kind === 'boolean' || isCollection(index)));
  if (wrong) {
    const wanted = object.kind === 'list' ? 'a number' : 'text';
    inference.faults.push({
      node,
      kind: 'pointless',
      message: `${nameOf(node.object)} is ${nameOfType(object)}, and wants ${wanted} in its brackets, not ${nameOfType(index)}`,
    });
  }
  if (object.kind === 'list') return object.item;
  return object.kind === 'object' && object.members.size === 0 ? (object.rest ?? ANYTHING) : ANYTHING;
}

function inferBinary(node: Binary, inference: Inference): ValueType {
  const [left, right] = [infer(node.left, inference), infer(node.right, inference)];
  if (node.operator === '&&') return right.kind === left.kind ? right : ANYTHING;
  if (node.operator === '||') return unite(left, right);
  const [collection, other, side] = isCollection(left) ? [left, right, node.left] : [right, left, node.right];
  if (isCollection(collection) && isScalar(other)) {
    inference.faults.push({
      node,
      kind: 'pointless',
      message: `${nameOf(side)} is ${nameOfType(collection)}, and ${node.operator} with ${nameOfType(other)} is always ${node.operator === '!='}`,
    });
  }
  return BOOLEAN;
}

function inferWildcard(object: ExpressionNode, inference: Inference): ValueType {
  const type = infer(object, inference);
  if (type.kind === 'list') return type;
  if (type.kind !== 'object') return listOf(ANYTHING);
  const [first, ...others] = [...type.members.values(), ...(type.rest === undefined ? [] : [type.rest])];
  return listOf(others.reduce((all, each) => unite(all, each), first ?? ANYTHING));
}

function typeOfLiteral(value: string | number | boolean | null): ValueType {
  if (value === null) return NULL;
  if (typeof value === 'boolean') return BOOLEAN;
  return typeof value === 'number' ? NUMBER : TEXT;
}

/** What an expression comes to; what is wrong on the way is collected. */
export function infer(node: ExpressionNode, inference: Inference): ValueType {
  if (node.kind === 'literal') return typeOfLiteral(node.value);
  if (node.kind === 'context') return inference.contextOf(node.name.toLowerCase());
  if (node.kind === 'property') return inferMember(node.object, node.name, node, inference);
  if (node.kind === 'index') return inferIndex(node, inference);
  if (node.kind === 'wildcard') return inferWildcard(node.object, inference);
  if (node.kind === 'binary') return inferBinary(node, inference);
  if (node.kind === 'call') {
    const types = node.args.map((argument) => infer(argument, inference));
    return inferCall(node, types, inference.faults);
  }
  infer(node.operand, inference);
  return BOOLEAN;
}
