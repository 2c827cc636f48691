import { lintCatalogue, lintEntry } from '../lint-catalogue.ts';
import type { LintFinding } from '../lint.ts';
import { nearestName } from '../nearest-name.ts';

const REASON_CHARS_MIN = 10;

export interface Waivers {
  waivers: ReadonlyMap<string, string>;
  problems: readonly LintFinding[];
}

/** Reads `@allow("lint-id: reason; other-id: reason")`. A waiver without a reason is not one. */
export function readWaivers(annotation: string | undefined): Waivers {
  const waivers = new Map<string, string>();
  const problems: LintFinding[] = [];
  for (const part of annotation?.split(';') ?? []) {
    const colon = part.indexOf(':');
    const id = (colon === -1 ? part : part.slice(0, colon)).trim();
    const reason = colon === -1 ? '' : part.slice(colon + 1).trim();
    if (lintEntry(id) === undefined) problems.push(unknownLint(id));
    else if (reason.length < REASON_CHARS_MIN) problems.push(missingReason(id));
    else waivers.set(id, reason);
  }
  return { waivers, problems };
}

function unknownLint(id: string): LintFinding {
  const ids = lintCatalogue.map((entry) => entry.id);
  const nearest = nearestName(id, ids);
  return {
    id: 'waiver_invalid',
    severity: 'error',
    message: `@allow names \`${id.slice(0, 60)}\`, which is not a lint${nearest === undefined ? '' : `; did you mean \`${nearest}\`?`}`,
    remedy: `Write \`@allow("${nearest ?? 'lint-id'}: why this is acceptable here")\`; lints are ${ids.join(', ')}.`,
  };
}

function missingReason(id: string): LintFinding {
  return {
    id: 'waiver_invalid',
    severity: 'error',
    message: `@allow waives ${id} without a reason.`,
    remedy: `Say why in ${REASON_CHARS_MIN} characters or more: \`@allow("${id}: why this is acceptable here")\`.`,
  };
}
