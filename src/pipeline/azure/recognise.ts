import type { DefinitionKind } from '../reader.ts';
import { asMapping, asSequence, findValue, itemsOf, keyText, pairsOf } from '../yaml/access.ts';
import type { ContentNode, YamlNode } from '../yaml/node.ts';

/** `azure-pipelines.yml`, `azure-pipelines-pr.yml`, `.azure-pipelines.yaml`, `release.azure-pipelines.yml`, `.vsts-ci.yml`. */
const MAIN =
  /(?:^|\/)(?:\.?azure-pipelines?(?:[-._][\w.-]{1,100})?|[\w.-]{1,100}[.-]azure-pipelines?|\.?vsts-ci(?:[-.][\w.-]{1,100})?)\.ya?ml$/;
/** Folders that hold nothing else; `.pipelines` is Microsoft's own habit, `eng/…/templates` that of .NET. */
const FOLDER =
  /(?:^|\/)(?:\.azure-?pipelines?|azure-pipelines?|\.azuredevops|\.ado|\.vsts|\.pipelines)\/(?:[^/]+\/){0,10}[^/]+\.ya?ml$|(?:^|\/)eng\/(?:common\/)?(?:core-)?templates(?:-official)?\/(?:[^/]+\/){0,10}[^/]+\.ya?ml$/;
/** Configuration of other parts of Azure DevOps that lies in the same folders. */
const OTHER = /(?:^|\/)(?:dependabot|renovate|policies|policy|commitlint|labeler)\.ya?ml$/;

export function kindOfAzurePath(file: string): DefinitionKind | undefined {
  if (!/\.ya?ml$/.test(file)) return undefined;
  if (MAIN.test(file)) return 'workflow';
  return FOLDER.test(file) && !OTHER.test(file) ? 'template' : undefined;
}

const STEP_WORDS = new Set([
  'task',
  'script',
  'bash',
  'pwsh',
  'powershell',
  'checkout',
  'publish',
  'download',
  'downloadBuild',
  'getPackage',
  'restoreCache',
  'saveCache',
  'upload',
  'reviewApp',
  'template',
]);
const JOB_WORDS = new Set(['job', 'deployment', 'template', 'phase']);
const STAGE_WORDS = new Set(['stage', 'template']);
const VARIABLE_WORDS = new Set(['group', 'template']);

export function isStepWord(word: string): boolean {
  return STEP_WORDS.has(word);
}

function isDirective(word: string): boolean {
  return /^\s*\$\{\{/.test(word);
}

/** A list whose first few items say what they are, or are put there by `${{ if }}`. */
function isListOf(node: YamlNode | undefined, words: ReadonlySet<string>): boolean {
  const items = asSequence(node)?.items.slice(0, 20) ?? [];
  return items.some((item) =>
    (asMapping(item)?.entries ?? []).some((entry) => {
      const word = keyText(entry) ?? '';
      return words.has(word) || isDirective(word);
    }),
  );
}

function hasVariables(root: ContentNode): boolean {
  const variables = findValue(root, 'variables');
  if (isListOf(variables, VARIABLE_WORDS)) return true;
  return itemsOf(variables).some(
    (item) => findValue(item, 'name') !== undefined && findValue(item, 'value') !== undefined,
  );
}

/** What stages, jobs and steps look like on Azure Pipelines only. */
export function looksLikeAzure(root: ContentNode): boolean {
  return (
    isListOf(findValue(root, 'steps'), STEP_WORDS) ||
    isListOf(findValue(root, 'jobs'), JOB_WORDS) ||
    isListOf(findValue(root, 'stages'), STAGE_WORDS) ||
    hasVariables(root) ||
    findValue(findValue(root, 'extends'), 'template') !== undefined
  );
}

const ROOT_WORDS = new Set([
  'trigger',
  'pr',
  'schedules',
  'resources',
  'extends',
  'pool',
  'lockBehavior',
  'appendCommitMessageToRunName',
]);

/** What only the file that a run starts from may say. */
export function isStartable(root: ContentNode): boolean {
  return pairsOf(root).some(([{ value }]) => ROOT_WORDS.has(value));
}

export function kindOfAzureContent(root: ContentNode): DefinitionKind | undefined {
  if (!looksLikeAzure(root)) return undefined;
  return isStartable(root) ? 'workflow' : 'template';
}
