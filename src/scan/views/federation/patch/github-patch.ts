import type { Job, Step } from '#pipeline/model.ts';
import { asMapping, findValue } from '#pipeline/yaml/access.ts';
import type { TextEdit } from '../../../fix/apply-edits.ts';
import { isCompanion } from '../../../shared/static-credentials.ts';
import { findInWorkflow } from '../recognise/github.ts';
import type { StoredCredential, StoredUse } from '../recognise/stored-use.ts';
import { changeUnder } from './mapping-edits.ts';
import type { Migration } from './migration.ts';
import { NeedsHand } from './needs-hand.ts';
import { grantScope } from './permissions.ts';
import { dropLines } from './script-edits.ts';
import { endOfStep, insertStepBefore, removeStep, renderStepAt } from './step-edits.ts';

function required<Value>(value: Value | undefined, reason: string): Value {
  if (value === undefined) throw new NeedsHand(reason);
  return value;
}

const hasBlockStyle = (step: Step): boolean => asMapping(step.node) !== undefined;

/** The first step that does more than fetch code or tools: whatever the job's variables are for comes no earlier. */
function firstWorkingStep({ steps }: Job): Step | undefined {
  return steps.find(
    ({ work }) =>
      work.kind !== 'action' || !/^actions\/(?:checkout|setup-|cache)/.test(work.reference.repository),
  );
}

class Patcher {
  readonly edits: TextEdit[] = [];
  readonly #credential: StoredCredential;
  readonly #migration: Migration;
  /** The step in front of which the login goes. */
  #loginBefore: Step | undefined;
  #replacedByLogin: Step | undefined;

  constructor(credential: StoredCredential, migration: Migration) {
    this.#credential = credential;
    this.#migration = migration;
  }

  run(): readonly TextEdit[] {
    const { uses, job } = this.#credential;
    const byStep = Map.groupBy(uses, ({ step }) => step);
    for (const [step, own] of byStep) if (step !== undefined) this.#changeStep(step, own);
    this.#changeShared(byStep.get(undefined) ?? []);
    this.#logIn();
    this.edits.push(
      ...required(grantScope(job, this.#migration.scope), 'its `permissions:` cannot be extended here'),
    );
    return this.edits;
  }

  #needLogin(step: Step | undefined): void {
    if (this.#migration.login === undefined) return;
    const before = required(step, 'it is not clear which step needs the credential first');
    if (this.#loginBefore === undefined || before.index < this.#loginBefore.index) this.#loginBefore = before;
  }

  #changeStep(step: Step, uses: readonly StoredUse[]): void {
    if (!hasBlockStyle(step)) throw new NeedsHand('the step is written in a way that is not changed here');
    const of = (place: StoredUse['place']) => uses.filter((use) => use.place === place);
    const [inputs, variables, inScript] = [of('input'), of('step-variable'), of('script')];
    if (inputs.length > 0) this.#changeInputs(step, inputs);
    if (variables.length > 0) this.#changeVariables(step, variables);
    if (inScript.length > 0 || variables.length > 0) this.#changeScript(step, inScript, variables);
  }

  #changeInputs(step: Step, uses: readonly StoredUse[]): void {
    const { work } = step;
    if (work.kind !== 'action') return;
    const { repository } = work.reference;
    const { inputs, extraInputs = {}, replaceInput, replaces = [] } = this.#migration;
    if (replaces.includes(repository)) {
      this.#needLogin(step);
      this.#replaceStep(step);
      return;
    }
    const change = Object.hasOwn(inputs, repository) ? inputs[repository] : undefined;
    if (change !== undefined) {
      const gone = (name: string) => change.remove.includes(name.toLowerCase());
      const present = work.inputs.map(({ name }) => name.toLowerCase());
      const add = change.add.filter(([name]) => gone(name) || !present.includes(name));
      this.#changeMapping(step, 'with', { remove: gone, add });
      if (change.login === true) this.#needLogin(step);
      return;
    }
    for (const use of uses) {
      const value = replaceInput?.(use);
      this.#replace(
        use,
        required(value, `\`${repository || 'the action'}\` takes it as the input \`${use.holder}\``),
      );
    }
    const extra = Object.hasOwn(extraInputs, repository) ? (extraInputs[repository] ?? []) : [];
    const names = extra.map(([name]) => name);
    if (extra.length > 0)
      this.#changeMapping(step, 'with', { remove: (name) => names.includes(name), add: extra });
    this.#needLogin(step);
  }

