import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isFactAboutPerson, PERSONAL, PERSONAL_NAMES } from './personal-data.ts';
import { splitEvent } from './split-event.ts';

interface Personal {
  pointer: string;
  value: unknown;
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null;
}

/** What is personal, by the rules as one would tell them, over objects: slow and plain. */
function model(text: string): { lasting: unknown; personal: Personal[] } {
  const personal: Personal[] = [];
  const walk = (value: unknown, path: readonly string[]): unknown => {
    if (!isObject(value) || path.length > 21) return value;
    const isFact =
      !Array.isArray(value) &&
      Object.hasOwn(value, 'received') &&
      Object.hasOwn(value, 'name') &&
      typeof value['name'] === 'string' &&
      isFactAboutPerson(value['name']);
    const members = Object.entries(value).map(([key, each]): [string, unknown] => {
      const here = [...path, key];
      const inFact = isFact && (key === 'expected' || key === 'received');
      const named = !Array.isArray(value) && !isObject(each) && PERSONAL_NAMES.includes(key);
      if (!inFact && !named && !(path.at(-1) === 'identity' && key === 'actor'))
        return [key, walk(each, here)];
      const escaped = here.map((part) => part.replaceAll('~', '~0').replaceAll('/', '~1'));
      personal.push({ pointer: `/${escaped.join('/')}`, value: each });
      return [key, PERSONAL];
    });
    return Array.isArray(value) ? members.map(([, each]) => each) : Object.fromEntries(members);
  };
  const event: unknown = JSON.parse(text);
  if (!isObject(event)) throw new TypeError('an event is an object');
  const actor = event['actor'];
  const lasting = { ...event, body: walk(event['body'], ['body']) };
  if (!isObject(actor) || actor['kind'] !== 'person') return { lasting, personal };
  personal.push({ pointer: '/actor/id', value: actor['id'] });
  return { lasting: { ...lasting, actor: { ...actor, id: PERSONAL } }, personal };
}

const names = [
  ...PERSONAL_NAMES,
  'name',
  'expected',
  'received',
  'identity',
  'claims',
  'a/b~c',
  '__proto__',
  '0',
];
const facts = [
  'actor',
  'principal.actor.login',
  'context.sourceIp',
  'user_x',
  'actors',
  'the "email"',
  'ref',
];
const key = fc.oneof(fc.constantFrom(...names), fc.string({ unit: 'binary', maxLength: 6 }));
const { tree } = fc.letrec<{ tree: unknown }>((tie) => ({
  tree: fc.oneof(
    { maxDepth: 5, withCrossShrink: true },
    fc.oneof(
      fc.string({ unit: 'binary', maxLength: 12 }),
      fc.constantFrom(...facts, '\\', '"', '\\"', '}', '":{"', null, true, -0, 1e21, ''),
      fc.double({ noNaN: true }),
    ),
    fc.array(tie('tree'), { maxLength: 4 }),
    fc.dictionary(key, tie('tree'), { maxKeys: 6, noNullPrototype: true }),
    fc.record({ name: fc.constantFrom(...facts), expected: tie('tree'), received: tie('tree') }),
  ),
}));
const event = fc
  .record({
    id: fc.string(),
    timeMs: fc.nat(),
    type: fc.constant('decision.denied'),
    actor: fc.record({ kind: fc.constantFrom('person', 'workload', 'server'), id: fc.string() }),
    resource: fc.option(fc.string(), { nil: undefined }),
    body: fc.dictionary(key, tree, { maxKeys: 8, noNullPrototype: true }),
  })
  .map((each) => JSON.stringify(each));

describe('the two parts of an event', () => {
  it('are those of the rules, byte for byte, whatever the event holds', () => {
    fc.assert(
      fc.property(event, (text) => {
        const split = splitEvent(text);
        const { lasting, personal } = model(text);
        expect(split.lasting).toBe(JSON.stringify(lasting));
        expect(split.personal).toBe(personal.length === 0 ? undefined : JSON.stringify(personal));
        const { id, timeMs, type } = JSON.parse(text);
        expect(split.head).toEqual({
          id: JSON.stringify(id),
          timeMs: String(timeMs),
          type: JSON.stringify(type),
        });
      }),
      { numRuns: 3_000 },
    );
  });

  it('are the same again when what is personal was erased', () => {
    fc.assert(
      fc.property(event, (text) => {
        const { lasting } = splitEvent(text);
        expect(splitEvent(lasting).lasting).toBe(lasting);
      }),
      { numRuns: 1_000 },
    );
  });

  const bodyOf = (body: string) =>
    `{"id":"evt_1","timeMs":1,"type":"lease.revoked","actor":{"kind":"server","id":"s"},"body":${body}}`;

  it('keep what is buried deeper than anything real, and take what is not', () => {
    const nested = (depth: number) => bodyOf(`${'{"in":'.repeat(depth)}{"login":"mona"}${'}'.repeat(depth)}`);
    expect(splitEvent(nested(20)).personal).toContain('mona');
    expect(splitEvent(nested(21)).personal).toBeUndefined();
    expect(splitEvent(nested(100_000)).lasting).toHaveLength(nested(100_000).length);
  });

  it('are found in a time that grows with the length alone', () => {
    const hostile = [
      `{"a":"${String.raw`\"`.repeat(500_000)}"}`,
      `{"a":"${'\\\\'.repeat(500_000)}"}`,
      `{"a":[${'"login",'.repeat(120_000)}0]}`,
      `{${'"name":"x","received":1,'.repeat(40_000)}"expected":2}`,
      `{"name":"${'user_'.repeat(200_000)}","expected":1,"received":2}`,
    ];
    for (const body of hostile) {
      const start = performance.now();
      splitEvent(bodyOf(body));
      expect(performance.now() - start).toBeLessThan(500);
    }
  });

  it('are refused for a text that is no JSON of ours, rather than guessed', () => {
    const text = bodyOf('{"login":"mona","list":[1,"two",{"three":null}]}');
    for (let length = 1; length < text.length; length += 1)
      expect(() => splitEvent(text.slice(0, length)), text.slice(0, length)).toThrow(SyntaxError);
  });
});
