import { z } from 'zod';

/** How changes that are proposed in the console come into force. */
export const ChangesSection = z.strictObject({
  approvals: z
    .union([z.literal(0), z.literal(1)])
    .default(1)
    .describe(
      'How many others must approve a proposed change; 0 lets people approve their own, for a server of one person.',
    ),
});
export type ChangesSection = z.infer<typeof ChangesSection>;
