import { z } from 'zod';
import { Moment } from './parameters.ts';

/** The log as a witness or an auditor needs to know it. */
export const LogDescription = z.object({
  origin: z.string().describe('Name of the log, on the first line of its checkpoints.'),
  verifier_key: z
    .string()
    .describe('Key of the log as a vkey (C2SP signed-note). Keep it: receipts need nothing else.'),
  post_quantum_key: z
    .string()
    .nullable()
    .describe('Another key of the log, of ML-DSA-44; null where checkpoints are not signed with it.'),
  witness_key: z.string().describe('Key that this server signs the checkpoints of other logs with.'),
  witness_post_quantum_key: z.string().nullable().describe('The same of ML-DSA-44, where it is signed with.'),
  size: z.int().min(0),
  minimum_index: z
    .int()
    .min(0)
    .multipleOf(256)
    .describe('Entries before it are not kept any more, only their hashes; 0 where nothing was pruned.'),
  retention_seconds: z
    .int()
    .nullable()
    .describe('How long entries and their events are kept at least; null: for ever.'),
  signed_at: Moment.nullable().describe('When the newest checkpoint was signed; null before the first.'),
});
export type LogDescription = z.infer<typeof LogDescription>;

export const EntryOpening = z.object({
  lasting: z
    .string()
    .describe('JSON of the event, exactly as it was hashed; `[personal]` stands for what is personal.'),
  personal: z
    .string()
    .optional()
    .describe('JSON of what is personal, as pointers and values; gone when it was erased.'),
  salts: z.object({
    lasting: z.string(),
    personal: z.string().optional(),
  }),
});

/** Proof that an event stands in the log; all that is needed to check it but the key. */
export const Receipt = z.object({
  schema: z.literal('vouchgate-receipt/1'),
  index: z.int().min(0),
  entry: z.string().describe('The leaf of the log.'),
  opening: EntryOpening.describe('What the digests in the leaf stand for.'),
  proof: z.string().describe('C2SP tlog-proof, with the signed checkpoint.'),
});
export type Receipt = z.infer<typeof Receipt>;

export const ReceiptList = z.object({ receipts: z.array(Receipt) });
export type ReceiptList = z.infer<typeof ReceiptList>;

/** What 256 leaves of the log stand for. */
export const LogBundle = z.object({
  openings: z
    .array(EntryOpening.extend({ index: z.int().min(0) }).nullable())
    .describe('In the order of the entries; null where the event is not in the record any more.'),
});
export type LogBundle = z.infer<typeof LogBundle>;

export const EventErasure = z.strictObject({
  reason: z.string().min(1).max(500).describe('Why, for the record: the number of a request, not a name.'),
});
export type EventErasure = z.infer<typeof EventErasure>;

/** A job asks for the receipts of its own decision with the token that it was made for. */
export const ReceiptRequest = z.strictObject({
  token: z.string().min(1).describe('The platform token of the job; it is verified and not used up.'),
});
export type ReceiptRequest = z.infer<typeof ReceiptRequest>;

/** A witness of the configuration. */
export const LogWitness = z.object({
  name: z.string(),
  key: z.string().describe('As a vkey.'),
  url: z.string(),
  cosigned_size: z.int().nullable().describe('Of the newest checkpoint that is kept with its signature.'),
  cosigned_at: Moment.nullable(),
});
export type LogWitness = z.infer<typeof LogWitness>;

/** How far the log is behind the record, and who has signed it. */
export const LogStatus = z.object({
  origin: z.string(),
  verifier_key: z.string(),
  post_quantum_key: z.string().nullable(),
  size: z.int().min(0),
  root: z.string().nullable().describe('Over all entries, base64.'),
  signed_at: Moment.nullable(),
  sealed_through: z.int().describe('Sequence of the last event in the log.'),
  recorded_through: z.int().describe('Sequence of the last event in the record.'),
  waiting_seconds: z
    .number()
    .min(0)
    .nullable()
    .describe('How long the first event waits that is not in the log yet; null when all are.'),
  quorum: z.int().min(0).describe('Witnesses that make a checkpoint a witnessed one.'),
  witnessed_size: z.int().nullable().describe('Of the newest checkpoint that enough of them have signed.'),
  witnesses: z.array(LogWitness),
});
export type LogStatus = z.infer<typeof LogStatus>;

/** Proof of 256 entries at once. */
export const BundleReceipts = z.object({
  receipts: z
    .array(Receipt.nullable())
    .describe('In the order of the entries; null where the event is not in the record any more.'),
});
export type BundleReceipts = z.infer<typeof BundleReceipts>;
