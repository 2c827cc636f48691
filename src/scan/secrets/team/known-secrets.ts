import { hash } from 'node:crypto';
import { z } from 'zod';
import type { Suppression } from '#findings/finding.ts';

const LINES_MAX = 100_000;

const DetectSecretsBaseline = z.object({
  results: z.record(
    z.string(),
    z.array(z.object({ hashed_secret: z.string().max(100), is_secret: z.boolean().optional() })).max(100_000),
  ),
});

/** What a team has looked at before, with another tool. */
export interface KnownSecret {
  readonly file: string;
  readonly line: number;
  readonly value: string;
  /** What gitleaks calls the rule. */
  readonly gitleaksIds: readonly string[];
  readonly commit?: string | undefined;
}
export type FindKnown = (secret: KnownSecret) => Suppression | undefined;

/** `.gitleaksignore`: `file:rule:line`, or `commit:file:rule:line`, one a line. */
export function readGitleaksIgnore(text: string): FindKnown {
  const lines = text.split('\n', LINES_MAX).map((line) => line.trim());
  const known = new Set(lines.filter((line) => line !== '' && !line.startsWith('#')));
  return ({ file, line, gitleaksIds, commit }) => {
    const names = gitleaksIds.flatMap((id) => {
      const name = `${file}:${id}:${line}`;
      return commit === undefined ? [name] : [name, `${commit}:${name}`];
    });
    const name = names.find((each) => known.has(each));
    return name === undefined ? undefined : { kind: 'baseline', justification: '.gitleaksignore names it' };
  };
}

/**
 * `.secrets.baseline` of detect-secrets: SHA-1 of each secret by file. What an audit there called a secret is not let
 * stand. Undefined when the text is no baseline.
 */
export function readDetectSecretsBaseline(text: string): FindKnown | undefined {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return undefined;
  }
  const parsed = DetectSecretsBaseline.safeParse(value);
  if (!parsed.success) return undefined;
  const known = new Set(
    Object.entries(parsed.data.results).flatMap(([file, secrets]) =>
      secrets
        .filter((each) => each.is_secret !== true)
        .map((each) => `${each.hashed_secret} ${file.replaceAll('\\', '/')}`),
    ),
  );
  return (secret) =>
    known.has(`${hash('sha1', secret.value, 'hex')} ${secret.file}`)
      ? { kind: 'baseline', justification: '.secrets.baseline knows it' }
      : undefined;
}
