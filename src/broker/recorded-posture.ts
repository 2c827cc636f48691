import { z } from 'zod';
import { PolicyPosture, type PostureAnswer } from '#policy/posture.ts';
import type { PostureInspection } from './posture-source.ts';

const FINDINGS_MAX = 5;
const REASONS_MAX = 10;
const TEXT_CHARS_MAX = 300;

/** What the record of a decision keeps of a posture: all that a policy saw, and the first of what was found. */
export function recordOfPosture(inspection: PostureInspection): Record<string, unknown> {
  if (!inspection.known) return { known: false, reason: clip(inspection.reason) };
  const { findings, reasons, ...rest } = inspection.posture;
  return {
    known: true,
    ...rest,
    findings: findings.slice(0, FINDINGS_MAX).map((finding) => ({
      ...finding,
      message: clip(finding.message),
      remedy: clip(finding.remedy),
    })),
    reasons: reasons.slice(0, REASONS_MAX).map(clip),
  };
}

function clip(text: string): string {
  return text.length <= TEXT_CHARS_MAX ? text : `${text.slice(0, TEXT_CHARS_MAX - 1)}…`;
}

const Recorded = z.discriminatedUnion('known', [
  z.looseObject({ known: z.literal(true), facts: PolicyPosture, inspectedAtMs: z.number() }),
  z.looseObject({ known: z.literal(false), reason: z.string() }),
]);

/** The posture of a decision made before, as old as it is now; undefined when none was asked for. */
export function readRecordedPosture(recorded: unknown, nowMs: number): PostureAnswer | undefined {
  if (recorded === undefined) return undefined;
  const parsed = Recorded.safeParse(recorded);
  if (!parsed.success) return { known: false, reason: 'the record of it cannot be read' };
  if (!parsed.data.known) return { known: false, reason: parsed.data.reason };
  const { facts, inspectedAtMs } = parsed.data;
  const ageSeconds = Math.max(0, Math.floor((nowMs - inspectedAtMs) / 1_000));
  return { known: true, posture: { ...facts, ageSeconds } };
}
