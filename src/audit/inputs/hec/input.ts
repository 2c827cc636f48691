import { z } from 'zod';
import { SecretReference } from '#core/config/secret-reference.ts';
import { equalTexts } from '#core/equal-texts.ts';
import { mapCloudTrailRecord } from '../cloudtrail/map-record.ts';
import { mapGithubEntry } from '../github/map-audit-entry.ts';
import { mapGitlabEvent } from '../gitlab/map-audit-event.ts';
import {
  type DeliveryAnswer,
  defineInput,
  type InputContext,
  type Receiver,
  type SourceRecord,
} from '../input.ts';
import { identityKey } from '../identity-keys.ts';
import { fieldOf, isFields, momentField, textField } from '../record-fields.ts';
import { type HecAnswer, hecAnswers } from './answers.ts';
import { parseHecBatch } from './parse-batch.ts';

const Settings = z.strictObject({
  token: SecretReference.describe('What the sender gives as its HEC token.'),
  format: z
    .enum(['github', 'gitlab', 'cloudtrail', 'plain'])
    .default('github')
    .describe('What the events are; `plain`: anything with an `action`.'),
});
type Settings = z.infer<typeof Settings>;

/** Events of whoever else: `action`, `actor_id`, `actor`, `target`, as far as they are there. */
function mapPlain(event: unknown): SourceRecord | undefined {
  if (!isFields(event)) return undefined;
  const actorId = textField(event, 'actor_id');
  const platform = textField(event, 'platform') ?? 'hec';
  return {
    raw: event,
    draft: {
      externalId: textField(event, 'id'),
      platform,
      timeMs: momentField(event, 'time'),
      actor: { id: actorId, name: textField(event, 'actor') },
      action: textField(event, 'action'),
      target: textField(event, 'target'),
      outcome: 'unknown',
      addresses: [textField(event, 'address')],
      keys: [identityKey('actor', actorId, platform)],
    },
  };
}

const MAPPERS = {
  github: mapGithubEntry,
  gitlab: mapGitlabEvent,
  cloudtrail: mapCloudTrailRecord,
  plain: mapPlain,
} as const;

export function hecAnswer(answer: HecAnswer, more: object = {}): DeliveryAnswer {
  const { status, code, text } = answer;
  return { status, body: { text, code, ...more }, records: [], refused: status === 400 ? 1 : 0 };
}

/** `Authorization: Splunk <token>`; Splunk takes Basic, too, with the token as the password. */
function tokenOf(authorization: string): string | undefined {
  const [, scheme = '', value = ''] = /^(Splunk|Basic) {1,8}(\S{1,1000}) {0,8}$/i.exec(authorization) ?? [];
  if (scheme.toLowerCase() === 'splunk') return value;
  if (scheme.toLowerCase() !== 'basic') return undefined;
  const decoded = Buffer.from(value, 'base64').toString('utf8');
  return decoded.slice(decoded.indexOf(':') + 1);
}

/** The event of an envelope, which may be JSON in a text. The time of the envelope counts where the event has none. */
function recordOf(envelope: unknown, format: Settings['format']): SourceRecord | HecAnswer | undefined {
  if (!isFields(envelope) || !Object.hasOwn(envelope, 'event')) return hecAnswers.eventRequired;
  const given = fieldOf(envelope, 'event');
  if (given === '' || given === null) return hecAnswers.eventBlank;
  const record = MAPPERS[format](typeof given === 'string' ? parsed(given) : given);
  if (record === undefined || record.draft.action === undefined) return undefined;
  const timeMs = record.draft.timeMs ?? momentField(envelope, 'time');
  return { ...record, draft: { ...record.draft, timeMs } };
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function openReceiver({ token, format }: Settings, context: InputContext): Receiver {
  return {
    async admit(header) {
      const authorization = header('authorization');
      if (authorization === undefined) return hecAnswer(hecAnswers.tokenRequired);
      const given = tokenOf(authorization);
      if (given === undefined) return hecAnswer(hecAnswers.invalidAuthorization);
      const expected = (await context.resolveSecret(token)).reveal();
      const right = expected !== '' && equalTexts(given, expected);
      return right ? undefined : hecAnswer(hecAnswers.invalidToken);
    },
    async receive({ body }) {
      const batch = parseHecBatch(body.toString('utf8'));
      if (!batch.ok) {
        return batch.reason === 'no_data'
          ? hecAnswer(hecAnswers.noData)
          : hecAnswer(hecAnswers.invalidFormat, { 'invalid-event-number': batch.at });
      }
      const records: SourceRecord[] = [];
      let refused = 0;
      for (const [at, envelope] of batch.envelopes.entries()) {
        const record = recordOf(envelope, format);
        // Nothing of a batch that is refused is kept: its sender mends it and sends it again, and no part is lost.
        if (record !== undefined && 'code' in record)
          return hecAnswer(record, { 'invalid-event-number': at });
        if (record === undefined) refused += 1;
        else records.push(record);
      }
      return { ...hecAnswer(hecAnswers.success), records, refused };
    },
  };
}

export const hec = defineInput<Settings>({
  id: 'hec',
  title: 'HTTP Event Collector (Splunk)',
  description:
    'Takes what is streamed to a Splunk HTTP Event Collector, at `/services/collector/event`: the audit log of GitHub ' +
    'Enterprise lands here. Indexer acknowledgement is off; an answer of 200 means that all of it is durable.',
  settings: Settings,
  mode: 'receive',
  open: openReceiver,
});
