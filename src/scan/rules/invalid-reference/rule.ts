import type { Job, Step } from '#pipeline/model.ts';
import type { Text } from '#pipeline/text.ts';
import type { Rule, RuleContext } from '../../rule.ts';
import { isForOtherServer } from '../../shared/other-servers.ts';

/** Paths into the same repository; `$/` is its root at the commit that runs. */
const LOCAL = /^(?:\.{1,2}\/|\$\/|\.{1,2}$)/;
const WORKFLOW_FILE = /^\.github\/workflows\/[^/]+\.ya?ml$/;

function findRepositoryFault(uses: string): string | undefined {
  const at = uses.indexOf('@');
  const name = at === -1 ? uses : uses.slice(0, at);
  const [owner = '', repository = ''] = name.split('/');
  if (at === -1)
    return 'it names no version: write @ and a commit or a tag behind it, or ./ in front of a path';
  if (owner === '' || repository === '')
    return 'it has to name an owner and a repository, as in owner/repository@v1';
  if (at === uses.length - 1) return 'there is nothing behind the @';
  return /\s/.test(uses) ? 'there is white space in it' : undefined;
}

/** Why a step cannot use this; undefined when it can. */
function findStepFault(uses: string): string | undefined {
  if (uses.includes('${{')) return 'expressions are not evaluated here';
  if (LOCAL.test(uses)) return undefined;
  if (!uses.startsWith('docker://')) return findRepositoryFault(uses);
  const image = uses.slice('docker://'.length);
  if (image === '') return 'it names no image';
  return image.endsWith(':') ? 'there is no tag behind the colon' : undefined;
}

/** Why a job cannot call this; undefined when it can. */
function findCallFault(uses: string): string | undefined {
  if (uses.includes('${{')) return 'expressions are not evaluated here';
  const local = LOCAL.exec(uses)?.[0];
  if (local !== undefined) {
    const path = uses.slice(local.length);
    if (path.includes('@')) return 'a workflow of the same repository has no version of its own';
    return WORKFLOW_FILE.test(path)
      ? undefined
      : 'workflows lie in .github/workflows, and in no folder of it';
  }
  const fault = findRepositoryFault(uses);
  if (fault !== undefined) return fault;
  const path = uses.slice(0, uses.indexOf('@')).split('/').slice(2).join('/');
  return WORKFLOW_FILE.test(path)
    ? undefined
    : 'a job calls a file, as in owner/repository/.github/workflows/file.yml@v1';
}

function report(text: Text, fault: string | undefined, context: RuleContext): void {
  if (fault === undefined) return;
  context.report({
    at: text.node,
    message: `GitHub cannot resolve "${text.value.trim().slice(0, 60)}": ${fault}`,
  });
}

function checkStep({ work }: Step, context: RuleContext): void {
  if (work.kind !== 'action' || work.text.value.trim() === '') return;
  report(work.text, findStepFault(work.text.value.trim()), context);
}

function checkCall({ call }: Job, context: RuleContext): void {
  if (call === undefined || call.text.value.trim() === '') return;
  report(call.text, findCallFault(call.text.value.trim()), context);
}

export const rule: Rule = {
  id: 'invalid-reference',
  title: 'A reference that the platform cannot resolve',
  severity: 'medium',
  confidence: 'high',
  persona: 'regular',
  platforms: ['github'],
  standards: { cicdSec: ['CICD-SEC-7'], cwe: ['CWE-1286'], cis: [] },
  description:
    'Looks for `uses:` that is neither `owner/repository@version`, nor a path of the same repository, nor an image; and for calls of workflows that do not lie in `.github/workflows`.',
  why: 'GitHub refuses the whole file, or the job fails before its first step: a check that does not run stops nobody.',
  remedy:
    'Write `owner/repository@commit`, `./path` for an action of the same repository, `docker://image@digest`, or `./.github/workflows/file.yml` for a workflow.',
  references: [
    'https://docs.github.com/en/actions/reference/workflows-and-actions/workflow-syntax#jobsjob_idstepsuses',
    'https://docs.github.com/en/actions/reference/workflows-and-actions/workflow-syntax#jobsjob_iduses',
  ],
  aliases: ['actionlint/action', 'actionlint/workflow-call'],

  // Other servers take whole addresses.
  step(step, context) {
    if (!isForOtherServer(step.job.pipeline)) checkStep(step, context);
  },
  job(job, context) {
    if (!isForOtherServer(job.pipeline)) checkCall(job, context);
  },
};