  #changeVariables(step: Step, uses: readonly StoredUse[]): void {
    const { replaceVariable, variables } = this.#migration;
    const values = uses.map((use) => replaceVariable?.(use));
    this.#needLogin(step);
    if (values.every((value) => value !== undefined)) {
      for (const [index, use] of uses.entries()) this.#replace(use, values[index] ?? '');
      if (variables.length > 0) this.#changeMapping(step, 'env', this.#replacing([]));
      return;
    }
    this.#changeMapping(step, 'env', this.#replacing(uses.map(({ holder }) => holder)));
  }

  #replacing(names: readonly string[]) {
    const { kind } = this.#credential;
    const added = this.#migration.variables.map(([name]) => name);
    const goes = (name: string) => names.includes(name) || (names.length > 0 && isCompanion(kind.id, name));
    return { remove: (name: string) => goes(name) || added.includes(name), add: this.#migration.variables };
  }

  #changeMapping(step: Step, key: string, change: Parameters<typeof changeUnder>[3]): void {
    const { source } = step.job.pipeline;
    this.edits.push(
      ...required(changeUnder(source, step.node, key, change), `\`${key}:\` is shared with other places`),
    );
  }

  /** Another value in the place of the stored one, inside of the expression that is there. */
  #replace({ span, step, variable }: StoredUse, expression: string): void {
    const text = variable?.value ?? (step?.work.kind === 'script' ? step.work.text : undefined);
    const isQuoted = text?.node.style === 'single-quoted';
    const replacement = isQuoted ? expression.replaceAll("'", "''") : expression;
    this.edits.push({ start: span.start, end: span.end, replacement });
  }

  #changeScript(step: Step, uses: readonly StoredUse[], variables: readonly StoredUse[]): void {
    const { loginLine, replaceInScript, replaceVariable } = this.#migration;
    const shortened = loginLine === undefined ? undefined : dropLines(step, (line) => loginLine.test(line));
    if (shortened === undefined) {
      for (const use of uses)
        this.#replace(use, required(replaceInScript?.(use), 'the script itself handles the value'));
      if (replaceVariable === undefined) this.#refuseMentions(step, variables);
      if (uses.length > 0) this.#needLogin(step);
      return;
    }
    const named = [
      ...variables.map(({ holder }) => holder),
      ...uses.map(({ secret }) => `secrets.${secret}`),
    ];
    if (named.some((name) => shortened.rest.includes(name)))
      throw new NeedsHand('the script does more with the value than to log in');
    this.#needLogin(step);
    if (shortened.empty) this.#replaceStep(step);
    else this.edits.push(...shortened.edits);
  }

  /** A script that names the variable handles the value itself, and would find nothing in it. */
  #refuseMentions({ work }: Step, variables: readonly StoredUse[]): void {
    if (work.kind !== 'script') return;
    const { exportedNames } = this.#migration;
    const gone = variables.filter(({ holder }) => exportedNames?.test(holder) !== true);
    if (gone.some(({ holder }) => work.text.value.includes(holder)))
      throw new NeedsHand('the script itself handles the value');
  }

  #replaceStep(step: Step): void {
    if (this.#replacedByLogin !== undefined) throw new NeedsHand('several steps do nothing but log in');
    if (this.#migration.login !== undefined) this.#replacedByLogin = step;
    for (let index = this.edits.length - 1; index >= 0; index -= 1) {
      const edit = this.edits[index];
      if (edit !== undefined && edit.start >= step.node.start && edit.end <= endOfStep(step))
        this.edits.splice(index, 1);
    }
    if (this.#migration.login === undefined)
      this.edits.push(required(removeStep(step), 'nothing would be left of the job'));
  }

  #changeShared(uses: readonly StoredUse[]): void {
    if (uses.length === 0) return;
    const { job } = this.#credential;
    if (uses.some(({ place }) => place === 'call'))
      throw new NeedsHand('another workflow takes it as a secret');
    if (uses.some(({ place }) => place === 'image'))
      throw new NeedsHand('it fetches the image that the job runs in');
    if (uses.some(({ place }) => place === 'pipeline-variable') && this.#isSharedByJobs())
      throw new NeedsHand('several jobs read it from the workflow: give it to the jobs that need it first');
    if (!this.#migration.exports)
      throw new NeedsHand('it is a variable of the whole job; give it to the step that needs it');
    const change = this.#replacing(uses.map(({ holder }) => holder));
    for (const place of ['job-variable', 'pipeline-variable'] as const) {
      if (!uses.some((use) => use.place === place)) continue;
      const parent = place === 'job-variable' ? job.node : job.pipeline.node;
      if (asMapping(findValue(parent, 'env')) === undefined)
        throw new NeedsHand('`env:` is shared with other places');
      const edits = changeUnder(job.pipeline.source, parent, 'env', change);
      this.edits.push(...required(edits, '`env:` is shared with other places'));
    }
    for (const step of job.steps) this.#refuseMentions(step, uses);
    this.#needLogin(firstWorkingStep(job));
  }

  /** Taken out of the workflow for one job, it would be missing in the others. */
  #isSharedByJobs(): boolean {
    const { job, kind } = this.#credential;
    return findInWorkflow(job.pipeline).some(
      (each) =>
        each.job !== job &&
        each.kind === kind &&
        each.uses.some(({ place }) => place === 'pipeline-variable'),
    );
  }

  #logIn(): void {
    const { login } = this.#migration;
    const { source } = this.#credential.job.pipeline;
    const before = this.#loginBefore;
    if (login === undefined || before === undefined) return;
    if (before === this.#replacedByLogin) {
      this.edits.push(renderStepAt(source, before, endOfStep(before), login));
      return;
    }
    if (this.#replacedByLogin !== undefined) throw new NeedsHand('it is used before the step that logs in');
    const edit = required(
      insertStepBefore(source, before, login),
      'the steps are not written as a list with dashes',
    );
    this.edits.unshift(edit);
  }
}

/** The edits that take a stored credential out of a job. @throws {NeedsHand} with the reason why there are none. */
export function patchWorkflow(credential: StoredCredential, migration: Migration): readonly TextEdit[] {
  return new Patcher(credential, migration).run();
}
