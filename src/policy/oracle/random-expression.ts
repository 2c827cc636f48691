import { quoteCedar } from '../cedar-text.ts';
import type { RandomSource } from './random-source.ts';
import {
  addresses,
  attributeNames,
  datetimes,
  decimals,
  durations,
  entities,
  entityTypeNames,
  hasPaths,
  knownPaths,
  longs,
  patterns,
  postureLongs,
  texts,
  words,
} from './sample-values.ts';

type Type =
  | 'bool'
  | 'string'
  | 'long'
  | 'set'
  | 'entity'
  | 'record'
  | 'ip'
  | 'decimal'
  | 'datetime'
  | 'duration';
/** Writes one expression; `depth` is how much deeper it may go. */
type Choice = (random: RandomSource, depth: number) => string;

const TYPES: readonly Type[] = [
  ...(['bool', 'string', 'long', 'set', 'entity', 'record'] as const),
  ...(['ip', 'decimal', 'datetime', 'duration'] as const),
];
const COMPARABLE: readonly Type[] = ['long', 'datetime', 'duration'];
const WRONG_TYPE_PROBABILITY = 0.01;

/** Text of an expression that is mostly of the wanted type; not always, as type errors must agree as well. */
export function randomExpression(random: RandomSource, wanted: Type, depth: number): string {
  const type = random.chance(WRONG_TYPE_PROBABILITY) ? random.pick(TYPES) : wanted;
  const choices = depth > 0 && random.chance(0.7) ? branches[type] : leaves[type];
  return random.pick(choices)(random, depth - 1);
}

function call(name: string, self: Type, ...others: Type[]): Choice {
  return (random, depth) => {
    const operands = others.map((type) => randomExpression(random, type, depth)).join(', ');
    return `${randomExpression(random, self, depth)}.${name}(${operands})`;
  };
}

function calls(names: string, self: Type, ...others: Type[]): Choice[] {
  return words(names).map((name) => call(name, self, ...others));
}

function infix(operators: string, left: Type, right: Type): Choice {
  return (random, depth) => {
    const operator = random.pick(words(operators));
    return `(${randomExpression(random, left, depth)} ${operator} ${randomExpression(random, right, depth)})`;
  };
}

function constructed(name: string, samples: readonly string[]): Choice {
  return (random) => `${name}(${quoteCedar(random.pick(samples))})`;
}

function conditional(type: Type): Choice {
  return (random, depth) => {
    const condition = randomExpression(random, 'bool', depth);
    const consequent = randomExpression(random, type, depth);
    return `(if ${condition} then ${consequent} else ${randomExpression(random, type, depth)})`;
  };
}

function oneOf(samples: readonly string[]): Choice {
  return (random) => random.pick(samples);
}

const literalText: Choice = (random) => quoteCedar(random.pick(texts));

function entityOrRecord(random: RandomSource, depth: number): string {
  return randomExpression(random, random.chance(0.7) ? 'entity' : 'record', depth);
}

const attribute: Choice = (random, depth) => {
  const name = random.pick(attributeNames);
  const of = entityOrRecord(random, depth);
  return random.chance(0.5) ? `${of}.${name}` : `${of}[${quoteCedar(name)}]`;
};

/** Conditions as people write them, or hardly any request would ever match. */
const guarded: Choice = (random, depth) => {
  const text = literalText(random, depth);
  return random.pick([
    `(principal has ref.full && principal.ref.full == ${text})`,
    `(principal has trigger && [${text}, "push"].contains(principal.trigger))`,
    `(principal has environment && principal.environment.name like "*o*")`,
    `(principal.hasTag(${text}) && principal.getTag(${text}) == "a")`,
    '!(principal has forked && principal.forked)',
    '(context has sourceIp && context.sourceIp.isInRange(ip("10.0.0.0/8")))',
    '(context has posture && context.posture.grade == "pass")',
    '(context has posture && context.posture.critical + context.posture.high < 8)',
    `(context has posture && !context.posture.rules.contains(${text}))`,
    '(context has posture.reported && context.posture.reported.critical == 0)',
  ]);
};

