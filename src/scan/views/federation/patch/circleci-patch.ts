import type { Step } from '#pipeline/model.ts';
import type { TextEdit } from '../../../fix/apply-edits.ts';
import type { StoredCredential } from '../recognise/stored-use.ts';
import { isLogin } from '../targets/gitlab.ts';
import type { ScriptedMigration } from '../targets/scripted.ts';
import { changeUnder, columnOf, newlineOf } from './mapping-edits.ts';
import { NeedsHand } from './needs-hand.ts';
import { dropLines } from './script-edits.ts';
import { endOfStep, removeStep } from './step-edits.ts';

/** Nobody logs in more often in one job. */
const STEPS_MAX = 50;

/** The step as text, from behind its dash; lines after the first are indented. */
function renderLogin(what: string, lines: readonly string[], indent: number, newline: string): string {
  const pad = ' '.repeat(indent);
  return [
    'run:',
    `${pad}  name: Log in to ${what} as this job`,
    `${pad}  command: |`,
    ...lines.map((line) => `${pad}    ${line}`),
  ].join(newline);
}

function startOfItem({ node, job }: Step): string {
  const { text } = job.pipeline.source;
  const lineStart = text.lastIndexOf('\n', node.start - 1) + 1;
  const [, pad, gap] = /^(\s*)-( +)$/.exec(text.slice(lineStart, node.start)) ?? [];
  if (pad === undefined || gap === undefined)
    throw new NeedsHand('the steps are not written as a list with dashes');
  return `${pad}-${gap}`;
}

function changeInputs(step: Step, migration: ScriptedMigration): readonly TextEdit[] {
  const { work, job } = step;
  const name = work.kind === 'action' ? work.text.value : '';
  const change = Object.hasOwn(migration.inputs, name) ? migration.inputs[name] : undefined;
  if (change === undefined) throw new NeedsHand(`\`${name.slice(0, 60)}\` takes it as an argument`);
  const remove = (key: string): boolean => change.remove.includes(key);
  const edits = changeUnder(job.pipeline.source, step.node, name, { remove, add: change.add });
  if (edits === undefined) throw new NeedsHand('its arguments are shared with other places');
  return edits;
}

/** What is left of a script without its logins; undefined where it has none. */
function changeScript(step: Step, secrets: readonly string[], { loginLine }: ScriptedMigration) {
  const shortened = dropLines(step, (line) => isLogin(line, loginLine, secrets));
  const text = step.work.kind === 'script' ? step.work.text.value : '';
  const left = shortened?.rest ?? text;
  // The name of a file that was written for the login may be all that a later line has of it.
  if (secrets.some((name) => left.includes(name))) throw new NeedsHand('the script itself handles the value');
  return shortened;
}

/** The job of CircleCI logs in with the token that it is given. @throws {NeedsHand} */
export function patchCircleci(
  credential: StoredCredential,
  migration: ScriptedMigration,
): readonly TextEdit[] {
  const { job, kind, uses } = credential;
  const { source } = job.pipeline;
  if (uses.some(({ place, step }) => step === undefined || (place !== 'script' && place !== 'input')))
    throw new NeedsHand('programs find it in the environment: which of them need it is not said');
  const secrets = [...new Set(uses.filter(({ place }) => place === 'script').map(({ secret }) => secret))];
  const inputs = new Set(uses.flatMap(({ place, step }) => (place === 'input' && step ? [step] : [])));
  const scripts = job.steps.flatMap((step) => {
    const change = secrets.length === 0 ? undefined : changeScript(step, secrets, migration);
    return change === undefined ? [] : [{ step, ...change }];
  });
  if (scripts.length > STEPS_MAX) throw new NeedsHand('it logs in too often');
  const edits = [...inputs].flatMap((step) => changeInputs(step, migration));
  const [first, ...others] = scripts;
  if (first === undefined) return edits;
  const item = startOfItem(first.step);
  const login = renderLogin(
    kind.name,
    migration.before,
    columnOf(source, first.step.node.start),
    newlineOf(source),
  );
  const { start } = first.step.node;
  // A step of nothing but logins makes room for the one that takes its place.
  if (first.empty) edits.push({ start, end: endOfStep(first.step), replacement: login });
  else edits.push({ start, end: start, replacement: `${login}${newlineOf(source)}${item}` }, ...first.edits);
  for (const { step, empty, edits: inScript } of others) {
    if (!empty) edits.push(...inScript);
    else {
      const removed = removeStep(step);
      if (removed === undefined) throw new NeedsHand('nothing would be left of the job');
      edits.push(removed);
    }
  }
  return edits;
}
