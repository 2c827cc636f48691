import { z } from 'zod';

/** Checked where it is used, too: a key is more than its form. */
const VerifierKey = z
  .string()
  .max(2_000)
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
});