const record: Choice = (random, depth) => {
  const fields = new Map<string, string>();
  for (let count = random.below(3); count >= 0; count -= 1) {
    fields.set(random.pick(attributeNames), randomExpression(random, random.pick(TYPES), depth));
  }
  return `{${[...fields].map(([name, value]) => `${quoteCedar(name)}: ${value}`).join(', ')}}`;
};

const set: Choice = (random, depth) => {
  if (depth < 0) return '[]';
  const type = random.pick(TYPES);
  const items = Array.from({ length: random.below(4) }, () => randomExpression(random, type, depth));
  return `[${items.join(', ')}]`;
};

const negated: Choice = (random, depth) => `!(${randomExpression(random, 'bool', depth)})`;
const minus: Choice = (random, depth) => `(-(${randomExpression(random, 'long', depth)}))`;
const has: Choice = (random, depth) => `(${entityOrRecord(random, depth)} has ${random.pick(hasPaths)})`;
const getTag: Choice = (random, depth) =>
  `${randomExpression(random, 'entity', depth)}.getTag(${literalText(random, depth)})`;
const like: Choice = (random, depth) =>
  `(${randomExpression(random, 'string', depth)} like "${random.pick(patterns)}")`;

const equality: Choice = (random, depth) => {
  const type = random.pick(TYPES);
  return infix('== !=', type, type)(random, depth);
};

const order: Choice = (random, depth) => {
  const type = random.pick(COMPARABLE);
  return infix('< <= > >=', type, type)(random, depth);
};

const is: Choice = (random, depth) => {
  const container = randomExpression(random, random.chance(0.7) ? 'entity' : 'set', depth);
  const suffix = random.chance(0.5) ? ` in ${container}` : '';
  return `(${randomExpression(random, 'entity', depth)} is ${random.pick(entityTypeNames)}${suffix})`;
};

const leaves: Record<Type, readonly Choice[]> = {
  bool: [guarded, guarded, oneOf(['true', 'false', 'context.keyBound'])],
  string: [literalText, oneOf(knownPaths)],
  long: [oneOf(longs), oneOf(postureLongs)],
  set: [set, oneOf(['context.posture.rules', 'context.posture.coverage'])],
  entity: [oneOf(['principal', 'resource', 'action']), oneOf(entities)],
  record: [oneOf(['context', 'context.posture', 'principal.ref', '{}'])],
  ip: [constructed('ip', addresses), oneOf(['context.sourceIp'])],
  decimal: [constructed('decimal', decimals)],
  datetime: [constructed('datetime', datetimes), oneOf(['context.now'])],
  duration: [constructed('duration', durations)],
};

const logic: readonly Choice[] = [infix('&& ||', 'bool', 'bool'), negated, equality, order, like, has, is];
const sets: readonly Choice[] = [
  ...calls('containsAll containsAny', 'set', 'set'),
  ...(['string', 'long', 'entity', 'ip'] as const).map((type) => call('contains', 'set', type)),
  call('isEmpty', 'set'),
];

const branches: Record<Type, readonly Choice[]> = {
  bool: [
    ...logic,
    ...sets,
    ...calls('isIpv4 isIpv6 isLoopback isMulticast', 'ip'),
    ...calls('lessThan lessThanOrEqual greaterThan greaterThanOrEqual', 'decimal', 'decimal'),
    call('isInRange', 'ip', 'ip'),
    call('hasTag', 'entity', 'string'),
    infix('in', 'entity', 'entity'),
    infix('in', 'entity', 'set'),
    conditional('bool'),
    attribute,
  ],
  string: [attribute, getTag, conditional('string')],
  long: [
    infix('+ - *', 'long', 'long'),
    ...calls('toMilliseconds toSeconds toMinutes toHours toDays', 'duration'),
    conditional('long'),
    minus,
  ],
  set: [set, conditional('set')],
  entity: [conditional('entity')],
  record: [record, attribute],
  ip: [conditional('ip')],
  decimal: [conditional('decimal')],
  datetime: [call('offset', 'datetime', 'duration'), call('toDate', 'datetime')],
  duration: [call('durationSince', 'datetime', 'datetime'), call('toTime', 'datetime')],
};
