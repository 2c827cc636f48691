import { z } from 'zod';
import { Moment } from './parameters.ts';

/** The log as a witness or an auditor needs to know it. */
export const LogDescription = z.object({
  origin: z.string().describe('Name of the log, on the first line of its checkpoints.'),
  verifier_key: z
    .string()
    .describe('Key of the log as a vkey (C2SP signed-note). Keep it: receipts need nothing else.'),
  witness_key: z.string().describe('Key that this server signs the checkpoints of other logs with.'),
  size: z.int().min(0),
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
