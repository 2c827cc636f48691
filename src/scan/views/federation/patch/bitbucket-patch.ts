import type { Job, Step } from '#pipeline/model.ts';
import { keyText } from '#pipeline/yaml/access.ts';
import type { TextEdit } from '../../../fix/apply-edits.ts';
import type { Binding } from '../bind/binding.ts';
import type { StoredCredential } from '../recognise/stored-use.ts';
import { isLogin } from '../targets/gitlab.ts';
import { pipeChange, type ScriptedMigration } from '../targets/scripted.ts';
import { changeUnder, columnOf, newlineOf } from './mapping-edits.ts';
import { NeedsHand } from './needs-hand.ts';
import { insertItems, itemLines, stepsOf } from './script-items.ts';

/** Nobody logs in more often in one step. */
const LOGINS_MAX = 50;

/** `oidc: true` in front of the script: then the step is given its token. */
function askForToken({ node, pipeline: { source } }: Job): readonly TextEdit[] {
  const present = node.entries.find((entry) => keyText(entry) === 'oidc');
  if (present !== undefined) {
    const { start, end } = present.value;
    return source.slice(present.value) === 'true' ? [] : [{ start, end, replacement: 'true' }];
  }
  const script = node.entries.find((entry) => keyText(entry) === 'script');
  if (script === undefined || node.flow)
    throw new NeedsHand('the step is written in a way that is not changed here');
  const at = script.key.start;
  const pad = ' '.repeat(columnOf(source, at));
  return [{ start: at, end: at, replacement: `oidc: true${newlineOf(source)}${pad}` }];
}

function changePipe({ kind }: StoredCredential, step: Step): readonly TextEdit[] {
  const name = step.work.kind === 'action' ? step.work.reference.repository : '';
  const change = pipeChange(kind.id, name);
  const version = step.work.kind === 'action' ? step.work.reference.ref : undefined;
  // From its first whole version on; what a digest is, nobody knows here.
  if (version?.startsWith('0.') === true)
    throw new NeedsHand(`\`${name.slice(0, 60)}\` takes a role from version 1 on`);
  if (change === undefined) throw new NeedsHand(`the pipe \`${name.slice(0, 60)}\` takes it as a variable`);
  const remove = (key: string): boolean => change.remove.includes(key);
  const edits = changeUnder(step.job.pipeline.source, step.node, 'variables', { remove, add: change.add });
  if (edits === undefined) throw new NeedsHand('`variables:` is shared with other places');
  return edits;
}

const textOf = ({ work }: Step): string => (work.kind === 'script' ? work.text.value : '');

/** The step of Bitbucket logs in with its own token. @throws {NeedsHand} */
export function patchBitbucket(
  credential: StoredCredential,
  migration: ScriptedMigration,
  { environment }: Binding,
): readonly TextEdit[] {
  const { job, uses, kind } = credential;
  // AWS knows the subject only, which names the environment and never the branch.
  if (kind.id === 'aws' && environment === undefined)
    throw new NeedsHand(
      'its token names no branch: give the step a `deployment:` first, whose settings name it',
    );
  if (uses.some(({ step }) => step === undefined)) throw new NeedsHand('it is not clear which step reads it');
  const { before, loginLine } = migration;
  const steps = stepsOf(uses);
  const pipes = steps.filter(({ work }) => work.kind === 'action');
  const secrets = [...new Set(uses.map(({ secret }) => secret))];
  const logins = job.steps.filter(
    (step) => isLogin(textOf(step), loginLine, secrets) && !/\n\s*\S/.test(textOf(step).trim()),
  );
  if (steps.some((step) => !pipes.includes(step) && !logins.includes(step)))
    throw new NeedsHand('the script itself handles the value');
  if (logins.length > LOGINS_MAX) throw new NeedsHand('it logs in too often');
  const [first] = logins;
  return [
    ...askForToken(job),
    ...(first === undefined ? [] : [insertItems(first, before)]),
    ...logins.map((step): TextEdit => {
      const { start, end } = itemLines(step);
      return { start, end, replacement: '' };
    }),
    ...pipes.flatMap((step) => changePipe(credential, step)),
  ];
}
