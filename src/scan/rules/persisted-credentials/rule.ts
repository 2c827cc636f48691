import { majorVersionOf } from '#pipeline/github/action-version.ts';
import type { ActionUse, Step } from '#pipeline/model.ts';
import type { FixDraft, Rule, RuleContext } from '../../rule.ts';
import { insertInput } from '../../fix/insert-input.ts';

/** Later steps that talk to the repository with the kept token. */
const GIT_WRITE =
  /\bgit\s+(?:-[\w-]+\s+\S+\s+)*(?:push|fetch|pull|remote\s+update|submodule|lfs\s+(?:push|pull))\b/;

/** A job of thousands of steps is an attack on the scanner. */
const LATER_STEPS_MAX = 200;

function laterSteps(step: Step): readonly Step[] {
  return step.job.steps.slice(step.index + 1, step.index + 1 + LATER_STEPS_MAX);
}

function usesGit(script: string): boolean {
  return script.split('\n', 5_000).some((line) => GIT_WRITE.test(line.slice(0, 500)));
}

function needsCredentials(step: Step): boolean {
  return laterSteps(step).some(({ work }) => work.kind === 'script' && usesGit(work.text.value));
}

/** An artifact that is the whole workspace, hidden files included, takes `.git/config` along. */
function findLeakingUpload(step: Step): ActionUse | undefined {
  for (const { work } of laterSteps(step)) {
    if (work.kind !== 'action' || work.reference.repository !== 'actions/upload-artifact') continue;
    const input = (name: string) => work.inputs.find((each) => each.name === name)?.value?.value.trim();
    const paths =
      input('path')
        ?.split('\n')
        .map((path) => path.trim()) ?? [];
    const whole = paths.some((path) =>
      /^(?:\.\/?|\*\*?\/?\*?|\.\.|\$\{\{\s*github\.workspace\s*\}\}\/?)$/.test(path),
    );
    const hidden = (majorVersionOf(work) ?? 4) < 4 || input('include-hidden-files') === 'true';
    if (whole && hidden) return work;
  }
  return undefined;
}

function fixOf(use: ActionUse, step: Step): FixDraft | undefined {
  const edit = insertInput(use, step, 'persist-credentials', 'false');
  return edit === undefined ? undefined : { title: 'do not keep the token', safety: 'safe', edits: [edit] };
}

function reportKept(use: ActionUse, step: Step, context: RuleContext): void {
  const upload = findLeakingUpload(step);
  const outside =
    context.inForce('checkout-credentials-outside-workspace') && (majorVersionOf(use) ?? 0) >= 6;
  const leaks = upload !== undefined && !outside;
  const needed = needsCredentials(step);
  context.report({
    at: use.text.node,
    message: leaks
      ? 'the token that checkout keeps in .git/config is uploaded with the workspace'
      : 'checkout keeps the job’s token on disk, where every later step can read it',
    severity: leaks ? 'high' : outside ? 'low' : 'medium',
    confidence: leaks ? 'high' : 'low',
    persona: leaks || !(needed || outside) ? 'regular' : 'pedantic',
    related: upload === undefined ? [] : [{ at: upload.text.node, label: 'uploads the workspace' }],
    fixes: needed ? [] : [fixOf(use, step)],
  });
}

export const rule: Rule = {
  id: 'persisted-credentials',
  title: 'Checkout leaves its token behind',
  severity: 'medium',
  confidence: 'low',
  persona: 'regular',
  platforms: ['github'],
  standards: { cicdSec: ['CICD-SEC-6'], cwe: ['CWE-312', 'CWE-522'], cis: ['2.3.8'] },
  description: 'Looks for actions/checkout without `persist-credentials: false`.',
  why: 'The token stays in the workspace after the checkout. Every later step can read it, and an artifact or an image that is made of the whole folder carries it to whoever downloads that.',
  remedy: 'Set `persist-credentials: false`, and hand the token only to the step that pushes.',
  references: [
    'https://github.com/actions/checkout#usage',
    'https://unit42.paloaltonetworks.com/github-repo-artifacts-leak-tokens/',
  ],
  incident: {
    name: 'ArtiPACKED',
    date: '2024-08',
    what: 'Build artifacts of well-known projects held tokens that worked until the end of the run.',
  },
  aliases: ['zizmor/artipacked', 'ghalint/checkout_persist_credentials_should_be_false'],

  step(step, context) {
    const { work } = step;
    if (work.kind !== 'action' || work.reference.repository !== 'actions/checkout') return;
    const setting = work.inputs.find(({ name }) => name.toLowerCase() === 'persist-credentials')?.value;
    if (setting?.value.toLowerCase() === 'false') return;
    if (setting?.value.toLowerCase() === 'true') {
      context.report({
        at: setting.node,
        message: 'checkout is told to keep the job’s token on disk',
        persona: 'pedantic',
      });
      return;
    }
    if (setting?.isConstant === false) {
      context.report({
        at: setting.node,
        message: 'an expression decides whether checkout keeps the job’s token on disk',
        persona: 'pedantic',
      });
      return;
    }
    if (setting === undefined) reportKept(work, step, context);
  },
};
