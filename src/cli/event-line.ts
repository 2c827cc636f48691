import type { Event } from '#api/event.ts';
import { isRecord, type JsonRecord } from './client/json-fields.ts';
import { actorOf, child, listOf, sourceOf, textOf, type Words } from './event-fields.ts';
import { clip, COLUMNS, disarm } from './layout.ts';
import { formatTime, printable } from './output.ts';
import { personEventLines } from './person-event-lines.ts';

const GAP = '  ';
const TIME_COLUMNS = 10;
const ID_COLUMNS = 30;
const TEXT_COLUMNS = COLUMNS - TIME_COLUMNS;
const BESIDE_ID_COLUMNS = TEXT_COLUMNS - ID_COLUMNS - 2;
const SCALARS_MAX = 3;

/** `refs/heads/main` → `main`; what is no branch keeps its kind: `tags/v1`, `pull/7/merge`. */
export function shortenRef(text: string): string {
  return text.replace(/(?<=^|@)refs\/(?:heads\/)?/u, '');
}

/** `acme/shop@main (production)`: whom people know it by. Undefined when nobody could tell. */
export function describeIdentity(identity: JsonRecord | undefined): string | undefined {
  const project = child(identity, 'project');
  const name = textOf(project, 'path') ?? textOf(project, 'id');
  if (name === undefined) return textOf(identity, 'subject');
  const ref = textOf(child(identity, 'ref'), 'full');
  const environment = textOf(child(identity, 'environment'), 'name');
  return `${name}${ref === undefined ? '' : `@${shortenRef(ref)}`}${environment === undefined ? '' : ` (${environment})`}`;
}

function workloadOf(event: Event): string {
  const known = describeIdentity(child(event.body, 'identity'));
  return known ?? (event.actor.id === 'unverified' ? 'a token that was not verified' : event.actor.id);
}

/** A moment beside an event: the time alone when it is the same day. */
function momentBeside(event: Event, value: unknown): string {
  if (typeof value !== 'number' || Math.abs(value) > 8.64e15) return 'an unknown time';
  const full = formatTime(value);
  return full.slice(0, 10) === event.time.slice(0, 10) ? full.slice(11, 19) : full;
}

/** `3 new, 1 fixed`, over all tools that a report speaks for. */
function reportedCounts(body: JsonRecord): string {
  const counts = Array.isArray(body['counts']) ? body['counts'].filter(isRecord) : [];
  const sum = (name: string) => counts.reduce((total, each) => total + Number(textOf(each, name) ?? 0), 0);
  return `${sum('new')} new, ${sum('reopened')} came back, ${sum('fixed')} fixed`;
}

function decidedBy(event: Event): string {
  const count = Array.isArray(event.body['findings']) ? event.body['findings'].length : 0;
  return `${textOf(child(event.body, 'decision'), 'action') ?? '?'}, ${count} by ${actorOf(event)}`;
}

function firstFinding(body: JsonRecord): string | undefined {
  const [first] = Array.isArray(body['findings']) ? body['findings'] : [];
  return typeof first === 'string' ? first : undefined;
}

function frozenTarget({ body }: Event): string {
  const target = child(body, 'target');
  return [textOf(target, 'kind') ?? '?', textOf(target, 'name')].filter(Boolean).join(' ');
}

function firstProblem(event: Event): string | undefined {
  const problems = event.body['problems'];
  const first: unknown = Array.isArray(problems) ? problems[0] : undefined;
  const problem = isRecord(first) ? first : undefined;
  return problem === undefined
    ? undefined
    : `${textOf(problem, 'file')}:${textOf(problem, 'line')}: ${textOf(problem, 'message')}`;
}

