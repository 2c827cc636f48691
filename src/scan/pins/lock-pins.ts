import path from 'node:path';
import { z } from 'zod';
import { parseYamlSource } from '#core/config/yaml-source.ts';
import { readOwnFile } from '../read-own-file.ts';
import type { PinSource } from '../rule.ts';

const LOCK = '.github/workflows/actions.lock';

const LockFile = z.looseObject({
  dependencies: z.record(
    z.string().max(500),
    z.looseObject({
      ref: z.string().min(1).max(300),
      commit: z.string().regex(/^sha1-[0-9a-f]{40}$/),
      // The platform takes an entry without them for none.
      owner_id: z.number().int().positive(),
      repo_id: z.number().int().positive(),
    }),
  ),
});

/** `owner/name` in lower case; the ref behind it keeps its case, as the platform compares it exactly. */
function nameOf(key: string): string {
  const [name = ''] = key.split('@', 1);
  return name.split('/', 2).join('/').toLowerCase();
}

/** A lock that is not one pins nothing: then the finding stays. */
export function parseLockPins(text: string): PinSource | undefined {
  const parsed = parseYamlSource(LOCK, text);
  const lock = parsed.ok ? LockFile.safeParse(parsed.source.value) : undefined;
  if (lock?.success !== true) return undefined;
  const pins = new Map<string, { commit: string; version: string }>();
  for (const [key, { ref, commit }] of Object.entries(lock.data.dependencies)) {
    pins.set(`${nameOf(key)}@${ref}`, { commit: commit.slice('sha1-'.length), version: ref });
  }
  return { resolve: ({ repository, ref }) => pins.get(`${repository}@${ref ?? ''}`) };
}

/** What GitHub's own lock file of a repository knows about the actions that it uses. */
export function readLockPins(root: string): PinSource | undefined {
  try {
    return parseLockPins(readOwnFile(path.join(root, LOCK)) ?? '');
  } catch {
    // Not a plain file: it pins nothing, and the findings stay.
    return undefined;
  }
}

/** Asks one after the other. */
export function joinPins(...sources: readonly (PinSource | undefined)[]): PinSource | undefined {
  const known = sources.filter((source) => source !== undefined);
  if (known.length < 2) return known[0];
  return {
    resolve(reference) {
      for (const source of known) {
        const pin = source.resolve(reference);
        if (pin !== undefined) return pin;
      }
      return undefined;
    },
  };
}
