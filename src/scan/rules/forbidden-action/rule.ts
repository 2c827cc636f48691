import { z } from 'zod';
import type { ActionReference } from '#pipeline/reference.ts';
import type { Text } from '#pipeline/text.ts';
import type { Rule, RuleContext } from '../../rule.ts';
import { ACTION_PATTERN, matchesActionPattern } from '../../shared/action-patterns.ts';

const PATTERNS_MAX = 1_000;
const Pattern = z
  .string()
  .regex(ACTION_PATTERN, 'must be `*`, `owner/*`, `owner/name/*`, `owner/name` or `owner/name@ref`');

const Settings = z
  .strictObject({
    /** Everything else is forbidden. */
    allow: z.array(Pattern).max(PATTERNS_MAX).optional(),
    /** Forbidden, also when `allow` covers it. */
    deny: z.array(Pattern).max(PATTERNS_MAX).optional(),
  })
  .refine(({ allow, deny }) => allow !== undefined || deny !== undefined, 'needs `allow`, `deny` or both');
type Settings = z.infer<typeof Settings>;

/** Why an action is forbidden; undefined when it is not. */
function findObjection(uses: string, { allow, deny = [] }: Settings): string | undefined {
  const denied = deny.find((pattern) => matchesActionPattern(pattern, uses));
  if (denied !== undefined) return `\`${denied}\` is forbidden`;
  const allowed = allow === undefined || allow.some((pattern) => matchesActionPattern(pattern, uses));
  return allowed ? undefined : 'it is not among those that are allowed';
}

function check(text: Text, reference: ActionReference, settings: Settings, context: RuleContext): void {
  // What is local is the repository's own, and an image has no owner whom a list could name.
  if (reference.kind !== 'repository') return;
  const uses = text.value.trim();
  const objection = findObjection(uses, settings);
  if (objection === undefined) return;
  context.report({
    at: text.node,
    message: `${uses.slice(0, 120)} must not be used here: ${objection}`,
  });
}

function forbid(settings: Settings): Rule {
  return {
    ...rule,
    job({ call }, context) {
      if (call !== undefined) check(call.text, call.reference, settings, context);
    },
    step({ work }, context) {
      if (work.kind === 'action') check(work.text, work.reference, settings, context);
    },
  };
}

export const rule: Rule = {
  id: 'forbidden-action',
  title: 'An action that this repository does not want',
  severity: 'high',
  confidence: 'high',
  persona: 'regular',
  platforms: ['github'],
  standards: { cicdSec: ['CICD-SEC-3', 'CICD-SEC-5'], cwe: ['CWE-829', 'CWE-1357'], cis: ['3.1.1'] },
  description:
    'Looks for actions and reusable workflows that `scan.rules.forbidden-action.settings` forbids: with `deny` those that it names, with `allow` all others. Without settings it says nothing.',
  why: 'Each owner whose code runs in a pipeline is one more who can be robbed. A list of those whom somebody has looked at keeps the next one out until somebody has looked at it, too.',
  remedy:
    'Use an action that is allowed, or a command in a script. If it is to be allowed, add it to `allow` in `.vouchgate.yml`, which those who own that list review.',
  references: [
    'https://docs.github.com/en/repositories/managing-your-repositorys-settings-and-features/enabling-features-for-your-repository/managing-github-actions-settings-for-a-repository',
  ],
  aliases: ['zizmor/forbidden-uses'],
  settings: { schema: Settings, bind: (settings) => forbid(Settings.parse(settings)) },
};
