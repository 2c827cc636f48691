import type { CredentialKind, CredentialUse } from '../surface.ts';
import { type Expression, locateExpression, type Text } from '../text.ts';
import { memoize } from '../memoize.ts';
import { pathOf } from '../expression.ts';
import type { AzureJob, AzureStep, Conditions, Passed, Variables } from './model.ts';
import { isSecretName } from '../secret-variables.ts';
import { isPredefined } from './predefined.ts';
import { inputOf } from './read-steps.ts';
import { isConnectionInput, isFeedTask, secureFileInputOf } from './tasks.ts';

type Scope = CredentialUse['scope'];

/** What Azure's own secrets are called, beside the words that secrets have everywhere. */
const AZURE_WORDS = /(?:^|_)(?:sas|connection_?string|(?:account|storage|function|host)_?key)s?(?:$|_)/;

/** `NuGetApiKey`, `nuget-api-key` and `NUGET_API_KEY` say the same. */
export function soundsSecret(name: string): boolean {
  const words = name
    .slice(0, 200)
    .replaceAll(/([a-z0-9])([A-Z])/g, '$1_$2')
    .replaceAll(/[.\s-]/g, '_');
  return isSecretName(words) || AZURE_WORDS.test(words.toLowerCase());
}

function use(kind: CredentialKind, name: string, scope: Scope, text: Text): CredentialUse {
  return { kind, name: name.trim().slice(0, 100), scope, source: text.source, span: text.node };
}

/** A credential, and when the job has it. */
export interface HeldCredential {
  readonly use: CredentialUse;
  readonly conditions: Conditions;
}

/** Variable groups of one level. */
export function groupsOf({ groups }: Variables, scope: Scope): HeldCredential[] {
  return groups.map(({ text, conditions }) => ({
    use: use('secret-group', text.value, scope, text),
    conditions,
  }));
}

function variableOf({ parsed }: Expression): string | undefined {
  const path = parsed.ok ? pathOf(parsed.root) : undefined;
  return path?.startsWith('variables.') === true ? path.slice('variables.'.length) : undefined;
}

/** The name as it is written, which the parsed path has in lower case. */
function writtenName({ text, inner }: Expression): string {
  return text.value.slice(inner.start, inner.end).replaceAll(/[[\]'\s]|variables\.?/g, '');
}

/** Secrets come into a step by name only: as a macro in its variables, its inputs or its script. */
function secretsIn(text: Text | undefined, isDefined: (name: string) => boolean): CredentialUse[] {
  return (text?.expressions ?? []).flatMap((expression): CredentialUse[] => {
    const name = variableOf(expression);
    if (name === undefined || text === undefined) return [];
    const place = { source: text.source, span: locateExpression(expression), scope: 'step' } as const;
    if (name === 'system.accesstoken')
      return [{ ...place, kind: 'platform-token', name: 'System.AccessToken' }];
    if (isDefined(name) || isPredefined(name) || !soundsSecret(writtenName(expression))) return [];
    return [{ ...place, kind: 'secret', name: writtenName(expression).slice(0, 100) }];
  });
}

/** The name of an account, not its address nor nothing. */
function isNamed({ value }: Passed): boolean {
  return value !== undefined && value.value.trim() !== '' && !value.value.includes('://');
}

function taskCredentials({ task }: AzureStep): CredentialUse[] {
  if (task === undefined) return [];
  const connections = task.inputs.flatMap((each) => {
    if (!isConnectionInput(each.name) || each.value === undefined || !isNamed(each)) return [];
    return [use('connection', each.value.value, 'step', each.value)];
  });
  const isVault = /^azurekeyvault$/i.test(task.name);
  const vault = isVault ? inputOf(task, 'keyVaultName')?.value : undefined;
  const fileInput = secureFileInputOf(task.name);
  const file = fileInput === undefined ? undefined : inputOf(task, fileInput)?.value;
  return [
    ...connections,
    // Everything behind the task can read what it fetched.
    ...(vault === undefined ? [] : [use('secret-group', vault.value, 'job', vault)]),
    ...(file === undefined ? [] : [use('secret', file.value, 'job', file)]),
  ];
}

function feedCredentials({ task, work }: AzureStep): CredentialUse[] {
  if (task === undefined || work.kind !== 'action' || !isFeedTask(task.name)) return [];
  return [use('platform-token', `of ${task.name}`, 'job', work.text)];
}

function stepCredentials(step: AzureStep, isDefined: (name: string) => boolean): HeldCredential[] {
  const texts = [
    ...step.env.map(({ value }) => value),
    ...(step.task?.inputs ?? []).map(({ value }) => value),
    ...(step.task === undefined && step.work.kind === 'script' ? [step.work.text] : []),
  ];
  const uses = [
    ...texts.flatMap((text) => secretsIn(text, isDefined)),
    ...taskCredentials(step),
    ...feedCredentials(step),
  ];
  return uses.map((each) => ({ use: each, conditions: step.conditions }));
}

/** Variables whose value stands in the file are no secrets of the settings. */
const namesOf = memoize(
  ({ values }: Variables): ReadonlySet<string> => new Set(values.map(({ name }) => name.toLowerCase())),
);

/** What the job holds by its own file: groups of all levels, and what its steps name. */
export function credentialsOf(job: AzureJob, shared: readonly Variables[]): HeldCredential[] {
  const [outermost, ...inner] = job.variables;
  const levels = [...shared, ...job.variables].map(namesOf);
  const isDefined = (name: string): boolean => levels.some((names) => names.has(name));
  const image = job.container?.credentials.flatMap(({ value }) => value ?? []) ?? [];
  return [
    ...(outermost === undefined ? [] : groupsOf(outermost, 'pipeline')),
    ...inner.flatMap((each) => groupsOf(each, 'job')),
    ...shared.flatMap((each) => groupsOf(each, 'pipeline')),
    ...image.map((text) => ({ use: use('connection', text.value, 'job', text), conditions: [] })),
    ...job.steps.flatMap((step) => stepCredentials(step, isDefined)),
  ];
}
