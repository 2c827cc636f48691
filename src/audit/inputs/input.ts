import type { z } from 'zod';
import type { BoundedFetch } from '#core/bounded-fetch.ts';
import type { Clock } from '#core/clock.ts';
import type { SecretReference } from '#core/config/secret-reference.ts';
import type { Secret } from '#core/secret.ts';
import type { ActivityDraft } from './activity.ts';

/** One record of a source, mapped; `raw` is the record itself. */
export interface SourceRecord {
  readonly draft: ActivityDraft;
  readonly raw: unknown;
}

export interface InputContext {
  readonly clock: Clock;
  readonly fetch: BoundedFetch;
  resolveSecret(reference: SecretReference): Promise<Secret>;
}

/** What one look at a source gave. Storing the records and then the position, in that order, loses nothing. */
export interface Poll {
  readonly records: readonly SourceRecord[];
  /** Records that made no sense. */
  readonly refused: number;
  readonly position: string;
  /** More is waiting: look again at once. */
  readonly more: boolean;
  /** Not before (seconds), where the source asks for it. */
  readonly waitSeconds?: number;
}

export interface Poller {
  /** @throws {InputError} */
  poll(position: string | undefined, signal: AbortSignal): Promise<Poll>;
}

/** A delivery by HTTP, of which nothing is believed yet. */
export interface Delivery {
  /** One value per name, names in lower case. */
  readonly header: (name: string) => string | undefined;
  readonly body: Buffer;
}

export interface DeliveryAnswer {
  readonly status: number;
  /** JSON. */
  readonly body: object;
  readonly records: readonly SourceRecord[];
  readonly refused: number;
}

export interface Receiver {
  /** Whether it may deliver at all, judged before its body is read; undefined: the body is needed to tell. */
  admit(header: Delivery['header']): Promise<DeliveryAnswer | undefined>;
  receive(delivery: Delivery): Promise<DeliveryAnswer>;
}

interface InputKindCommon<Settings extends object> {
  readonly id: string;
  readonly title: string;
  readonly description: string;
  readonly settings: z.ZodType<Settings>;
}

/** A kind of input. `poll`: we ask. `receive`: it comes to us. */
export type InputKind<Settings extends object = object> =
  | (InputKindCommon<Settings> & {
      readonly mode: 'poll';
      /** How often (seconds) it is looked at when nothing is waiting. */
      readonly everySeconds: number;
      open(settings: Settings, context: InputContext): Poller;
    })
  | (InputKindCommon<Settings> & {
      readonly mode: 'receive';
      open(settings: Settings, context: InputContext): Receiver;
    });

/** Keeps the type of the settings inside, as a list of kinds cannot know each. */
export function defineInput<Settings extends object>(kind: InputKind<Settings>): InputKind {
  // `open` is a method, so its parameter may be narrower here; it is only called with what `settings` has parsed.
  return kind;
}