const WORDS: Readonly<Record<string, (event: Event, resource: string) => Words>> = {
  'decision.issued': (event, resource) => ({
    what: `issued: ${resource} to ${workloadOf(event)}`,
    note: `until ${momentBeside(event, child(event.body, 'credential')?.['expiresAtMs'])}`,
  }),
  'decision.allowed': (event, resource) => ({
    what: `allowed: ${resource} to ${workloadOf(event)}`,
    note: sourceOf(event),
  }),
  'decision.denied': (event, resource) => ({
    what: `DENIED: ${resource} to ${workloadOf(event)}`,
    note: textOf(child(event.body, 'denial'), 'code'),
    failed: true,
  }),
  'credential.issued': (event, resource) => ({
    what: `issued: ${resource} until ${momentBeside(event, event.body['expiresAtMs'])}`,
  }),
  'credential.reissued': (_event, resource) => ({ what: `given again: ${resource}` }),
  'credential.failed': (event, resource) => ({
    what: `FAILED: ${resource} was not made`,
    note: textOf(event.body, 'error'),
    failed: true,
  }),
  'lease.renewed': (event, resource) => ({
    what: `renewed: ${resource} until ${momentBeside(event, event.body['expiresAtMs'])}`,
  }),
  'lease.renewal_failed': (event, resource) => ({
    what: `NOT RENEWED: ${resource}`,
    note: textOf(event.body, 'error'),
    failed: true,
  }),
  'lease.revoked': (event, resource) => ({ what: `revoked: ${resource} by ${actorOf(event)}` }),
  'lease.expired': (_event, resource) => ({ what: `expired: ${resource}` }),
  'lease.revocation_failed': (event, resource) => ({
    what: `NOT REVOKED YET: ${resource} (attempt ${textOf(event.body, 'attempts') ?? '?'})`,
    note: textOf(event.body, 'error'),
    failed: true,
  }),
  'lease.irrevocable': (event, resource) => ({
    what: `NOT REVOKED: ${resource}, given up`,
    note: textOf(event.body, 'error'),
    failed: true,
  }),
  'orphan.removed': (event) => ({
    what: `orphans removed: ${listOf(event.body['names'])}`,
    note: textOf(event.body, 'credentialProvider'),
  }),
  ...personEventLines,
  'configuration.applied': (event) => ({ what: 'configuration applied', id: textOf(event.body, 'id') }),
  'configuration.refused': (event) => ({
    what: 'configuration REFUSED',
    note: firstProblem(event),
    failed: true,
  }),
  'configuration.proposed': (event) => ({
    what: `change proposed by ${actorOf(event)}: ${textOf(event.body, 'title') ?? '?'}`,
    id: textOf(event.body, 'proposal'),
  }),
  'configuration.approved': (event) => ({
    what: `change approved by ${actorOf(event)}: ${textOf(event.body, 'title') ?? '?'}`,
    id: textOf(event.body, 'proposal'),
    note: event.body['own'] === true ? 'their own' : undefined,
  }),
  'configuration.rejected': (event) => ({
    what: `change turned down by ${actorOf(event)}: ${textOf(event.body, 'title') ?? '?'}`,
    id: textOf(event.body, 'proposal'),
  }),
  'access.frozen': (event) => ({
    what: `FROZEN by ${actorOf(event)}: ${frozenTarget(event)}`,
    id: textOf(event.body, 'freeze'),
    note: textOf(event.body, 'reason'),
  }),
  'access.unfrozen': (event) => ({
    what: `unfrozen by ${actorOf(event)}: ${frozenTarget(event)}`,
    id: textOf(event.body, 'freeze'),
  }),
  'secret.sealed': (event) => ({ what: `sealed: ${textOf(event.body, 'name') ?? '?'} by ${actorOf(event)}` }),
  'key.created': (event) => ({
    what: `signing key made: ${textOf(event.body, 'algorithm') ?? '?'}`,
    id: textOf(event.body, 'key'),
  }),
  'key.retired': (event) => ({
    what: `signing key retired: ${textOf(event.body, 'algorithm') ?? '?'}`,
    id: textOf(event.body, 'key'),
  }),
  'event.erased': (event) => ({
    what: `personal data of an event erased by ${event.actor.id}`,
    note: textOf(event.body, 'reason'),
    id: textOf(event.body, 'event'),
  }),
  'log.pruned': (event) => ({
    what: `events recorded before ${textOf(event.body, 'recordedBefore') ?? '?'} removed`,
    note: 'what is left is proven by the log as before',
  }),
  'sink.down': (event) => ({
    what: `sink ${textOf(event.body, 'name') ?? '?'} takes nothing: ${textOf(event.body, 'code') ?? '?'}`,
    note: 'nothing is lost; it goes on by itself',
  }),
  'sink.up': (event) => ({ what: `sink ${textOf(event.body, 'name') ?? '?'} takes events again` }),
  'sink.retried': (event) => ({
    what: `parked events of ${textOf(event.body, 'name') ?? '?'} sent again by ${event.actor.id}`,
  }),
  'findings.imported': (event) => ({
    what: `report on ${textOf(event.body, 'repository') ?? '?'}: ${textOf(event.body, 'name') ?? '?'}`,
    note: reportedCounts(event.body),
    id: textOf(event.body, 'report'),
  }),
  'finding.triaged': (event) => ({
    what: `findings of ${textOf(event.body, 'repository') ?? '?'}: ${decidedBy(event)}`,
    note: textOf(child(event.body, 'decision'), 'reason'),
    id: firstFinding(event.body),
  }),
  'finding.acceptance_ended': (event) => ({
    what: `findings of ${textOf(event.body, 'repository') ?? '?'}: an acceptance ended`,
    id: firstFinding(event.body),
  }),
  'server.started': (event) => ({
    what: `server started: ${event.actor.id}`,
    note: `configuration ${textOf(event.body, 'configuration') ?? 'unknown'}`,
  }),
  'server.stopped': (event) => ({ what: `server stopped: ${event.actor.id}` }),
};

