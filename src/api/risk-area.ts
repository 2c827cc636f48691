import { z } from 'zod';

/** What can go wrong with a pipeline, in the eight kinds that the overview has. See `docs/reference/risk-areas.md`. */
export const RiskArea = z.enum([
  'misconfiguration',
  'secrets',
  'code-injection',
  'security-testing',
  'third-parties',
  'privilege',
  'monitoring',
  'poisoning',
]);
export type RiskArea = z.infer<typeof RiskArea>;
