import type { Decision } from '#api/decision.ts';
import type { Event } from '#api/event.ts';
import type { Lease } from '#api/lease.ts';
import { isRecord, type JsonRecord } from './client/json-fields.ts';
import { formatFields, formatTable, formatTime, printable } from './output.ts';

/** Bodies are open by contract: what is not as expected is left out, never a reason to fail. */
function child(record: JsonRecord | undefined, name: string): JsonRecord | undefined {
  const value = record?.[name];
  return isRecord(value) ? value : undefined;
}

function text(record: JsonRecord | undefined, name: string): string | undefined {
  const value = record?.[name];
  return typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean'
    ? String(value)
    : undefined;
}

function nameAndId(record: JsonRecord | undefined, name: string, id: string): string | undefined {
  const parts = [text(record, name), text(record, id)].filter((part) => part !== undefined);
  return parts.length === 2 ? `${parts[0]} (id ${parts[1]})` : parts[0];
}

function section(title: string, body: string): string {
  return body === '' ? '' : `\n${title}\n${body}`;
}

function describeIdentity(identity: JsonRecord | undefined, decided: JsonRecord): string {
  const run = child(identity, 'run');
  return formatFields(
    [
      ['platform', text(identity, 'platform')],
      ['project', nameAndId(child(identity, 'project'), 'path', 'id')],
      ['ref', text(child(identity, 'ref'), 'full')],
      ['commit', text(identity, 'commit')],
      ['trigger', text(identity, 'trigger')],
      ['environment', text(child(identity, 'environment'), 'name')],
      ['pipeline', text(child(identity, 'config'), 'uri')],
      ['run', text(run, 'url') ?? text(run, 'id')],
      ['actor', nameAndId(child(identity, 'actor'), 'login', 'id')],
      ['forked', text(identity, 'forked')],
      ['address', text(decided, 'sourceIp')],
      ['key proved', text(decided, 'holder')],
    ],
    '  ',
  );
}

function describeFacts(denial: JsonRecord | undefined): string {
  const facts = denial?.['facts'];
  if (!Array.isArray(facts) || facts.length === 0) return '';
  const rows = facts.map((fact: unknown) => {
    const record = child({ fact }, 'fact');
    return [
      text(record, 'name') ?? '',
      text(record, 'expected') ?? '',
      text(record, 'received') ?? '(absent)',
    ];
  });
  return formatTable(['fact', 'expected', 'received'], rows).replace(/^(?=.)/gmu, '  ');
}

function describeDenial(denial: JsonRecord | undefined): string {
  if (denial === undefined) return '';
  const remedy = text(denial, 'remedy');
  const message = printable(text(denial, 'message') ?? 'no reason was recorded');
  return `  ${message} [${printable(text(denial, 'code') ?? '')}]\n${describeFacts(denial)}${
    remedy === undefined ? '' : `  → ${printable(remedy)}\n`
  }`;
}

function describePolicies(policy: JsonRecord | undefined): string {
  const determining = policy?.['determining'];
  const names = Array.isArray(determining) ? determining.map(String) : [];
  return formatFields(
    [
      [
        'decided by',
        policy === undefined ? undefined : names.join(', ') || 'no policy: what is not permitted is denied',
      ],
      ['version', text(policy, 'version')],
    ],
    '  ',
  );
}

function describeLease(lease: Lease | undefined): string {
  if (lease === undefined) return '';
  return formatFields(
    [
      ['lease', lease.id],
      ['state', lease.state],
      ...Object.entries(lease.handle).map(([name, value]): [string, string] => [name, String(value)]),
      ['expires', formatTime(Date.parse(lease.expiresAt))],
      ['ended', lease.endedAt === null ? undefined : formatTime(Date.parse(lease.endedAt))],
      ['last error', lease.lastError ?? undefined],
    ],
    '  ',
  );
}

/** `expiresAtMs`, `rotateByMs`: a moment, not a span, by its size. */
function isMoment(name: string, value: unknown): value is number {
  return name.endsWith('Ms') && typeof value === 'number' && value > 1e12 && value < 8e15;
}

/** What an event adds beyond its type, in a few words. */
export function noteOf(event: Event): string {
  const denial = child(event.body, 'denial');
  if (denial !== undefined) return `${text(denial, 'code') ?? ''}: ${text(denial, 'message') ?? ''}`;
  const words = Object.entries(event.body)
    .filter(([, value]) => typeof value === 'string' || typeof value === 'number')
    .slice(0, 3)
    .map(([name, value]) => `${name} ${isMoment(name, value) ? formatTime(value) : String(value)}`);
  return words.join(', ').slice(0, 200);
}

function describeEvents(events: readonly Event[]): string {
  const rows = events.map((event) => [
    formatTime(Date.parse(event.time)),
    event.type,
    `${event.actor.kind} ${event.actor.id}`,
    noteOf(event),
  ]);
  return formatTable(['when', 'what', 'who', 'note'], rows).replace(/^(?=.)/gmu, '  ');
}

/** One decision from the question to the end of what came of it, for a person. */
export function formatStory(decision: Decision): string {
  const first = decision.events.find((event) => event.type.startsWith('decision.')) ?? decision.events[0];
  const decided = first?.body ?? {};
  const asked =
    first === undefined
      ? ''
      : `  ${formatTime(Date.parse(first.time))}  ${printable(first.actor.id)} asked for ${printable(first.resource ?? '?')}\n`;
  return [
    `${decision.id}: ${decision.outcome}\n${asked}`,
    section('Who asked', describeIdentity(child(decided, 'identity'), decided)),
    section('Why not', describeDenial(child(decided, 'denial'))),
    section('Policies', describePolicies(child(decided, 'policy'))),
    section('What was issued', describeLease(decision.lease)),
    section('What happened', describeEvents(decision.events)),
  ].join('');
}