/** A newer server may know more kinds of events than we do. */
function wordsOf(event: Event): Words {
  const known = Object.hasOwn(WORDS, event.type) ? WORDS[event.type] : undefined;
  if (known !== undefined) return known(event, event.resource ?? '?');
  const note = Object.entries(event.body)
    .filter(([, value]) => typeof value === 'string' || typeof value === 'number')
    .slice(0, SCALARS_MAX)
    .map(([name, value]) => `${name} ${String(value)}`)
    .join(', ');
  return { what: [event.type, event.resource].filter((part) => part !== undefined).join(': '), note };
}

export interface EventLineOptions {
  /** Escape codes for a terminal: what was refused or failed is red, ids are dim. */
  color: boolean;
  /** False where all events are of one decision. */
  ids: boolean;
  indent: string;
}

/** One event in at most two lines of 80 columns, for people; `--format json` has all of it. */
function formatEvent(event: Event, { color, ids, indent }: EventLineOptions): string {
  const words = wordsOf(event);
  const id = ids ? (words.id ?? event.decision ?? event.lease) : undefined;
  const what = clip(printable(words.what), TEXT_COLUMNS - indent.length);
  const note = words.note === undefined || words.note === '' ? undefined : disarm(printable(words.note));
  const paint = (code: number, text: string) => (color ? `\u001b[${code}m${text}\u001b[0m` : text);
  const loud = (text: string) => (words.failed ? paint(31, text) : text);
  const head = `${indent}${event.time.slice(11, 19)}${GAP}`;
  const blank = ' '.repeat(head.length);
  const beside = (text: string) => `${text.padEnd(BESIDE_ID_COLUMNS - indent.length)}${GAP}`;
  const dimId = id === undefined ? '' : paint(2, printable(id));
  if (id === undefined) {
    const joined = note === undefined ? what : `${what}, ${note}`;
    if (joined.length <= TEXT_COLUMNS - indent.length) return `${head}${loud(joined)}\n`;
    return `${head}${loud(what)}\n${blank}${clip(note ?? '', TEXT_COLUMNS - indent.length)}\n`;
  }
  if (note === undefined && what.length <= BESIDE_ID_COLUMNS - indent.length) {
    return `${head}${loud(beside(what))}${dimId}\n`;
  }
  return `${head}${loud(what)}\n${blank}${beside(clip(note ?? '', BESIDE_ID_COLUMNS - indent.length))}${dimId}\n`;
}

/** Prints events one after the other, with a line for each day that begins. */
export function createEventPrinter(options: EventLineOptions): (event: Event) => string {
  let day: string | undefined;
  return (event) => {
    const today = event.time.slice(0, 10);
    const title = today === day ? '' : `${options.indent}${printable(today)} (UTC)\n`;
    day = today;
    return `${title}${formatEvent(event, options)}`;
  };
}
