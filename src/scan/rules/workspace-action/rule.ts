import type { FixDraft, Rule } from '../../rule.ts';
import type { ActionUse } from '#pipeline/model.ts';

function selfFix({ text }: ActionUse): FixDraft | undefined {
  if (!text.isConstant || !text.node.exact || text.node.anchor !== undefined) return undefined;
  const { contentStart: start } = text.node;
  return {
    title: 'take it from the commit of the workflow',
    safety: 'unsafe',
    edits: [{ start, end: start + 1, replacement: '$' }],
  };
}

export const rule: Rule = {
  id: 'workspace-action',
  title: 'An action is taken from whatever is in the workspace',
  severity: 'low',
  confidence: 'low',
  persona: 'pedantic',
  platforms: ['github'],
  needs: ['./'],
  onlyForGithub: true,
  standards: { cicdSec: ['CICD-SEC-4'], cwe: ['CWE-829', 'CWE-426'], cis: ['2.3.1'] },
  description:
    'Looks for steps that take an action of this repository as `./path`, where `$/path` says the same and means the commit of the workflow. It says nothing about reusable workflows: those are never taken from the workspace.',
  why: 'The runner reads `./path` when the step begins, from the folder as it then is. A checkout of somebody else’s branch before it, an artifact that was unpacked there or a build script decides what runs, with the token and the secrets of this job.',
  remedy:
    'Write `uses: $/path`: the platform takes it from the commit that the workflow is from, and no checkout is needed for it.',
  references: [
    'https://docs.github.com/en/actions/reference/workflows-and-actions/workflow-syntax#jobsjob_idstepsuses',
  ],
  aliases: ['zizmor/self-repository'],

  step(step, context) {
    const { work } = step;
    if (work.kind !== 'action' || !work.text.value.startsWith('./')) return;
    // An action that is not here comes from somewhere else, by way of the workspace.
    if (!context.inForce('self-repository-uses') || context.repository.resolveStep(step) === undefined)
      return;
    context.report({
      at: work.text.node,
      message: `${work.text.value.slice(0, 100)} is whatever stands in the workspace when this step begins`,
      remedy: `Write \`uses: $${work.text.value.slice(1, 100)}\`, which is the action at the commit of the workflow.`,
      fixes: [selfFix(work)],
    });
  },
};
