import type { ActionUse, Job, Script, Step, Variable } from '#pipeline/model.ts';
import type { Repository } from '#pipeline/repository.ts';
import { type ShellCommand, shellCommandsOf, withoutPrefixes } from '#pipeline/shell-commands.ts';
import type { SourceText, Span } from '#pipeline/source.ts';
import { actionName, type ActionSituation, needsOfAction } from './action-needs.ts';
import { type CommandSituation, isProgram, mayPush, nameOfCommand, needsOfCommand } from './command-needs.ts';
import { callsInJavaScript } from './github-script-needs.ts';
import {
  type Bindings,
  OWN_TOKEN,
  hasOwnToken,
  ownerForAction,
  ownerIn,
  ownerOf,
  valueOf,
} from './job-token.ts';
import type { Need, ScopeAccess, UnknownUse } from './need.ts';

/** Where a step stands: in a job, or in an action that a step of a job uses. */
export interface StepSurroundings {
  readonly job: Job;
  readonly repository: Repository;
  readonly bindings: Bindings;
  /** Variables of the job and the workflow, the nearest first. */
  readonly environment: readonly Variable[];
  readonly events: readonly string[];
  readonly depth: number;
}

const DEPTH_MAX = 6;
/** Actions that run a command for somebody. */
const COMMAND_INPUTS: Readonly<Record<string, string>> = {
  'nick-fields/retry': 'command',
  'nick-invision/retry': 'command',
};
const KEY_VARIABLE = /TOKEN|PASSWORD|API_?KEY|_KEY$|SECRET/i;

/** `TOKEN=x \\`, and the command on the next line. */
function withoutContinuation({ code, start }: ShellCommand): ShellCommand {
  const skipped = /^(?:\\\s{1,20})*/.exec(code)?.[0].length ?? 0;
  return { code: code.slice(skipped), start: start + skipped };
}

/** Gathers what the steps of one job use its token for, in their order. */
export class NeedCollector {
  readonly needs: Need[] = [];
  readonly unknown: UnknownUse[] = [];
  /** The first program of the project that runs. */
  program: string | undefined;
  /** Whether git has the job’s token, and some registry. */
  #persisted = false;
  #loggedIn = false;
  /** Tokens of the whole job that nothing has been seen to use. */
  #handedToAll = false;
  #usedByScript = false;

  add(scopes: readonly ScopeAccess[], by: string, at: Span, source: SourceText): void {
    for (const { scope, access } of scopes) this.needs.push({ scope, access, by, at, source });
  }

  addUnknown(what: string, at: Span, source: SourceText): void {
    this.unknown.push({ what, at, source });
  }

  visit(step: Step, around: StepSurroundings): void {
    const { work } = step;
    if (work.kind === 'script') this.#script(step, work, [...step.env, ...around.environment], around);
    else if (work.kind === 'action') this.#action(step, work, around);
  }

  /** A token that is given to a whole job and used by none of its scripts is used by some program in them. */
  finish(job: Job): void {
    if (!this.#handedToAll || this.#usedByScript) return;
    this.addUnknown('the token is in the environment of every step', job.key, job.pipeline.source);
  }

  #situation(
    text: string,
    step: Step,
    environment: readonly Variable[],
    { bindings }: StepSurroundings,
  ): CommandSituation {
    const gh = ownerIn(environment, ['GH_TOKEN', 'GITHUB_TOKEN'], bindings);
    const handed = hasOwnToken(environment, bindings) || ownerOf(text, bindings) === 'own';
    const otherToken = [...step.env, ...environment].some(
      ({ name, value }) => KEY_VARIABLE.test(name) && ownerOf(value?.value ?? '', bindings) === 'other',
    );
    // `gh auth login` with the token that is pasted into the script.
    const owner = gh === 'none' && handed ? 'own' : gh;
    return { gh: owner, handed, otherToken, persisted: this.#persisted, loggedIn: this.#loggedIn };
  }

  #script(
    step: Step,
    { text }: Pick<Script, 'text'>,
    environment: readonly Variable[],
    around: StepSurroundings,
  ): void {
    const situation = this.#situation(text.value, step, environment, around);
    let used = false;
    let program: { code: string; at: Span } | undefined;
    for (const command of shellCommandsOf(text.value)) {
      const { code, start } = withoutContinuation(withoutPrefixes(command));
      const found = needsOfCommand(code, situation);
      const at = text.span(start, Math.min(start + code.length, text.value.length));
      if (found === 'none') {
        if (isProgram(code)) {
          program ??= { code, at };
          this.program ??= nameOfCommand(code);
        }
        if (situation.persisted && mayPush(code))
          this.addUnknown(
            `\`${nameOfCommand(code)}\` can push with what checkout leaves behind`,
            at,
            text.source,
          );
        continue;
      }
      used = true;
      if (found === undefined)
        this.addUnknown(`\`${nameOfCommand(code)}\` calls something that is not known`, at, text.source);
      else this.add(found, nameOfCommand(code), at, text.source);
      if (found?.some(({ scope }) => scope === 'registry') === true) this.#loggedIn = true;
    }
    this.#usedByScript ||= used;
    if (used || program === undefined || !situation.handed) return;
    const own = hasOwnToken(step.env, around.bindings) || ownerOf(text.value, around.bindings) === 'own';
    if (own) this.addUnknown(`\`${nameOfCommand(program.code)}\` gets the token`, program.at, text.source);
    else this.#handedToAll = true;
  }

