import type { ActionReference } from '#pipeline/reference.ts';
import type { Variable } from '#pipeline/model.ts';
import { ACTION_ROWS } from './action-rows.ts';
import { HARMLESS_ACTIONS } from './harmless-actions.ts';
import { type Bindings, ownerForAction, ownerOf, valueOf } from './job-token.ts';
import { readScopes, type ScopeAccess } from './need.ts';

interface ConditionalScope extends ScopeAccess {
  /** What stands behind `?`. */
  readonly condition: string;
}

interface ActionRow {
  readonly handed: boolean;
  readonly scopes: readonly ConditionalScope[];
}

function readRow(row: string): ActionRow {
  const words = row.split(' ').filter(Boolean);
  const scopes = words.flatMap((word) => {
    const [scope = '', condition = ''] = word.split(/\?(.*)/, 2);
    return readScopes(scope).map((each) => ({ ...each, condition }));
  });
  return { handed: words[0] === 'handed', scopes };
}

const ROWS: ReadonlyMap<string, ActionRow> = new Map(
  Object.entries(ACTION_ROWS).map(([name, row]) => [name, readRow(row)]),
);

/** What has a token of its own for each run, and needs none from outside. */
const IDENTITY = new Set(['id-token']);

/** A step that uses an action, as far as its scopes depend on it. */
export interface ActionSituation {
  readonly inputs: readonly Variable[];
  /** Variables of the step, the job and the workflow, the nearest first. */
  readonly environment: readonly Variable[];
  readonly bindings: Bindings;
  readonly events: readonly string[];
}

function matches(value: string, pattern: string, { bindings }: ActionSituation): boolean {
  if (pattern === 'own') return ownerOf(value, bindings) === 'own';
  const parts = pattern.split('*');
  if (parts.length === 1) return value.trim() === pattern;
  const [first = '', ...rest] = parts;
  const last = rest.at(-1) ?? '';
  return value.startsWith(first) && value.endsWith(last) && rest.every((part) => value.includes(part));
}

function holds(condition: string, situation: ActionSituation): boolean {
  return condition === '' || condition.split('&').every((part) => holdsPart(part, situation));
}

function holdsPart(condition: string, situation: ActionSituation): boolean {
  const negated = condition.startsWith('!');
  const [name = '', pattern] = (negated ? condition.slice(1) : condition).split(/=(.*)/, 2);
  if (name === 'event') return situation.events.includes(pattern ?? '');
  const value = valueOf(situation.inputs, name);
  const given = value !== undefined && value.trim() !== '';
  const isSo = pattern === undefined ? given : given && matches(value, pattern, situation);
  return negated ? !isSo : isSo;
}

/** Who is given a key does not ask for an identity. */
function usesKeys(name: string, { inputs, environment }: ActionSituation): boolean {
  if (name === 'release-plz/action')
    return environment.some((each) => each.name === 'CARGO_REGISTRY_TOKEN' && each.value?.value !== '');
  return (
    name === 'aws-actions/configure-aws-credentials' && valueOf(inputs, 'aws-access-key-id') !== undefined
  );
}

export function actionName({ repository, path }: ActionReference): string {
  return (path === '' ? repository : `${repository}/${path}`).toLowerCase();
}

/** The scopes that a well-known action needs here; undefined for one that is not known. */
export function needsOfAction(name: string, situation: ActionSituation): readonly ScopeAccess[] | undefined {
  if (HARMLESS_ACTIONS.has(name)) return [];
  const row = ROWS.get(name);
  if (row === undefined) return undefined;
  const owner = ownerForAction(situation.inputs, situation.environment, situation.bindings);
  const hasToken = row.handed ? owner === 'own' : owner !== 'other';
  return row.scopes.filter(({ scope, condition }) => {
    if (IDENTITY.has(scope) ? usesKeys(name, situation) : !hasToken) return false;
    return holds(condition, situation);
  });
}

/** How many actions are known. */
export const KNOWN_ACTIONS_COUNT = ROWS.size + HARMLESS_ACTIONS.size;
