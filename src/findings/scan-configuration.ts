import { z } from 'zod';
import type { Finding } from './finding.ts';
import { confidences, personas, severities } from './severity.ts';

const RuleId = z.string().min(1).max(100);
const ISO_DATE = /^\d{4}-\d{2}-\d{2}$/;

/** A decision to live with something: whose it is, why, and until when. */
const Waiver = z.strictObject({
  rule: RuleId,
  /** Glob over file names; without it every file. */
  path: z.string().max(1_000).optional(),
  /** Only the finding with this fingerprint. */
  fingerprint: z.string().max(200).optional(),
  owner: z.string().min(1).max(200),
  reason: z.string().min(1).max(1_000),
  expires: z.string().regex(ISO_DATE, 'must be a date: 2027-03-31'),
});

const RuleSettings = z.strictObject({
  enabled: z.boolean().optional(),
  severity: z.enum(severities).optional(),
  /** The rule's own; it says what may stand there. */
  settings: z.record(z.string().max(100), z.unknown()).optional(),
});

/** `.vouchgate.yml` at the root of a repository. */
export const ScanConfiguration = z.strictObject({
  version: z.literal(1),
  /** Files whose settings hold here, too; relative to this one, inside of the repository. What is nearer wins. */
  extends: z.union([z.string().min(1).max(1_000), z.array(z.string().min(1).max(1_000)).max(10)]).optional(),
  scan: z
    .strictObject({
      persona: z.enum(personas).optional(),
      minimumConfidence: z.enum(confidences).optional(),
      rules: z.record(RuleId, RuleSettings).optional(),
      waivers: z.array(Waiver).max(10_000).optional(),
      /** Globs of files that are not looked at. */
      exclude: z.array(z.string().max(1_000)).max(1_000).optional(),
      /** Folder → who mends what is found below it; the deepest folder counts. */
      owners: z.record(z.string().min(1).max(1_000), z.string().min(1).max(200)).optional(),
    })
    .optional(),
});
export type ScanConfiguration = z.infer<typeof ScanConfiguration>;
export type ScanSettings = NonNullable<ScanConfiguration['scan']>;

/** Settings over those that they extend: lists grow, what has a name is replaced. */
export function mergeScanSettings(base: ScanSettings, own: ScanSettings): ScanSettings {
  const rules = { ...base.rules };
  for (const [id, rule] of Object.entries(own.rules ?? {})) rules[id] = { ...rules[id], ...rule };
  return {
    ...base,
    ...own,
    rules,
    waivers: [...(base.waivers ?? []), ...(own.waivers ?? [])],
    exclude: [...(base.exclude ?? []), ...(own.exclude ?? [])],
    owners: { ...base.owners, ...own.owners },
  };
}

/** Who is to mend what is found in a file. */
export function ownerOf(file: string, { owners = {} }: ScanSettings): string | undefined {
  const folders = Object.keys(owners).map((written) => ({
    written,
    prefix: written === '.' ? '' : `${written.replace(/^\.\//, '').replace(/\/+$/, '')}/`,
  }));
  const [deepest] = folders
    .filter(({ prefix }) => file.startsWith(prefix))
    .toSorted((left, right) => right.prefix.length - left.prefix.length);
  return deepest === undefined ? undefined : owners[deepest.written];
}

function isWaivedBy(
  finding: Finding,
  waiver: z.infer<typeof Waiver>,
  matches: (glob: string, file: string) => boolean,
) {
  if (waiver.rule !== finding.ruleId) return false;
  if (waiver.fingerprint !== undefined && waiver.fingerprint !== finding.fingerprint) return false;
  return waiver.path === undefined || matches(waiver.path, finding.locations[0].file);
}

/** Suppresses what a waiver covers; one whose last day has passed covers nothing any more. */
export function applyWaivers(
  findings: readonly Finding[],
  settings: ScanSettings,
  nowMs: number,
  matches: (glob: string, file: string) => boolean,
): { findings: Finding[]; expired: string[] } {
  const DAY_MS = 86_400_000;
  const isOver = (expires: string) => Date.parse(expires) + DAY_MS <= nowMs;
  const waivers = settings.waivers ?? [];
  const expired = new Set<string>();
  const waived = findings.map((finding): Finding => {
    if (finding.suppression !== undefined) return finding;
    const covering = waivers.filter((waiver) => isWaivedBy(finding, waiver, matches));
    const waiver = covering.find(({ expires }) => !isOver(expires));
    if (waiver === undefined) {
      for (const { rule, owner, expires } of covering)
        expired.add(`the waiver of ${rule} by ${owner} ended on ${expires}`);
      return finding;
    }
    const { owner, reason: justification, expires } = waiver;
    return { ...finding, suppression: { kind: 'waiver', justification, owner, expires } };
  });
  return { findings: waived, expired: [...expired] };
}
