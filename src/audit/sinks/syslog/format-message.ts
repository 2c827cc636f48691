import { eventMeanings } from '../../mapping/event-meaning.ts';
import type { SinkDocument } from '../sink.ts';
import type { SyslogSettings } from './settings.ts';

const WARNING = 4;
const INFORMATIONAL = 6;
const MSGID_CHARS_MAX = 32;

/** RFC 5424 §6.3.3: these three, and no other. */
function escapeParameter(text: string): string {
  return text.replaceAll(/["\\\]]/g, (character) => `\\${character}`);
}

/** JSON in ASCII: no byte order mark is needed then (RFC 5424 §6.4), which receivers leave in or take out. */
function toAscii(json: string): string {
  return json.replaceAll(
    /[\u007f-\uffff]/g,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
}

/** A message of RFC 5424, framed by its length (RFC 5425 §4.3). */
export function formatMessage({ event, index, text }: SinkDocument, settings: SyslogSettings): string {
  const severity = eventMeanings[event.type]?.outcome === 'failure' ? WARNING : INFORMATIONAL;
  const priority = settings.facility * 8 + severity;
  const time = new Date(event.timeMs).toISOString();
  const data = [
    `vouchgate@${settings.enterpriseNumber}`,
    `id="${escapeParameter(toAscii(event.id))}"`,
    `index="${index}"`,
    `sequence="${event.sequence}"`,
  ].join(' ');
  const head = `<${priority}>1 ${time} ${settings.hostname} vouchgate - ${event.type.slice(0, MSGID_CHARS_MAX)}`;
  const message = `${head} [${data}] ${toAscii(text)}`;
  return `${message.length} ${message}`;
}
