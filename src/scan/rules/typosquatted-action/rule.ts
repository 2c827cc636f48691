import type { ActionReference } from '#pipeline/reference.ts';
import type { Text } from '#pipeline/text.ts';
import type { Rule, RuleContext } from '../../rule.ts';
import { isOneSlipAway } from './one-slip-away.ts';
import { popularActions } from './popular-actions.ts';

const POPULAR = popularActions.map((name) => {
  const [owner = '', repository = ''] = name.split('/');
  return { name, owner, repository };
});
const OWNERS = new Set(POPULAR.map(({ owner }) => owner));
/** Shorter names have too many honest neighbours. */
const OWNER_CHARACTERS_MIN = 5;

/** Asked first, because there are fewer owners than actions. */
function isLikeOwner(owner: string): boolean {
  for (const popular of OWNERS) if (isOneSlipAway(owner, popular)) return true;
  return false;
}

/** The owner is what counts: under the right one nobody else can register a name. */
function findImitated(reference: ActionReference): string | undefined {
  const { owner, repository: whole } = reference;
  const repository = whole.slice(owner.length + 1);
  if (OWNERS.has(owner) || owner.length < OWNER_CHARACTERS_MIN) return undefined;
  if (!isLikeOwner(owner)) return undefined;
  return POPULAR.find(
    (popular) =>
      popular.owner.length >= OWNER_CHARACTERS_MIN &&
      isOneSlipAway(owner, popular.owner) &&
      (repository === popular.repository || isOneSlipAway(repository, popular.repository)),
  )?.name;
}

/** GitHub has no such names; whoever writes them was shown another letter than they copied. */
function hasForeignLetters(reference: ActionReference): boolean {
  return reference.kind === 'repository' && /[^\x20-\x7e]/.test(reference.repository);
}

function check(text: Text, reference: ActionReference, context: RuleContext): void {
  if (reference.kind !== 'repository') return;
  const imitated = findImitated(reference);
  if (imitated !== undefined) {
    context.report({
      at: text.node,
      message: `${reference.repository} is one slip away from ${imitated}, and belongs to somebody else`,
      remedy: `Write ${imitated} if that is what you mean.`,
    });
  } else if (hasForeignLetters(reference)) {
    context.report({
      at: text.node,
      message: 'the name of this action has letters that only look like those of another name',
      remedy: 'Type the name anew, by hand.',
    });
  }
}

export const rule: Rule = {
  id: 'typosquatted-action',
  title: 'An action whose name is nearly that of a popular one',
  severity: 'high',
  confidence: 'medium',
  persona: 'regular',
  platforms: ['github'],
  standards: { cicdSec: ['CICD-SEC-3'], cwe: ['CWE-1357', 'CWE-829'], cis: ['3.1.1'] },
  description:
    'Looks for actions whose owner is one slip of a finger away from the owner of a popular action of the same name, and for names with letters that are none of GitHub’s.',
  why: 'Anybody can register the name of an owner that is misspelt often, put a working copy of the action there, and add something to it.',
  remedy: 'Write the name of the action that you mean.',
  references: ['https://orca.security/resources/blog/typosquatting-in-github-actions/'],
  aliases: ['zizmor/typosquat-uses'],

  step(step, context) {
    if (step.work.kind === 'action') check(step.work.text, step.work.reference, context);
  },
  job(job, context) {
    if (job.call !== undefined) check(job.call.text, job.call.reference, context);
  },
};
