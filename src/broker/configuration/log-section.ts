import { z } from 'zod';
import { DurationText } from '#core/config/duration.ts';

const RETENTION_SECONDS_MIN = 30 * 86_400;

/** Checked where it is used, too: a key is more than its form. */
const VerifierKey = z
  .string()
  .max(3_000)
  .regex(/^[^\s+]{1,255}\+[0-9a-f]{8}\+[A-Za-z0-9+/]+={0,2}$/u, 'must be a key such as name+1a2b3c4d+BASE64');

/** Who signs that our log shows everybody the same (C2SP tlog-witness). */
export const LogSection = z
  .strictObject({
    witnesses: z
      .array(
        z.strictObject({
          key: VerifierKey.describe('Its key, as a vkey.'),
          url: z
            .url({ protocol: /^https?$/ })
            .describe('Its submission prefix: `add-checkpoint` lies below.'),
        }),
      )
      .max(20)
      .default([])
      .describe('Asked to sign each new checkpoint.'),
    quorum: z
      .int()
      .min(1)
      .max(20)
      .default(1)
      .describe('How many of them make a checkpoint one that receipts point to.'),
    postQuantum: z
      .boolean()
      .default(false)
      .describe(
        'Checkpoints are signed with ML-DSA-44, too, which no quantum computer breaks. Each signature has 3 KB.',
      ),
    retention: DurationText.refine((seconds) => seconds >= RETENTION_SECONDS_MIN, 'must be 30d or more')
      .optional()
      .describe(
        'How long events are kept, at least 30d; for ever by default. Older ones are removed once every sink has ' +
          'them; their hashes stay, so that what is left is proven as before.',
      ),
  })
  .refine(({ witnesses, quorum }) => witnesses.length === 0 || quorum <= witnesses.length, {
    message: 'more witnesses are needed than there are',
    path: ['quorum'],
  });
export type LogSection = z.infer<typeof LogSection>;

/** Whose logs this server signs as a witness. */
export const WitnessSection = z.strictObject({
  logs: z
    .array(VerifierKey)
    .max(1_000)
    .default([])
    .describe('Keys of the logs, as vkeys. Give their operators the key of `vouchgate audit key --witness`.'),
  postQuantum: z.boolean().default(false).describe('Sign their checkpoints with ML-DSA-44, too.'),
});
export type WitnessSection = z.infer<typeof WitnessSection>;
