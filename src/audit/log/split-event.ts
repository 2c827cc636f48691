import { JsonCursor } from './json-cursor.ts';
import { isFactAboutPerson, PERSONAL, PERSONAL_NAMES } from './personal-data.ts';

/** An event in two texts, so that one of them can be erased while the log still proves the other. */
export interface SplitEvent {
  /** The event with {@link PERSONAL} in every personal place; the same before and after the erasure. */
  readonly lasting: string;
  /** `[{ pointer, value }]` in the order of the event, pointers by RFC 6901; undefined when nothing is personal. */
  readonly personal: string | undefined;
  /** JSON of what its entry shows to everybody. */
  readonly head: { readonly id: string; readonly timeMs: string; readonly type: string };
}

/** A container that is being read, and how it is reached from the one around it. */
interface Place {
  readonly around: Place | undefined;
  /** As it stands in the text, so without `"`; the position in a list as a number. */
  readonly key: string;
  /** Containers from the body to this one. */
  readonly depth: number;
}

interface PersonalPart {
  readonly from: number;
  readonly to: number;
  readonly pointer: string;
}

/** An `expected` or `received`, which turns out to be personal when the `name` beside it is read. */
interface FactPart extends PersonalPart {
  readonly name: 'expected' | 'received';
  /** The parts found within it. */
  readonly foundFrom: number;
  readonly foundTo: number;
}

const DEPTH_MAX = 20;
const REPLACEMENT = JSON.stringify(PERSONAL);
const CODES = 128;

/** By length and first letter, which tells most other names apart without looking further. */
const NAMES_BY_SHAPE = tabulate([...PERSONAL_NAMES, 'name', 'expected', 'received']);

function shapeOf(length: number, first: number): number {
  return length * CODES + first;
}

function tabulate(names: readonly string[]): readonly (readonly string[] | undefined)[] {
  const shapes = names.map((name) => shapeOf(name.length, name.charCodeAt(0)));
  return Array.from({ length: Math.max(...shapes) + 1 }, (_, shape) =>
    shapes.includes(shape) ? names.filter((_name, at) => shapes[at] === shape) : undefined,
  );
}

function pointerTo(place: Place | undefined, key: string): string {
  const escaped = key.replaceAll('~', '~0').replaceAll('/', '~1');
  return place === undefined ? `/${escaped}` : `${pointerTo(place.around, place.key)}/${escaped}`;
}

/** Goes through the text once and notes where something personal stands. */
class EventScan {
  readonly cursor: JsonCursor;
  readonly body: PersonalPart[] = [];
  actor: PersonalPart | undefined;
  readonly head = { id: 'null', timeMs: 'null', type: 'null' };

  constructor(text: string) {
    this.cursor = new JsonCursor(text);
  }

  event(): void {
    const { cursor } = this;
    for (let more = cursor.enter(); more; more = cursor.next()) {
      const keyFrom = cursor.at + 1;
      const key = cursor.text.slice(keyFrom, cursor.key());
      const from = cursor.at;
      if (key === 'body' && cursor.isObject) this.#object({ around: undefined, key, depth: 1 });
      else if (key === 'actor' && cursor.isObject) this.#actor();
      else cursor.stepOver();
      if (key === 'id' || key === 'timeMs' || key === 'type')
        this.head[key] = cursor.text.slice(from, cursor.at);
    }
  }

