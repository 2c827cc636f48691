import type { Step } from '#pipeline/model.ts';
import { keyText } from '#pipeline/yaml/access.ts';
import type { TextEdit } from '../../../fix/apply-edits.ts';
import { isCompanion } from '../../../shared/static-credentials.ts';
import type { StoredCredential, StoredUse } from '../recognise/stored-use.ts';
import { columnOf, newlineOf } from './mapping-edits.ts';
import { NeedsHand } from './needs-hand.ts';
import { endOfStep } from './step-edits.ts';

/** What the patch calls the service connection that has no secret. */
export const SERVICE_CONNECTION = 'azure-workload-identity';

const SHELLS = new Set(['script', 'bash']);
/** Keys of a step that the task takes over as they are. */
const KEPT = new Set(['displayName', 'name', 'condition', 'timeoutInMinutes', 'continueOnError', 'enabled']);
const LOGIN_LINE = /^\s*az\s+login\b.{0,300}--service-principal\b/;
/** The provider of Terraform takes the token of the task. */
const FOR_TERRAFORM =
  'export ARM_USE_OIDC=true ARM_CLIENT_ID="$servicePrincipalId" ARM_TENANT_ID="$tenantId" ARM_OIDC_TOKEN="$idToken"';

/** Lines of the script without the login, and what the task has to set for it. */
function scriptOf(step: Step, uses: readonly StoredUse[]): string[] {
  const { work } = step;
  if (work.kind !== 'script')
    throw new NeedsHand('a task takes it as an input: give the task a service connection');
  const lines = work.text.value.trimEnd().split('\n');
  const left = lines.filter((line) => !LOGIN_LINE.test(line));
  const isProvider = uses.some(({ place, holder }) => place === 'step-variable' && /^ARM_/i.test(holder));
  if (left.length === lines.length && !isProvider) throw new NeedsHand('the script itself handles the value');
  const rest = left.join('\n');
  if (uses.some(({ secret, holder }) => rest.includes(secret) || (holder !== '' && rest.includes(holder))))
    throw new NeedsHand('the script does more with the value than to log in');
  if (rest.trim() === '')
    throw new NeedsHand('later steps rely on this login: put them into one `AzureCLI@2`');
  return isProvider ? [FOR_TERRAFORM, ...left] : left;
}

function refuseLaterSteps(step: Step): void {
  const later = step.job.steps.slice(step.index + 1);
  if (later.some(({ work }) => work.kind === 'script' && /(?:^|[\s;&|(])az\s/.test(work.text.value)))
    throw new NeedsHand('later steps rely on this login: put them into one `AzureCLI@2`');
}

/** Entries that stay, as they stand in the file; variables without those that go. */
function keptLines(step: Step, uses: readonly StoredUse[], newline: string): string[] {
  const { source } = step.job.pipeline;
  const gone = (name: string): boolean =>
    uses.some(({ holder }) => holder === name) ||
    isCompanion('azure', name) ||
    /^ARM_(?:CLIENT_ID|TENANT_ID|CLIENT_SECRET)$/.test(name);
  return step.node.entries.flatMap((entry): string[] => {
    const key = keyText(entry) ?? '';
    if (SHELLS.has(key)) return [];
    if (key === 'env' && entry.value.kind === 'mapping') {
      const left = entry.value.entries.filter((each) => !gone(keyText(each) ?? ''));
      if (left.length === 0) return [];
      return ['env:', ...left.map((each) => `  ${source.slice(each.key)}: ${source.slice(each.value)}`)];
    }
    if (!KEPT.has(key)) throw new NeedsHand(`\`${key.slice(0, 40)}:\` of the step is not known to the task`);
    return `${key}: ${source.slice(entry.value).trimEnd()}`.split(newline);
  });
}

function convert(step: Step, uses: readonly StoredUse[]): TextEdit {
  const { source } = step.job.pipeline;
  const newline = newlineOf(source);
  const shell = step.node.entries.map((entry) => keyText(entry) ?? '').find((key) => SHELLS.has(key));
  if (shell === undefined || step.node.flow)
    throw new NeedsHand('the step is written in a way that is not changed here');
  const lines = scriptOf(step, uses);
  refuseLaterSteps(step);
  const task = [
    'task: AzureCLI@2',
    ...keptLines(step, uses, newline),
    'inputs:',
    `  azureSubscription: ${SERVICE_CONNECTION}`,
    '  scriptType: bash',
    '  scriptLocation: inlineScript',
    ...(lines[0] === FOR_TERRAFORM ? ['  addSpnToEnvironment: true'] : []),
    '  inlineScript: |',
    ...lines.map((line) => (line === '' ? '' : `    ${line}`)),
  ];
  const pad = ' '.repeat(columnOf(source, step.node.start));
  const replacement = task
    .map((line, index) => (index === 0 || line === '' ? line : `${pad}${line}`))
    .join(newline);
  return { start: step.node.start, end: endOfStep(step), replacement };
}

/** Scripts that log in to Azure become tasks, whose service connection has no secret. @throws {NeedsHand} */
export function patchAzure({ uses }: StoredCredential): readonly TextEdit[] {
  const bySteps = Map.groupBy(uses, ({ step }) => step);
  return [...bySteps].map(([step, own]) => {
    if (step === undefined)
      throw new NeedsHand('it is a variable of the whole job; give it to the step that needs it');
    return convert(step, own);
  });
}
