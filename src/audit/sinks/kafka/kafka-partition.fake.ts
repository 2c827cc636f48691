import { crc32c, Reader, readRecordsBatch, type RecordsBatch } from '@platformatic/kafka';
import { isPoison } from '../sink.contract.ts';

const CRC_AT = 17;
const CRC_COVERS_FROM = 21;
const CORRUPT_MESSAGE = 2;
const MESSAGE_TOO_LARGE = 10;
const INVALID_TIMESTAMP = 32;
const OUT_OF_ORDER_SEQUENCE_NUMBER = 45;
const INVALID_RECORD = 87;
/** Of a broker that nobody tuned. */
const BATCH_BYTES_MAX = 1_048_588;

interface StoredBatch {
  readonly bytes: Buffer;
  readonly firstOffset: number;
  readonly count: number;
}

/** What a leader keeps of one partition; it takes a batch as a whole, and knows again what it has taken. */
export class FakePartition {
  readonly #batches: StoredBatch[] = [];
  readonly #nextSequence = new Map<bigint, number>();
  /** Offsets below are gone, as retention leaves it. */
  start = 0;
  end = 0;
  /** The newest that it has ever refused as a duplicate. */
  duplicates = 0;

  /** The error code of the protocol. */
  append(bytes: Buffer, nowMs: number): number {
    if (bytes.length > BATCH_BYTES_MAX) return MESSAGE_TOO_LARGE;
    if (crc32c(bytes.subarray(CRC_COVERS_FROM)) !== bytes.readUInt32BE(CRC_AT)) return CORRUPT_MESSAGE;
    const batch = readRecordsBatch(Reader.from(bytes));
    if (batch.records.some(({ value }) => isPoison(value?.toString() ?? ''))) return INVALID_RECORD;
    if (batch.maxTimestamp > BigInt(nowMs + 3_600_000)) return INVALID_TIMESTAMP;
    const expected = this.#nextSequence.get(batch.producerId) ?? 0;
    if (batch.firstSequence + batch.records.length === expected) {
      this.duplicates += 1;
      return 0;
    }
    if (batch.producerId < 0n || batch.firstSequence !== expected) return OUT_OF_ORDER_SEQUENCE_NUMBER;
    this.#nextSequence.set(batch.producerId, expected + batch.records.length);
    const stored = Buffer.from(bytes);
    stored.writeBigInt64BE(BigInt(this.end), 0);
    this.#batches.push({ bytes: stored, firstOffset: this.end, count: batch.records.length });
    this.end += batch.records.length;
    return 0;
  }

  /** From the batch on that holds the offset, as long as it fits; the first is given in any case. */
  read(offset: number, bytesMax: number): Buffer {
    const found: Buffer[] = [];
    let bytes = 0;
    for (const batch of this.#batches) {
      if (batch.firstOffset + batch.count <= Math.max(offset, this.start)) continue;
      bytes += batch.bytes.length;
      if (found.length > 0 && bytes > bytesMax) break;
      found.push(batch.bytes);
    }
    return Buffer.concat(found);
  }

  batches(): readonly RecordsBatch[] {
    return this.#batches.map(({ bytes }) => readRecordsBatch(Reader.from(bytes)));
  }
}
