import { z } from 'zod';

const Text = z.string().max(20_000);
const Texts = z.array(Text).max(5_000);

/** A list of what may stay; keys are those of gitleaks, which reads them whatever their case. */
export const GitleaksAllowlist = z.object({
  description: Text.optional(),
  condition: Text.optional(),
  commits: Texts.optional(),
  paths: Texts.optional(),
  regextarget: Text.optional(),
  regexes: Texts.optional(),
  stopwords: Texts.optional(),
  targetrules: Texts.optional(),
});
export type GitleaksAllowlist = z.infer<typeof GitleaksAllowlist>;

const GitleaksRule = z.object({
  id: z.string().min(1).max(200),
  description: Text.optional(),
  regex: Text.optional(),
  path: Text.optional(),
  secretgroup: z.int().min(0).max(100).optional(),
  entropy: z.number().min(0).max(16).optional(),
  keywords: z.array(z.string().max(1_000)).max(1_000).optional(),
  skipreport: z.boolean().optional(),
  allowlist: GitleaksAllowlist.optional(),
  allowlists: z.array(GitleaksAllowlist).max(1_000).optional(),
  required: z
    .array(z.object({ id: z.string().max(200) }))
    .max(50)
    .optional(),
});
export type GitleaksRule = z.infer<typeof GitleaksRule>;

/** `.gitleaks.toml`, with keys in lower case. */
export const GitleaksFile = z.object({
  extend: z
    .object({
      usedefault: z.boolean().optional(),
      path: Text.optional(),
      disabledrules: Texts.optional(),
    })
    .optional(),
  rules: z.array(GitleaksRule).max(5_000).optional(),
  allowlist: GitleaksAllowlist.optional(),
  allowlists: z.array(GitleaksAllowlist).max(1_000).optional(),
});
export type GitleaksFile = z.infer<typeof GitleaksFile>;

/** Keys in lower case all the way down; what `__proto__` could do to an object, it cannot do to this one. */
export function lowerKeys(value: unknown, depth = 0): unknown {
  if (depth > 8) return undefined;
  if (Array.isArray(value)) return value.map((each) => lowerKeys(each, depth + 1));
  if (typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value).map(([key, each]): [string, unknown] => [
    key.toLowerCase(),
    lowerKeys(each, depth + 1),
  ]);
  return Object.fromEntries(entries.filter(([key]) => key !== '__proto__'));
}
