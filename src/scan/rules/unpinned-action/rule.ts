import { findTrailingComment } from '#pipeline/github/action-version.ts';
import type { ActionReference, Pin } from '#pipeline/reference.ts';
import type { Text } from '#pipeline/text.ts';
import type { FixDraft, Rule, RuleContext } from '../../rule.ts';

/** Made by the platform itself: whoever can move these tags owns the runner anyway. */
const PLATFORM_OWNERS = new Set(['actions', 'github']);

const NAMES: Readonly<Partial<Record<Pin, string>>> = {
  tag: 'the tag',
  branch: 'the branch or tag',
  none: 'no version at all',
};

function pinFix(text: Text, reference: ActionReference, context: RuleContext): FixDraft | undefined {
  const pin = context.pins?.resolve(reference);
  if (pin === undefined || reference.ref === undefined || !text.isConstant) return undefined;
  const { node, source } = text;
  const at = node.value.lastIndexOf('@') + 1;
  const comment = findTrailingComment(source, node.end);
  const edits = [{ ...text.span(at, node.value.length), replacement: pin.commit }];
  const label = `# ${pin.version}`;
  // A comment of somebody's own stays; the version goes in front of it.
  const behind =
    comment === undefined
      ? { start: node.end, end: node.end, replacement: ` ${label}` }
      : { start: comment.start, end: comment.start, replacement: `${label} ` };
  return { title: `pin to the commit of ${pin.version}`, safety: 'safe', edits: [...edits, behind] };
}

/** A commit hash that was cut short; words of letters only are more likely branches, and numbers versions. */
const SHORT_HASH = /^(?=.*\d)(?=.*[a-f])[0-9a-f]{7,39}$/;

function check(text: Text, reference: ActionReference, context: RuleContext): void {
  const what = NAMES[reference.pin];
  // An image has no commit; `unpinned-image` looks at those.
  if (what === undefined || reference.kind === 'image') return;
  const name = [reference.repository, reference.path].filter(Boolean).join('/');
  const platformOwned = PLATFORM_OWNERS.has(reference.owner);
  const version = reference.ref === undefined ? what : `${what} ${reference.ref}`;
  if (SHORT_HASH.test(reference.ref ?? '')) {
    context.report({
      at: text.node,
      message: `${name} is named by ${reference.ref ?? ''}, a part of a commit hash: GitHub refuses it, unless a branch or tag has that name`,
      remedy: 'Write all 40 characters of the commit, with the version in a comment behind it.',
      key: `${name}@${reference.ref ?? ''}`,
      fixes: [pinFix(text, reference, context)],
    });
    return;
  }
  context.report({
    at: text.node,
    message: `${name} is taken by ${version}, which its owner can move to other code`,
    severity: platformOwned ? 'low' : reference.pin === 'tag' ? 'medium' : 'high',
    key: `${name}@${reference.ref ?? ''}`,
    fixes: [pinFix(text, reference, context)],
  });
}

export const rule: Rule = {
  id: 'unpinned-action',
  title: 'An action is not pinned to a commit',
  severity: 'medium',
  confidence: 'high',
  persona: 'regular',
  platforms: ['github'],
  standards: { cicdSec: ['CICD-SEC-3'], cwe: ['CWE-829', 'CWE-1357'], cis: ['3.1.1'] },
  description:
    'Looks for actions and reusable workflows that are named by a tag, a branch or nothing, instead of a full commit hash.',
  why: 'A tag or branch can be moved at any time, by its owner or by whoever stole the owner’s token. Every workflow that names it then runs the new code, with its secrets and its token.',
  remedy:
    'Write the full commit hash and keep the version in a comment: `owner/name@<40 hex> # v1.2.3`. Dependabot and Renovate read and update that form.',
  references: ['https://docs.github.com/en/actions/reference/security/secure-use#using-third-party-actions'],
  incident: {
    name: 'tj-actions/changed-files (CVE-2025-30066)',
    date: '2025-03',
    what: 'All tags of an action that 23,000 repositories used were moved to a commit that printed their secrets into public logs.',
  },
  aliases: [
    'zizmor/unpinned-uses',
    'poutine/github_action_from_unverified_creator_used',
    'scorecard/Pinned-Dependencies',
  ],

  step(step, context) {
    if (step.work.kind === 'action') check(step.work.text, step.work.reference, context);
  },
  job(job, context) {
    if (job.call !== undefined) check(job.call.text, job.call.reference, context);
  },
};
