import { generateKeyPairSync } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import type { AuditEvent } from '#audit/event.ts';
import { formatCheckpoint } from '#audit/log/checkpoint-text.ts';
import { formatReceipt } from '#audit/log/inclusion-receipt.ts';
import { buildLogEntry, openEntry, SALT_BYTES } from '#audit/log/log-entry.ts';
import { hashLeaf } from '#audit/log/merkle-hash.ts';
import { createNoteSigner } from '#audit/log/note-key.ts';
import { signNote } from '#audit/log/signed-note.ts';
import { describeReceipts, readReceipts, verifyReceipts } from './verify-receipt.ts';

const log = createNoteSigner('vouchgate.example/log', 'ed25519', generateKeyPairSync('ed25519').privateKey);
const trust = { log, witnesses: [], quorum: 0 };

/** A receipt out of a log of one entry. */
function receiptOf(count: number) {
  const event: AuditEvent = {
    id: `evt_${count}`,
    timeMs: 1_780_000_000_000,
    type: 'server.started',
    actor: { kind: 'server', id: 'a' },
    body: {},
  };
  const salt = Buffer.alloc(SALT_BYTES, 1);
  const entry = Buffer.from(buildLogEntry(JSON.stringify(event), salt));
  const root = hashLeaf(entry);
  const checkpoint = { origin: log.name, size: 1, root };
  const note = signNote(formatCheckpoint(checkpoint), [log], 0);
  const proof = formatReceipt({ index: 0, proof: [], signed: { checkpoint, note } });
  return {
    schema: 'vouchgate-receipt/1',
    index: 0,
    entry: entry.toString('utf8'),
    opening: openEntry(event, salt),
    proof,
  };
}

const linesOf = (receipts: readonly unknown[]) =>
  `${receipts.map((each) => JSON.stringify(each)).join('\n')}\n`;

describe('a file of receipts', () => {
  it('is read as one, as a list, and line by line', () => {
    const receipt = receiptOf(1);
    expect(readReceipts(JSON.stringify(receipt), 'f')).toHaveLength(1);
    expect(readReceipts(JSON.stringify({ receipts: [receipt, receipt] }), 'f')).toHaveLength(2);
    expect(readReceipts(linesOf([receipt, receiptOf(2), receiptOf(3)]), 'f')).toHaveLength(3);
  });

  it.each(['', '\n\n', 'no', '{"a":1}\n{', '{}', '[]', '{"receipts":[]}'])('is refused as %j', (text) => {
    expect(() => readReceipts(text, 'f')).toThrow(expect.objectContaining({ code: 'receipt_unreadable' }));
  });

  it('that is long is summed up, and names each that does not hold', () => {
    const receipts = Array.from({ length: 30 }, (_, at) => receiptOf(at));
    const checked = verifyReceipts(readReceipts(linesOf(receipts), 'f'), trust);
    expect(describeReceipts(checked)).toBe('All 30 receipts hold.\n');
    const forged = receipts.with(7, { ...receiptOf(7), entry: receiptOf(8).entry });
    const found = describeReceipts(verifyReceipts(readReceipts(linesOf(forged), 'f'), trust));
    expect(found).toContain('1 of 30 receipts do NOT hold:');
    expect(found).toContain('  entry 0: the entry does not stand at this place of the log');
  });
});
