import { z } from 'zod';

/** https://ossf.github.io/osv-schema/, as much of it as is needed here. */
export const Advisory = z.looseObject({
  id: z.string().max(100),
  summary: z.string().optional(),
  aliases: z.array(z.string().max(200)).max(1_000).optional(),
  withdrawn: z.string().optional(),
  affected: z
    .array(
      z.looseObject({
        package: z.looseObject({ ecosystem: z.string(), name: z.string() }).optional(),
        ranges: z
          .array(
            z.looseObject({
              type: z.string(),
              events: z.array(z.record(z.string(), z.string())).max(10_000),
            }),
          )
          .optional(),
        versions: z.array(z.string()).max(50_000).optional(),
      }),
    )
    .max(1_000)
    .optional(),
});
export type Advisory = z.infer<typeof Advisory>;
export type Affected = NonNullable<Advisory['affected']>[number];
