import { z } from 'zod';

/** A fact that failed: what was looked at, what would have passed, what was there (`null`: it was absent). */
export const Fact = z.object({
  name: z.string(),
  expected: z.string(),
  received: z.string().nullable(),
});
export type Fact = z.infer<typeof Fact>;
