import type { TriageDecision } from '#api/finding.ts';
import { atShare, DAY_MS } from './plan.ts';
import type { WorkPlan } from './plan-work.ts';

/** A change of the configuration that nobody has approved yet. */
const CHANGE = {
  by: 'ines',
  title: 'Previews only for pull requests of our own',
  why: 'A fork should not get a preview: its code runs with the credential.',
  file: 'policies/shop.cedar',
  from: 'principal.environment.name == "preview"',
  to: 'principal.environment.name == "preview" &&\n  principal has forked && !principal.forked',
} as const;

/** What the security team decides about findings, and when. */
export function planTriage(plan: WorkPlan): void {
  const until = new Date(plan.span.endMs + 60 * DAY_MS).toISOString();
  const decide = (share: number, rule: string, decision: TriageDecision): void => {
    plan.steps.push({ kind: 'triage', atMs: atShare(plan.span, share), rule, decision });
  };
  const reason = 'Nobody can write to the terminal of a container.';
  decide(0.1, 'CVE-2024-28085', { action: 'accept', owner: 'lotte', reason, until });
  decide(0.15, 'python.requests.no-verify', { action: 'assign', assignee: 'tomasz' });
  decide(0.4, 'javascript.lang.insecure-randomness', {
    action: 'false-positive',
    reason:
      'The code is only the end of the address of the voucher; the voucher is checked by its signature.',
  });
  decide(0.52, 'long-lived-cloud-credential', {
    action: 'assign',
    assignee: 'kofi',
    note: 'Goes when the export moves.',
  });
  decide(0.56, 'generic-api-key', {
    action: 'comment',
    note: 'The crash reporter says that this key can only send.',
  });
  plan.steps.push({ kind: 'propose', atMs: atShare(plan.span, 0.985), change: CHANGE });
  decide(0.6, 'gitlab-unpinned-image', {
    action: 'accept',
    owner: 'mehmet',
    reason: 'The mirror of images pins it; this goes when all builds use the mirror.',
    until,
  });
}
