import type { ActionReference } from '#pipeline/reference.ts';
import type { Text } from '#pipeline/text.ts';
import type { Rule, RuleContext } from '../../rule.ts';
import { formatVersion, isWithin, versionOf } from '../../shared/action-versions.ts';
import { type ActionIncident, actionIncidents } from './incidents.ts';

type Verdict = 'malicious' | 'moved';

/** How bad the reference itself is; a commit that is not the attacker's is what it always was. */
function judge(text: Text, reference: ActionReference, incident: ActionIncident): Verdict | undefined {
  const { commits, allReferences, onlyWithoutV, safeFrom, tags } = incident;
  if (reference.pin === 'commit') return commits.includes(reference.ref ?? '') ? 'malicious' : undefined;
  if (allReferences) return 'malicious';
  if (tags?.includes(reference.ref ?? '') === true) return 'moved';
  if (onlyWithoutV === true && /^v/i.test(reference.ref ?? '')) return undefined;
  const version = versionOf(text, reference);
  if (version === undefined || safeFrom === undefined) return undefined;
  return isWithin(version, { below: safeFrom }) ? 'moved' : undefined;
}

function check(text: Text, reference: ActionReference, context: RuleContext): void {
  for (const incident of actionIncidents) {
    if (!incident.repositories.includes(reference.repository)) continue;
    if (Date.parse(incident.date) > context.asOfMs) continue;
    const verdict = judge(text, reference, incident);
    if (verdict !== undefined) report(verdict, incident, { text, reference }, context);
  }
}

function report(
  verdict: Verdict,
  incident: ActionIncident,
  { text, reference }: { text: Text; reference: ActionReference },
  context: RuleContext,
): void {
  const { date, name, safeFrom, source } = incident;
  const ref = reference.pin === 'commit' ? 'this commit' : (reference.ref ?? 'no version');
  const forward =
    safeFrom === undefined
      ? 'a version that its owners have published since, or to another action,'
      : `version ${formatVersion(safeFrom)} or later`;
  context.report({
    at: text.node,
    message:
      verdict === 'malicious'
        ? `${reference.repository} at ${ref} is the code of the attacker of ${date} (${name})`
        : `the tag ${ref} of ${reference.repository} pointed at code that stole secrets from ${date} on (${name})`,
    severity: verdict === 'malicious' ? 'critical' : 'high',
    confidence: verdict === 'malicious' ? 'high' : 'medium',
    remedy: `Go to ${forward} by its full commit, look through runs since ${date}, and replace every secret that they had; ${source} has the details.`,
    key: `${reference.repository}@${reference.ref ?? ''}`,
  });
}

export const rule: Rule = {
  id: 'compromised-action',
  title: 'An action that attackers took over',
  severity: 'critical',
  confidence: 'high',
  persona: 'regular',
  platforms: ['github'],
  standards: { cicdSec: ['CICD-SEC-3'], cwe: ['CWE-506', 'CWE-829'], cis: ['3.1.1', '3.2.2'] },
  description:
    'Looks for actions that were taken over in a known attack: for the attackers’ commits, for tags that they moved, and for actions that are still theirs. The list is part of the scanner and has dates; it needs no network.',
  why: 'The code reads the memory of the runner and sends out every secret that the job has, or prints them to a log that anybody can read. A run that had it has lost them.',
  remedy:
    'Go to a version from after the attack by its full commit, look through the runs since then, and replace every secret that they had.',
  references: [
    'https://github.com/advisories/GHSA-mrrh-fwg8-r2c3',
    'https://github.com/advisories/GHSA-69fq-xp46-6x23',
  ],
  incident: {
    name: 'Trivy (CVE-2026-33634)',
    date: '2026-03',
    what: 'With a token from an earlier theft, nearly all tags of the scanner’s actions were moved to a commit that collected the secrets of every pipeline that scanned its images.',
  },
  aliases: ['zizmor/known-vulnerable-actions', 'codeql/actions/vulnerable-action'],

  step(step, context) {
    if (step.work.kind === 'action') check(step.work.text, step.work.reference, context);
  },
  job(job, context) {
    if (job.call !== undefined) check(job.call.text, job.call.reference, context);
  },
};
