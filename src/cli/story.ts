import type { Decision } from '#api/decision.ts';
import type { Event } from '#api/event.ts';
import type { Lease } from '#api/lease.ts';
import { isRecord, type JsonRecord } from './client/json-fields.ts';
import { child, textOf } from './event-fields.ts';
import { createEventPrinter, describeIdentity } from './event-line.ts';
import { formatFacts } from './facts.ts';
import { formatFields, formatParagraph } from './layout.ts';
import { formatTime, printable } from './output.ts';

function nameAndId(record: JsonRecord | undefined, name: string, id: string): string | undefined {
  const parts = [textOf(record, name), textOf(record, id)].filter((part) => part !== undefined);
  return parts.length === 2 ? `${parts[0]} (id ${parts[1]})` : parts[0];
}

function section(title: string, body: string): string {
  return body === '' ? '' : `\n${title}\n${body}`;
}

function describeAsker(identity: JsonRecord | undefined, decided: JsonRecord): string {
  const run = child(identity, 'run');
  return formatFields(
    [
      ['platform', textOf(identity, 'platform')],
      ['project', nameAndId(child(identity, 'project'), 'path', 'id')],
      ['ref', textOf(child(identity, 'ref'), 'full')],
      ['commit', textOf(identity, 'commit')],
      ['trigger', textOf(identity, 'trigger')],
      ['environment', textOf(child(identity, 'environment'), 'name')],
      ['pipeline', textOf(child(identity, 'config'), 'uri')],
      ['run', textOf(run, 'url') ?? textOf(run, 'id')],
      ['actor', nameAndId(child(identity, 'actor'), 'login', 'id')],
      ['forked', textOf(identity, 'forked')],
      ['address', textOf(decided, 'sourceIp')],
      ['key proved', textOf(decided, 'holder')],
    ],
    '  ',
  );
}

function describeDenial(denial: JsonRecord | undefined): string {
  if (denial === undefined) return '';
  const message = `${textOf(denial, 'message') ?? 'No reason was recorded.'} [${textOf(denial, 'code') ?? '?'}]`;
  const listed = denial['facts'];
  const facts = (Array.isArray(listed) ? listed : []).filter(isRecord).map((fact) => ({
    name: textOf(fact, 'name') ?? '',
    expected: textOf(fact, 'expected') ?? '',
    received: textOf(fact, 'received'),
  }));
  const remedy = textOf(denial, 'remedy');
  return [
    formatParagraph('  ', message),
    formatFacts(facts, '  '),
    remedy === undefined ? '' : formatParagraph('  → ', remedy),
  ].join('');
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
      ['version', textOf(policy, 'version')],
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
      ...Object.entries(lease.handle)
        .filter(([, value]) => value !== lease.id)
        .map(([name, value]): [string, string] => [name, String(value)]),
      ['expires', formatTime(Date.parse(lease.expiresAt))],
      ['ended', lease.endedAt === null ? undefined : formatTime(Date.parse(lease.endedAt))],
      ['last error', lease.lastError ?? undefined],
    ],
    '  ',
  );
}

function describeEvents(events: readonly Event[]): string {
  return events.map(createEventPrinter({ color: false, ids: false, indent: '  ' })).join('');
}

/** One decision from the question to the end of what came of it, for a person. */
export function formatStory(decision: Decision): string {
  const first = decision.events.find((event) => event.type.startsWith('decision.')) ?? decision.events[0];
  const decided = first?.body ?? {};
  const asked =
    first === undefined
      ? ''
      : formatParagraph(
          '  ',
          `${formatTime(Date.parse(first.time))}  ${describeIdentity(child(decided, 'identity')) ?? first.actor.id} asked for ${first.resource ?? '?'}`,
        );
  return [
    `${printable(decision.id)}: ${decision.outcome}\n${asked}`,
    section('Who asked', describeAsker(child(decided, 'identity'), decided)),
    section('Why not', describeDenial(child(decided, 'denial'))),
    section('Policies', describePolicies(child(decided, 'policy'))),
    section('What was issued', describeLease(decision.lease)),
    section('What happened', describeEvents(decision.events)),
  ].join('');
}
