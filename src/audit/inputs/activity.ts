import { hash } from 'node:crypto';
import { z } from 'zod';

const Text = z.string().max(1_000);

/**
 * Something that another system says happened there, in one form for all of them. It is not part of the verifiable
 * log: we did not see it ourselves, and it is kept for a limited time only.
 */
export const Activity = z.strictObject({
  /** Of the record at this input: the same record is the same id. */
  id: Text,
  /** Name of the input in the configuration. */
  input: Text,
  /** What the source itself calls the record; the same record never counts twice. */
  externalId: Text,
  /** Kind of system: `github`, `gitlab`, `aws`, or what a webhook is configured as. */
  platform: Text,
  /** As the source says; ms since the epoch. */
  timeMs: z.int(),
  receivedAtMs: z.int(),
  /** Ids before names; absent is not known. */
  actor: z.strictObject({ id: Text.optional(), name: Text.optional() }),
  /** In the words of the source: `repo.create`, `sts:AssumeRoleWithWebIdentity`. */
  action: Text,
  target: Text.optional(),
  outcome: z.enum(['success', 'failure', 'unknown']),
  addresses: z.array(Text).max(10),
  /** What it is found by; see `identity-keys.ts`. */
  keys: z.array(Text).max(20),
  /** The record itself as JSON, without what looks secret; cut off when it is too long. */
  raw: z.string().max(20_000),
});
export type Activity = z.infer<typeof Activity>;

/** What a mapper reads from one record; the rest is the same for all. */
export interface ActivityDraft {
  externalId: string | undefined;
  platform: string;
  timeMs: number | undefined;
  actor: { id?: string | undefined; name?: string | undefined };
  action: string | undefined;
  target?: string | undefined;
  outcome: Activity['outcome'];
  addresses: readonly (string | undefined)[];
  keys: readonly (string | undefined)[];
}

const TEXT_CHARS_MAX = 1_000;
const ADDRESSES_MAX = 10;
const KEYS_MAX = 20;
/** A clock that runs ahead is taken at its word up to here. */
const FUTURE_MS_MAX = 300_000;

/** Bounded, and free of what would let a record write to a terminal or be refused by a store. */
export function boundText(text: string): string {
  const plain = text.slice(0, TEXT_CHARS_MAX).toWellFormed();
  return plain.replaceAll(/\p{Cc}/gu, ' ');
}

/** Distinct where the original is: what is too long to be kept whole ends in a digest. */
function boundId(text: string): string {
  if (text.length <= 300 && text === boundText(text)) return text;
  return `${boundText(text).slice(0, 200)}~${hash('sha256', text, 'base64url')}`;
}

function distinct(values: readonly (string | undefined)[], max: number): string[] {
  const known = values.filter((value): value is string => value !== undefined && value !== '');
  return [...new Set(known.map((value) => boundText(value)))].slice(0, max);
}

function actorOf({ id, name }: ActivityDraft['actor']): Activity['actor'] {
  return {
    ...(id === undefined ? {} : { id: boundText(id) }),
    ...(name === undefined ? {} : { name: boundText(name) }),
  };
}

/**
 * Undefined when it lacks what makes it a record: an action. One without an id of its own is known by its content.
 */
export function toActivity(
  draft: ActivityDraft,
  { input, receivedAtMs, raw }: { input: string; receivedAtMs: number; raw: string },
): Activity | undefined {
  const { externalId, platform, timeMs, action, target, outcome } = draft;
  if (action === undefined || action === '') return undefined;
  const said = timeMs !== undefined && Number.isSafeInteger(timeMs) && timeMs > 0 ? timeMs : receivedAtMs;
  const known = boundId(externalId ?? `content:${hash('sha256', raw, 'base64url')}`);
  return {
    id: hash('sha256', JSON.stringify([input, known]), 'base64url'),
    input,
    externalId: known,
    platform: boundText(platform),
    timeMs: said > receivedAtMs + FUTURE_MS_MAX ? receivedAtMs : said,
    receivedAtMs,
    actor: actorOf(draft.actor),
    action: boundText(action),
    ...(target === undefined ? {} : { target: boundText(target) }),
    outcome,
    addresses: distinct(draft.addresses, ADDRESSES_MAX),
    keys: distinct(draft.keys, KEYS_MAX),
    raw,
  };
}
