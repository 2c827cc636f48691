import type { ActionUse, Step } from '../../model.ts';
import type { Taint } from '../../taint.ts';
import type { Text } from '../../text.ts';
import { findJavaScriptOrigins, javaScriptOf, type ScriptOrigin } from './github-script.ts';
import { findFileReader, findKnownOutput, findPassedOn } from './known-outputs.ts';
import { type Follower, scopeOf, taintsOfFile } from './script-taint.ts';
import { findUntrustedContext } from '../untrusted-contexts.ts';
import { originTaint, triggersOf } from './trigger-reach.ts';

function ofScriptOrigin(origin: ScriptOrigin, step: Step, follower: Follower): readonly Taint[] {
  if (origin.kind === 'variable') return follower.ofVariable(origin.name.toLowerCase(), scopeOf(step));
  if (origin.kind === 'file') return taintsOfFile(origin.file, step, follower);
  const triggers = triggersOf(follower.repository, step.job.pipeline);
  if (origin.kind === 'context') {
    const context = findUntrustedContext(origin.path);
    const bringing = triggers.filter(({ event }) => context?.events.includes(event) === true);
    if (context === undefined || bringing.length === 0) return [];
    return [originTaint({ ...context, what: origin.path }, bringing, 'likely')];
  }
  if (triggers.length === 0) return [];
  const shape = origin.field === 'head.ref' ? 'ref' : 'text';
  const what = `the ${origin.field} of a pull request or issue (API)`;
  const taint = originTaint({ what, shape, lines: origin.field === 'body' }, triggers, 'likely');
  return [{ ...taint, writtenBy: 'anyone' }];
}

/** What a script of `actions/github-script` puts into an output, or into the environment. */
export function taintsOfJavaScript(
  step: Step,
  command: 'setOutput' | 'exportVariable',
  name: string,
  follower: Follower,
): Taint[] {
  const script = javaScriptOf(step);
  if (script === undefined) return [];
  return findJavaScriptOrigins(script, command, name).flatMap((origin) =>
    ofScriptOrigin(origin, step, follower),
  );
}

/** What a script of `actions/github-script` writes where it is code for the steps behind. */
export function taintsOfOrigins(origins: readonly ScriptOrigin[], step: Step, follower: Follower): Taint[] {
  return origins.flatMap((origin) => ofScriptOrigin(origin, step, follower));
}

function inputOf(use: ActionUse, name: string): Text | undefined {
  return use.inputs.find((each) => each.name.toLowerCase() === name)?.value;
}

/** The text that an action makes its output of, where it only changes it a little. */
export function findSourceInput(use: ActionUse, output: string): Text | undefined {
  const input = findPassedOn(use.reference.repository, output);
  return input === undefined ? undefined : inputOf(use, input);
}

/** What an action is known to repeat of outsiders in an output. */
export function taintsOfKnownOutput(
  use: ActionUse,
  step: Step,
  output: string,
  follower: Follower,
): Taint[] | undefined {
  const reader = findFileReader(use.reference.repository, output);
  if (reader !== undefined) return taintsOfFile(inputOf(use, reader)?.value ?? '', step, follower);
  const known = findKnownOutput(use, output);
  const triggers = triggersOf(follower.repository, step.job.pipeline);
  if (known === undefined || triggers.length === 0) return undefined;
  const what = `${known.what} (${use.reference.repository})`;
  const taint = originTaint({ what, shape: known.shape, lines: known.shape === 'text' }, triggers, 'likely');
  return [known.from === 'platform' ? { ...taint, writtenBy: 'anyone' } : taint];
}
