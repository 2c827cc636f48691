import type { EventText } from '#audit/log/ports.ts';
import type { SqlValue } from './sql-value.ts';

/** Texts that are kept, in characters: about a second of a server that is as busy as it can be. */
const CHARACTERS_MAX = 8 * 1024 * 1024;
const START = '{"id":"';
/** Enough of an event's text that its id stands in it. */
export const ID_PREFIX_CHARS = 64;

/** The id that an event's text begins with; undefined for a text that begins with something else. */
export function idOfText(text: string): string | undefined {
  const end = text.indexOf('"', START.length);
  return text.startsWith(START) && end > 0 && end < ID_PREFIX_CHARS
    ? text.slice(START.length, end)
    : undefined;
}

interface Kept {
  readonly text: string;
  /** Undefined until the store has told. */
  sequence: number | undefined;
}

type EventRows = readonly (readonly SqlValue[])[];

/**
 * Texts of events that this server has just given to the store, until the sealer takes them, so that it need not read
 * back what is here already. Nothing depends on it: what is not here is read. Ids are unique, and the store says which
 * of them it holds, so a text that never became durable is never asked for.
 */
export class RecentEvents {
  readonly #byId = new Map<string, Kept>();
  readonly #ids = new Map<number, string>();
  readonly #charactersMax: number;
  #characters = 0;

  constructor(charactersMax = CHARACTERS_MAX) {
    this.#charactersMax = charactersMax;
  }

  /** Rows of events as `eventToRow` makes them; they come back as they are. */
  keep<Rows extends EventRows>(rows: Rows): Rows {
    for (const row of rows) {
      const text = row.at(-1);
      const id = typeof text === 'string' ? idOfText(text) : undefined;
      if (typeof text !== 'string' || id === undefined || this.#byId.has(id)) continue;
      this.#byId.set(id, { text, sequence: undefined });
      this.#characters += text.length;
    }
    // Where nobody takes them, because another server seals, the oldest go.
    for (const id of this.#byId.keys()) {
      if (this.#characters <= this.#charactersMax) break;
      this.take(id);
    }
    return rows;
  }

  /** The same rows are durable, numbered one after the other. Only for a store where nobody else numbers. */
  number(rows: EventRows, lastSequence: number | undefined): void {
    if (lastSequence === undefined) return;
    let sequence = lastSequence - rows.length;
    for (const row of rows) {
      sequence += 1;
      const id = idOfText(String(row.at(-1)));
      const kept = id === undefined ? undefined : this.#byId.get(id);
      if (id === undefined || kept === undefined) continue;
      kept.sequence = sequence;
      this.#ids.set(sequence, id);
    }
  }

  /** The text, once. */
  take(id: string): string | undefined {
    const kept = this.#byId.get(id);
    if (kept === undefined) return undefined;
    this.#byId.delete(id);
    if (kept.sequence !== undefined) this.#ids.delete(kept.sequence);
    this.#characters -= kept.text.length;
    return kept.text;
  }

  /** Those that follow without a gap, so that there can be no others in between; once. */
  takeFollowing(afterSequence: number, limit: number): EventText[] {
    const found: EventText[] = [];
    for (let sequence = afterSequence + 1; found.length < limit; sequence += 1) {
      const id = this.#ids.get(sequence);
      const text = id === undefined ? undefined : this.take(id);
      if (text === undefined) break;
      found.push({ sequence, text });
    }
    return found;
  }
}
