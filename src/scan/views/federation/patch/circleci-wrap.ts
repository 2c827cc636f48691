import type { Step } from '#pipeline/model.ts';
import type { TextEdit } from '../../../fix/apply-edits.ts';
import type { StoredCredential } from '../recognise/stored-use.ts';
import { newlineOf } from './mapping-edits.ts';
import { NeedsHand } from './needs-hand.ts';
import { stepsOf } from './script-items.ts';

/** Nobody wraps more steps of one job. */
const STEPS_MAX = 50;

/** A token for Vouchgate and nobody else; what is in the environment is for the platform’s own audience. */
const TOKEN = `VOUCHGATE_ID_TOKEN=$(circleci run oidc get --claims "{\\"aud\\":\\"$VOUCHGATE_URL\\"}")`;

/** How far the key of a script is indented: `run:`, or `command:` below it. */
function columnOfKey(text: string, nodeStart: number): number {
  const lineStart = text.lastIndexOf('\n', nodeStart - 1) + 1;
  const [, before] = /^(\s*(?:- +)?)(?:run|command):\s*$/.exec(text.slice(lineStart, nodeStart)) ?? [];
  if (before === undefined) throw new NeedsHand('the script is written in a way that is not changed here');
  return before.length;
}

function wrap(step: Step, resources: readonly string[], loginLine: RegExp | undefined): TextEdit {
  const { work, job } = step;
  const { source } = job.pipeline;
  if (work.kind !== 'script') throw new NeedsHand('it is no script');
  const { node, value } = work.text;
  if (work.text.source !== source) throw new NeedsHand('the script is in another file');
  if (work.shell !== undefined) throw new NeedsHand('the script is for another shell');
  const lines = value.trimEnd().split('\n');
  if (loginLine !== undefined && lines.some((line) => loginLine.test(line)))
    throw new NeedsHand('later steps rely on this login: run them together inside of `vouchgate run`');
  if (value.includes('BASH_ENV')) throw new NeedsHand('the script hands something on to later steps');
  const newline = newlineOf(source);
  const pad = ' '.repeat(columnOfKey(source.text, node.start) + 2);
  const named = resources.map((name) => `--resource ${name}`).join(' ');
  const [first = '', ...others] = lines.map((line) => line.replaceAll("'", String.raw`'\''`));
  const script = [
    `${TOKEN} \\`,
    `  npx vouchgate run --server "$VOUCHGATE_URL" ${named} -- bash -eo pipefail -c '${first}`,
    ...others,
  ].map((line, index, all) => `${pad}${line}${index === all.length - 1 ? "'" : ''}`);
  const end = source.text.slice(node.start, node.end).endsWith('\n') ? newline : '';
  return { start: node.start, end: node.end, replacement: `|${newline}${script.join(newline)}${end}` };
}

/** Each script that names the value runs inside of `vouchgate run`, which alone has it. @throws {NeedsHand} */
export function wrapCircleci(
  { uses }: StoredCredential,
  resources: readonly string[],
  loginLine: RegExp | undefined,
): readonly TextEdit[] {
  const steps = stepsOf(uses);
  if (steps.length === 0 || uses.some(({ place }) => place !== 'script'))
    throw new NeedsHand('programs find it in the environment: say which of them are to have it');
  if (steps.length > STEPS_MAX) throw new NeedsHand('it is used too often');
  return steps.map((step) => wrap(step, resources, loginLine));
}