  #action(step: Step, work: ActionUse, around: StepSurroundings): void {
    const { reference, inputs, text } = work;
    const { source } = text;
    const at = text.node;
    const environment = [...step.env, ...around.environment];
    const situation: ActionSituation = {
      inputs,
      environment,
      bindings: around.bindings,
      events: around.events,
    };
    if (reference.kind === 'image') return this.#image(work, situation);
    const local = around.repository.resolveStep(step);
    if (local?.runtime?.value === 'composite') return this.#composite(step, work, around);
    if (reference.kind !== 'repository')
      return this.addUnknown(`\`${text.value.slice(0, 80)}\` is not read`, at, source);
    const name = actionName(reference);
    if (name === 'actions/github-script') return this.#javaScript(work, situation);
    const command = COMMAND_INPUTS[name];
    const script = command === undefined ? undefined : inputs.find((each) => each.name === command)?.value;
    if (script !== undefined) return this.#script(step, { text: script }, environment, around);
    this.#remember(name, situation);
    const needs = needsOfAction(name, situation);
    if (needs === undefined) this.addUnknown(`\`${name.slice(0, 80)}\` is not known`, at, source);
    else this.add(needs, name, at, source);
  }

  /** What later steps of the job can use. */
  #remember(name: string, situation: ActionSituation): void {
    const { bindings, environment, inputs } = situation;
    const owner = ownerForAction(inputs, environment, bindings);
    if (name === 'actions/checkout') {
      const keeps = valueOf(inputs, 'persist-credentials')?.trim().toLowerCase() !== 'false';
      const own =
        valueOf(inputs, 'token') === undefined ? valueOf(inputs, 'ssh-key') === undefined : owner === 'own';
      if (keeps && own) this.#persisted = true;
    } else if (/login|setup-(?:node|dotnet|java)|setup-gradle/.test(name) && owner === 'own')
      this.#loggedIn = true;
  }

  /** An image gets no token that the workflow does not hand over. */
  #image({ text }: ActionUse, situation: ActionSituation): void {
    if (ownerForAction(situation.inputs, situation.environment, situation.bindings) === 'own')
      this.addUnknown(`the image \`${text.value.slice(0, 80)}\` gets the token`, text.node, text.source);
  }

  #javaScript({ inputs, text }: ActionUse, situation: ActionSituation): void {
    const script = inputs.find(({ name }) => name === 'script')?.value;
    const token = valueOf(inputs, 'github-token');
    if (token !== undefined && ownerOf(token, situation.bindings) === 'other') return;
    for (const { by, scopes } of callsInJavaScript(script?.value ?? '')) {
      if (scopes === undefined)
        this.addUnknown(`\`${by.slice(0, 80)}\` in a script is not known`, text.node, text.source);
      else this.add(scopes, by.slice(0, 80), text.node, text.source);
    }
  }

  #composite(step: Step, work: ActionUse, around: StepSurroundings): void {
    const called = around.repository.resolveStep(step);
    if (called === undefined || around.depth >= DEPTH_MAX)
      return this.addUnknown(
        `\`${work.text.value.slice(0, 80)}\` calls too deep`,
        work.text.node,
        work.text.source,
      );
    const bindings = new Map(
      called.inputs.map(({ name, default: value }) => {
        const given = valueOf(work.inputs, name);
        const text = given ?? value?.value ?? '';
        const owner = ownerOf(text, around.bindings);
        // What a caller’s own input stands for is worked out here, so that the action need not know its callers.
        return [name.toLowerCase(), owner === 'own' ? OWN_TOKEN : text] as const;
      }),
    );
    const environment = [...step.env, ...around.environment];
    for (const inner of called.jobs.flatMap(({ steps }) => steps))
      this.visit(inner, { ...around, bindings, environment, depth: around.depth + 1 });
  }
}
