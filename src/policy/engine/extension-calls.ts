import { fail } from './evaluation-error.ts';
import { isInRange, isLoopback, isMulticast, parseIpRange } from './ip-range.ts';
import { asLong, dateOf, parseDatetime, parseDecimal, parseDuration, timeOf } from './time-and-decimal.ts';
import { type Extension, ExtensionValue, type Value } from './value.ts';

type ExtensionType = Extension['type'];
type ContentOf<Type extends ExtensionType> = Extract<Extension, { type: Type }>;

export interface ExtensionFunction {
  arity: number;
  call(values: readonly Value[]): Value;
}

function isOfType<Type extends ExtensionType>(content: Extension, type: Type): content is ContentOf<Type> {
  return content.type === type;
}

function contentOf<Type extends ExtensionType>(value: Value | undefined, type: Type): ContentOf<Type> {
  if (value instanceof ExtensionValue && isOfType(value.content, type)) return value.content;
  return fail(`expected a value of type ${type}`);
}

function constructor(type: ExtensionType, parse: (text: string) => Extension | undefined): ExtensionFunction {
  const call = ([text]: readonly Value[]) => {
    if (typeof text !== 'string') return fail(`${type} needs a text`);
    const content = parse(text);
    return content === undefined ? fail(`text is not of type ${type}`) : new ExtensionValue(content);
  };
  return { arity: 1, call };
}

function method<Type extends ExtensionType>(
  type: Type,
  body: (content: ContentOf<Type>) => Value,
): ExtensionFunction {
  return { arity: 1, call: ([self]) => body(contentOf(self, type)) };
}

function method2<Self extends ExtensionType, Other extends ExtensionType>(
  selfType: Self,
  otherType: Other,
  body: (self: ContentOf<Self>, other: ContentOf<Other>) => Value,
): ExtensionFunction {
  return { arity: 2, call: ([self, other]) => body(contentOf(self, selfType), contentOf(other, otherType)) };
}

function scalar(type: ScalarType, value: bigint | undefined): ExtensionValue {
  return value === undefined ? fail(`${type} out of range`) : new ExtensionValue({ type, value });
}

type ScalarType = 'decimal' | 'datetime' | 'duration';

function parsed(type: ScalarType, value: bigint | undefined): Extension | undefined {
  return value === undefined ? undefined : { type, value };
}

const decimalComparison = (compare: (left: bigint, right: bigint) => boolean) =>
  method2('decimal', 'decimal', (left, right) => compare(left.value, right.value));

const durationIn = (unitMs: bigint) => method('duration', ({ value }) => value / unitMs);

/** Every function of Cedar 4.5's extensions, by name. */
export const extensionFunctions: Readonly<Record<string, ExtensionFunction>> = {
  ip: constructor('ipaddr', (text) => {
    const range = parseIpRange(text);
    return range === undefined ? undefined : { type: 'ipaddr', range };
  }),
  isIpv4: method('ipaddr', ({ range }) => range.version === 4),
  isIpv6: method('ipaddr', ({ range }) => range.version === 6),
  isLoopback: method('ipaddr', ({ range }) => isLoopback(range)),
  isMulticast: method('ipaddr', ({ range }) => isMulticast(range)),
  isInRange: method2('ipaddr', 'ipaddr', (inner, outer) => isInRange(inner.range, outer.range)),

  decimal: constructor('decimal', (text) => parsed('decimal', parseDecimal(text))),
  lessThan: decimalComparison((left, right) => left < right),
  lessThanOrEqual: decimalComparison((left, right) => left <= right),
  greaterThan: decimalComparison((left, right) => left > right),
  greaterThanOrEqual: decimalComparison((left, right) => left >= right),

  datetime: constructor('datetime', (text) => parsed('datetime', parseDatetime(text))),
  offset: method2('datetime', 'duration', (time, by) => scalar('datetime', asLong(time.value + by.value))),
  durationSince: method2('datetime', 'datetime', (time, since) =>
    scalar('duration', asLong(time.value - since.value)),
  ),
  toDate: method('datetime', ({ value }) => scalar('datetime', dateOf(value))),
  toTime: method('datetime', ({ value }) => scalar('duration', timeOf(value))),

  duration: constructor('duration', (text) => parsed('duration', parseDuration(text))),
  toMilliseconds: durationIn(1n),
  toSeconds: durationIn(1_000n),
  toMinutes: durationIn(60_000n),
  toHours: durationIn(3_600_000n),
  toDays: durationIn(86_400_000n),
};
