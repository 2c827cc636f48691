import type { ActionUse, Guard, OtherWork, Script } from '../model.ts';
import type { ActionReference } from '../reference.ts';
import type { SourceText } from '../source.ts';
import { Text } from '../text.ts';
import { asMapping, asScalar, findEntry, findValue, pairsOf } from '../yaml/access.ts';
import type { MappingNode, ScalarNode, YamlNode } from '../yaml/node.ts';
import { type Item, itemsThrough } from './directives.ts';
import type { AzureJob, AzureStep, Conditions, Passed, TaskUse } from './model.ts';
import { isStepWord } from './recognise.ts';
import { codeInputsOf, shellOfTask } from './tasks.ts';
import { azureCondition, azureText } from './texts.ts';
import { readPassed, toVariables } from './variables.ts';

const STEPS_MAX = 5_000;
const SCRIPT_WORDS: ReadonlySet<string> = new Set(['script', 'bash', 'pwsh', 'powershell']);

const NOWHERE = { owner: '', path: '', image: undefined };

/** `Name@2`, or `publisher.extension.Name@2`. */
function taskReference({ name, version }: TaskUse): ActionReference {
  const owner = name.includes('.') ? (name.split('.')[0] ?? '').toLowerCase() : '';
  const pin = version === undefined ? 'none' : 'tag';
  return { ...NOWHERE, kind: 'repository', repository: name.toLowerCase(), owner, ref: version, pin };
}

export function readGuard(node: YamlNode | undefined, source: SourceText): Guard | undefined {
  const text = azureCondition(findValue(node, 'condition'), source);
  return text === undefined ? undefined : { text, expression: text.expressions[0], alwaysTrue: false };
}

/** The conditions around a thing and its own. */
export function conditionsOf(node: YamlNode, around: Conditions, source: SourceText): Conditions {
  const own = azureCondition(findValue(node, 'condition'), source);
  return own === undefined ? around : [...around, own];
}

function findWord(node: MappingNode): [ScalarNode, YamlNode] | undefined {
  return pairsOf(node).find(([key]) => isStepWord(key.value));
}

function readTask(value: YamlNode, node: MappingNode, source: SourceText): TaskUse | undefined {
  const written = asScalar(value)?.value.trim();
  if (written === undefined || written === '') return undefined;
  const at = written.lastIndexOf('@');
  return {
    name: at <= 0 ? written : written.slice(0, at),
    version: at <= 0 ? undefined : written.slice(at + 1),
    inputs: readPassed(findValue(node, 'inputs'), source),
  };
}

export function inputOf(task: TaskUse, name: string): Passed | undefined {
  const wanted = name.toLowerCase();
  return task.inputs.findLast((each) => each.name.toLowerCase() === wanted);
}

function scriptOf(text: Text, shell: Text | undefined, node: MappingNode, source: SourceText): Script {
  const folder =
    findValue(node, 'workingDirectory') ?? findValue(findValue(node, 'inputs'), 'workingDirectory');
  return { kind: 'script', text, shell, workingDirectory: azureText(folder, source) };
}

/** The task stands for its shell; the name is ours, the place the task's. */
function nameShell(value: string, { node, source }: Text): Text {
  return new Text({ ...node, value, exact: false }, source, () => []);
}

function taskWork(task: TaskUse, text: Text, key: ScalarNode, node: MappingNode, source: SourceText) {
  const code = codeInputsOf(task.name).map((each) => inputOf(task, each)?.value);
  const script = code.find((each) => each !== undefined && each.value !== '');
  if (script !== undefined) {
    const typed = inputOf(task, 'scriptType')?.value;
    const named = shellOfTask(task.name);
    return scriptOf(script, named === undefined ? typed : nameShell(named, text), node, source);
  }
  const action: ActionUse = {
    kind: 'action',
    text,
    key,
    reference: taskReference(task),
    inputs: toVariables(task.inputs),
    inputsNode: findEntry(node, 'inputs')?.value,
  };
  return action;
}

function readWork(
  [key, value]: [ScalarNode, YamlNode],
  task: TaskUse | undefined,
  node: MappingNode,
  source: SourceText,
): Script | ActionUse | OtherWork {
  const text = azureText(value, source);
  if (text === undefined) return { kind: 'other' };
  if (SCRIPT_WORDS.has(key.value)) {
    // `script:` is run by the shell of the agent's system, the others name theirs.
    const shell = key.value === 'script' ? undefined : new Text(key, source, () => []);
    return scriptOf(text, shell, node, source);
  }
  return task === undefined ? { kind: 'other' } : taskWork(task, text, key, node, source);
}

function readStep({ node, conditions }: Item, job: AzureJob, index: number): AzureStep | undefined {
  const mapping = asMapping(node);
  const word = mapping === undefined ? undefined : findWord(mapping);
  if (mapping === undefined || word === undefined) return undefined;
  const [key, value] = word;
  const { source } = job.pipeline;
  const task = key.value === 'task' ? readTask(value, mapping, source) : undefined;
  return {
    job,
    index,
    node: mapping,
    id: asScalar(findValue(mapping, 'name'))?.value,
    name: azureText(findValue(mapping, 'displayName'), source),
    guard: readGuard(mapping, source),
    env: toVariables(readPassed(findValue(mapping, 'env'), source)),
    work: readWork(word, task, mapping, source),
    word: key,
    conditions: conditionsOf(mapping, conditions, source),
    task,
  };
}

/** The steps that stand in the file; those of templates stay in theirs. */
export function readSteps(
  lists: readonly (YamlNode | undefined)[],
  job: AzureJob,
  onTemplate: (item: Item) => void,
): AzureStep[] {
  const steps: AzureStep[] = [];
  for (const item of lists.flatMap((list) => itemsThrough(list, job.pipeline.source))) {
    if (steps.length >= STEPS_MAX) break;
    if (findValue(item.node, 'template') !== undefined) onTemplate(item);
    else {
      const step = readStep(item, job, steps.length);
      if (step !== undefined) steps.push(step);
    }
  }
  return steps;
}