  /** A workload is no person; of a person the id is who it was. */
  #actor(): void {
    const { cursor } = this;
    let isPerson = false;
    let id: PersonalPart | undefined;
    for (let more = cursor.enter(); more; more = cursor.next()) {
      const keyFrom = cursor.at + 1;
      const key = cursor.text.slice(keyFrom, cursor.key());
      const from = cursor.at;
      cursor.stepOver();
      if (key === 'kind') isPerson = cursor.text.slice(from, cursor.at) === '"person"';
      if (key === 'id') id = { from, to: cursor.at, pointer: '/actor/id' };
    }
    this.actor = isPerson ? id : undefined;
  }

  #object(place: Place): void {
    const { cursor, body } = this;
    const factParts: FactPart[] = [];
    let name: string | undefined;
    for (let more = cursor.enter(); more; more = cursor.next()) {
      const keyFrom = cursor.at + 1;
      const keyTo = cursor.key();
      const known = this.#knownName(keyFrom, keyTo);
      const from = cursor.at;
      if (known === undefined) this.#value(place, keyFrom, keyTo);
      else if (this.#isPersonal(known, place)) {
        cursor.stepOver();
        body.push({ from, to: cursor.at, pointer: pointerTo(place, known) });
      } else {
        const [isText, foundFrom] = [cursor.isString, body.length];
        this.#value(place, keyFrom, keyTo);
        const to = cursor.at;
        if (known === 'name') name = isText ? cursor.text.slice(from, to) : undefined;
        else if (known === 'expected' || known === 'received') {
          const pointer = pointerTo(place, known);
          factParts.push({ from, to, pointer, name: known, foundFrom, foundTo: body.length });
        }
      }
    }
    const received = factParts.some((part) => part.name === 'received');
    if (name !== undefined && received && isFactAboutPerson(JSON.parse(name))) this.#takeFact(factParts);
  }

  /** By its name alone, whatever stands beside it. */
  #isPersonal(name: string, place: Place): boolean {
    if (name === 'name' || name === 'expected' || name === 'received') return false;
    if (!this.cursor.isObject && !this.cursor.isList) return true;
    return name === 'actor' && place.key === 'identity';
  }

  /** From the last one back, as what stood within them goes. */
  #takeFact(parts: readonly FactPart[]): void {
    for (const { from, to, pointer, foundFrom, foundTo } of parts.toReversed())
      this.body.splice(foundFrom, foundTo - foundFrom, { from, to, pointer });
  }

  #list(place: Place): void {
    const { cursor } = this;
    let index = 0;
    for (let more = cursor.enter(); more; more = cursor.next()) {
      if (cursor.isObject || cursor.isList) this.#container(place, String(index));
      else cursor.stepOver();
      index += 1;
    }
  }

  #value(place: Place, keyFrom: number, keyTo: number): void {
    const { cursor } = this;
    if (cursor.isObject || cursor.isList) this.#container(place, cursor.text.slice(keyFrom, keyTo));
    else cursor.stepOver();
  }

  #container(around: Place, key: string): void {
    if (around.depth > DEPTH_MAX) this.cursor.stepOver();
    else if (this.cursor.isObject) this.#object({ around, key, depth: around.depth + 1 });
    else this.#list({ around, key, depth: around.depth + 1 });
  }

  #knownName(from: number, to: number): string | undefined {
    const { text } = this.cursor;
    const first = text.charCodeAt(from);
    const names = first < CODES ? NAMES_BY_SHAPE[shapeOf(to - from, first)] : undefined;
    return names?.find((name) => text.startsWith(name, from));
  }
}

/**
 * The two parts of an event. A text goes in and texts come out, cut and joined: what is hashed is what was recorded,
 * and no object is made of it.
 *
 * @param text what `JSON.stringify` makes of the event
 * @throws SyntaxError when it is not
 */
export function splitEvent(text: string): SplitEvent {
  const scan = new EventScan(text);
  scan.event();
  const { actor, body, head } = scan;
  const personal = actor === undefined ? body : [...body, actor];
  if (personal.length === 0) return { lasting: text, personal: undefined, head };
  let lasting = '';
  let done = 0;
  for (const { from, to } of personal.toSorted((one, other) => one.from - other.from)) {
    lasting += text.slice(done, from) + REPLACEMENT;
    done = to;
  }
  const values = personal.map(
    ({ from, to, pointer }) => `{"pointer":"${pointer}","value":${text.slice(from, to)}}`,
  );
  return { lasting: lasting + text.slice(done), personal: `[${values.join(',')}]`, head };
}
