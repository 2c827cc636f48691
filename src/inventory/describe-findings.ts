import type { Edit, Finding, Fix, Location } from '#findings/finding.ts';
import type { Repository } from '#pipeline/repository.ts';
import { applyEdits, overlaps } from '#scan/fix/apply-edits.ts';
import { formatUnifiedDiff } from '#scan/fix/unified-diff.ts';
import { findStrayChange } from '#scan/fix/verify-edits.ts';
import type { FixPatch, PipelineFinding, Place, Station } from './inspected-repository.ts';
import { shorten, showLine, showPatch } from './show-text.ts';

const FIXES_MAX = 3;
const PLACES_MAX = 20;
const PATCH_CHARS_MAX = 60_000;

export function placeOf({ file, start, end }: Location): Place {
  return { file, line: start.line, column: start.column, endLine: end.line, endColumn: end.column };
}

export function stationOf(label: string, location: Location): Station {
  return {
    label: shorten(label),
    place: placeOf(location),
    excerpt: location.excerpt.lines.map(showLine),
    excerptLine: location.excerpt.firstLine,
  };
}

/** Texts of a repository by file, to apply fixes to. */
export type Texts = ReadonlyMap<string, string>;

export function textsOf({ files }: Repository): Texts {
  return new Map(files.map(({ source }) => [source.file, source.text]));
}

function diffOf(file: string, edits: readonly Edit[], texts: Texts): string | undefined {
  const before = texts.get(file);
  if (
    before === undefined ||
    edits.some((edit, at) => edits.slice(at + 1).some((other) => overlaps(edit, other)))
  ) {
    return undefined;
  }
  const after = applyEdits(before, edits);
  // What would change more than it says is offered to nobody.
  if (findStrayChange(file, before, after, edits) !== undefined) return undefined;
  return formatUnifiedDiff(file, before, after);
}

/** Undefined for a fix that does not hold what it promises. */
export function patchOf(fix: Fix, texts: Texts): FixPatch | undefined {
  const byFile = Map.groupBy(fix.edits, ({ file }) => file);
  const diffs = [...byFile].map(([file, edits]) => diffOf(file, edits, texts));
  if (diffs.length === 0 || diffs.some((diff) => diff === undefined || diff === '')) return undefined;
  const patch = diffs.join('');
  const shown = patch.length > PATCH_CHARS_MAX ? undefined : showPatch(patch);
  return { title: shorten(fix.title), safety: fix.safety, patch: shown };
}

function acceptedWhy({ suppression }: Finding): string | undefined {
  if (suppression === undefined) return undefined;
  const { kind, justification, owner, expires } = suppression;
  const parts = [
    justification ?? `by ${kind === 'inline' ? 'a comment beside it' : `a ${kind}`}`,
    ...(owner === undefined ? [] : [`owner ${owner}`]),
    ...(expires === undefined ? [] : [`until ${expires}`]),
  ];
  return shorten(parts.join(', '));
}

export function describeFinding(finding: Finding, texts: Texts, isAttack: boolean): PipelineFinding {
  const [first, ...others] = finding.locations;
  return {
    fingerprint: finding.fingerprint,
    ruleId: finding.ruleId,
    severity: finding.severity,
    confidence: finding.confidence,
    message: shorten(finding.message, 600),
    explanation: shorten(finding.explanation, 2_000),
    remedy: shorten(finding.remedy, 2_000),
    place: placeOf(first),
    otherPlaces: others.slice(0, PLACES_MAX).map((each) => stationOf(each.label ?? '', each)),
    fixes: finding.fixes.slice(0, FIXES_MAX).flatMap((fix) => patchOf(fix, texts) ?? []),
    attackPath: isAttack ? finding.fingerprint : undefined,
    accepted: acceptedWhy(finding),
  };
}
