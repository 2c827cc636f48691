import { z } from 'zod';
import { Receipt, ReceiptList } from '#api/log.ts';
import { AuditEvent } from '#audit/event.ts';
import {
  findReceiptFault,
  type InclusionReceipt,
  parseReceipt,
  type ReceiptFault,
  type ReceiptTrust,
} from '#audit/log/inclusion-receipt.ts';
import { findOpeningFault, type OpeningFault } from '#audit/log/log-entry.ts';
import { formatFields, formatParagraph } from '../layout.ts';
import { formatTime } from '../output.ts';
import { AuditError } from './audit-error.ts';

export interface ReadReceipt {
  readonly receipt: Receipt;
  readonly parsed: InclusionReceipt;
}

/** A receipt that was checked; `fault` is what is wrong with it. */
export interface CheckedReceipt {
  readonly index: number;
  readonly origin: string;
  readonly event: AuditEvent | undefined;
  readonly fault: ReceiptFault | OpeningFault | undefined;
}

const RECEIPT_FILE = z.union([Receipt, ReceiptList]);

function unreadable(file: string, why: string): AuditError {
  return new AuditError('receipt_unreadable', `${file} is no receipt: ${why}`, {
    remedy: 'Get it again: vouchgate audit prove DECISION --output receipt.json',
  });
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** NDJSON: a receipt a line, as the console exports them. */
function parseLines(text: string): unknown {
  const receipts = text
    .split('\n')
    .filter((line) => line.trim() !== '')
    .map(parseJson);
  return receipts.includes(undefined) ? undefined : { receipts };
}

/** @throws AuditError `receipt_unreadable` */
export function readReceipts(text: string, file: string): readonly ReadReceipt[] {
  const value = parseJson(text) ?? parseLines(text);
  if (value === undefined) throw unreadable(file, 'it is no JSON');
  const found = RECEIPT_FILE.safeParse(value);
  if (!found.success) throw unreadable(file, 'it has another form');
  const receipts = 'receipts' in found.data ? found.data.receipts : [found.data];
  if (receipts.length === 0) throw unreadable(file, 'it is empty');
  return receipts.map((receipt) => {
    const parsed = parseReceipt(receipt.proof);
    if (parsed === undefined) throw unreadable(file, 'its proof cannot be read');
    return { receipt, parsed };
  });
}

export function verifyReceipts(
  receipts: readonly ReadReceipt[],
  trust: ReceiptTrust,
): readonly CheckedReceipt[] {
  return receipts.map(({ receipt, parsed }): CheckedReceipt => {
    const entry = Buffer.from(receipt.entry);
    const event = AuditEvent.safeParse(parseJson(receipt.opening.lasting));
    const opened = findOpeningFault(entry, receipt.opening);
    return {
      index: parsed.index,
      origin: parsed.signed.checkpoint.origin,
      event: event.success ? event.data : undefined,
      fault: findReceiptFault(parsed, entry, trust) ?? opened,
    };
  });
}

const FAULTS: Readonly<Record<NonNullable<CheckedReceipt['fault']>, string>> = {
  not_signed_by_log: 'its checkpoint is not signed by this key',
  not_enough_witnesses: 'not all of the witnesses have cosigned its checkpoint',
  entry_not_included: 'the entry does not stand at this place of the log',
  entry_unreadable: 'its event cannot be read',
  lasting_part_differs: 'the event is not the one that was recorded',
  personal_part_differs: 'the personal part of the event is not the one that was recorded',
};

/** More than these are not told one by one, unless they do not hold. */
const TOLD_MAX = 20;
const FAULTY_TOLD_MAX = 100;

export function describeReceipts(checked: readonly CheckedReceipt[]): string {
  if (checked.length <= TOLD_MAX) return describeEach(checked);
  const faulty = checked.filter(({ fault }) => fault !== undefined);
  if (faulty.length === 0) return formatParagraph('', `All ${checked.length} receipts hold.`);
  const head = formatParagraph('', `${faulty.length} of ${checked.length} receipts do NOT hold:`);
  const lines = faulty
    .slice(0, FAULTY_TOLD_MAX)
    .map(({ index, fault }) => `  entry ${index}: ${fault === undefined ? '' : FAULTS[fault]}\n`);
  const more = faulty.length > lines.length ? `  and ${faulty.length - lines.length} more\n` : '';
  return `${head}${lines.join('')}${more}`;
}

function describeEach(checked: readonly CheckedReceipt[]): string {
  return checked
    .map(({ index, origin, event, fault }) => {
      if (fault !== undefined)
        return formatParagraph('', `The receipt does NOT hold: ${FAULTS[fault]} [${fault}]`);
      const head = formatParagraph('', `Recorded: entry ${index} of ${origin}.`);
      return `${head}${formatFields([
        ['what', event?.type],
        ['when', event && formatTime(event.timeMs)],
        ['who', event && `${event.actor.kind} ${event.actor.id}`],
        ['resource', event?.resource],
        ['decision', event?.decision],
      ])}`;
    })
    .join('\n');
}
