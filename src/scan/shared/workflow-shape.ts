import { findEntry } from '#pipeline/yaml/access.ts';
import type { MappingNode } from '#pipeline/yaml/node.ts';
import type { Shape } from './shape.ts';
import { PARALLEL_STEP_KEYS, PERMISSION_SCOPES } from './workflow-keys.ts';

/** The shape of a workflow by GitHub's page “Workflow syntax” (state: 2026-11). Events have a table of their own. */
const ANYTHING: Shape = { kind: 'anything' };
const TEXT: Shape = { kind: 'text', emptyAllowed: true };
const NAME: Shape = { kind: 'text', emptyAllowed: false };
const BOOLEAN: Shape = { kind: 'boolean' };
const NAME_LIST: Shape = { kind: 'list', item: NAME, emptyAllowed: true };
const NAME_OR_LIST: Shape = either(NAME, NAME_LIST);
/** An empty filter lets nothing through. */
const FILTER: Shape = either(NAME, { kind: 'list', item: NAME, emptyAllowed: false });
const ENV: Shape = { kind: 'names', value: TEXT, emptyAllowed: true };

function either(...shapes: readonly Shape[]): Shape {
  return { kind: 'either', shapes, emptyAllowed: false };
}

function orEmpty(...shapes: readonly Shape[]): Shape {
  return { kind: 'either', shapes, emptyAllowed: true };
}

function words(...known: readonly string[]): Shape {
  return { kind: 'text', emptyAllowed: false, words: known };
}

function mapping(
  where: string,
  keys: Readonly<Record<string, Shape>>,
  required: readonly string[] = [],
): Shape {
  return { kind: 'mapping', where, keys, required };
}

const ACCESS = words('read', 'write', 'none');
const SCOPES = {
  ...Object.fromEntries(PERMISSION_SCOPES.map((scope) => [scope, ACCESS])),
  'copilot-requests': words('write', 'none'),
  'id-token': words('write', 'none'),
  models: words('read', 'none'),
};
const PERMISSIONS = either(words('read-all', 'write-all'), mapping('among the permissions', SCOPES));

const CONCURRENCY = either(
  NAME,
  mapping('in a concurrency', { group: NAME, 'cancel-in-progress': BOOLEAN, queue: words('single', 'max') }, [
    'group',
  ]),
);

const DEFAULTS = mapping('among the defaults', {
  run: mapping('in the defaults of run', { shell: NAME, 'working-directory': NAME }),
});

const CREDENTIALS = mapping('in credentials', { username: NAME, password: NAME });
const CONTAINER_KEYS = {
  image: TEXT,
  options: TEXT,
  env: ENV,
  ports: NAME_LIST,
  volumes: NAME_LIST,
  credentials: CREDENTIALS,
};
const CONTAINER = orEmpty(TEXT, mapping('in a container', CONTAINER_KEYS, ['image']));
const SERVICE = either(
  NAME,
  mapping('in a service', { ...CONTAINER_KEYS, entrypoint: TEXT, command: TEXT }, ['image']),
);

const MATRIX_ROW: Shape = { kind: 'list', item: ANYTHING, emptyAllowed: false };
const MATRIX_FILTER: Shape = {
  kind: 'list',
  item: { kind: 'names', value: ANYTHING, emptyAllowed: true },
  emptyAllowed: true,
};
const MATRIX: Shape = {
  kind: 'choice',
  choose: (node) => ({
    kind: 'mapping',
    where: 'in a matrix',
    keys: Object.fromEntries(
      node.entries.flatMap(({ key }) =>
        key.kind === 'scalar'
          ? [[key.value, /^(?:include|exclude)$/.test(key.value) ? MATRIX_FILTER : MATRIX_ROW]]
          : [],
      ),
    ),
    required: [],
  }),
};

const STEP_START = {
  id: NAME,
  name: TEXT,
  if: ANYTHING,
  env: ENV,
  'continue-on-error': BOOLEAN,
  'timeout-minutes': { kind: 'number', whole: false, above: 0 },
  background: BOOLEAN,
} satisfies Readonly<Record<string, Shape>>;
const SCRIPT_STEP = { ...STEP_START, run: TEXT, shell: NAME, 'working-directory': NAME };
const ACTION_STEP = { ...STEP_START, uses: NAME, with: ENV };
const OTHER_STEP = {
  ...STEP_START,
  wait: NAME_OR_LIST,
  'wait-all': { kind: 'either', shapes: [BOOLEAN], emptyAllowed: true },
  cancel: NAME,
  parallel: ANYTHING,
} satisfies Readonly<Record<string, Shape>>;

/** A step that does nothing, or two things, is told so by another rule; its keys are those of all. */
function chooseStep(node: MappingNode): Shape {
  const has = (key: string): boolean => findEntry(node, key) !== undefined;
  const waits = PARALLEL_STEP_KEYS.some((key) => key !== 'background' && has(key));
  if (waits || has('run') === has('uses')) {
    return mapping('in a step', { ...SCRIPT_STEP, ...ACTION_STEP, ...OTHER_STEP });
  }
  return has('run')
    ? mapping('in a step', { ...SCRIPT_STEP, with: ANYTHING })
    : mapping('in a step that uses an action', ACTION_STEP);
}

const JOB = mapping('in a job', {
  name: TEXT,
  needs: NAME_OR_LIST,
  permissions: PERMISSIONS,
  if: ANYTHING,
  'runs-on': either(NAME, NAME_LIST, mapping('in runs-on', { group: NAME, labels: NAME_OR_LIST })),
  snapshot: either(
    NAME,
    mapping('in a snapshot', { 'image-name': NAME, if: ANYTHING, version: NAME }, ['image-name']),
  ),
  environment: orEmpty(
    TEXT,
    mapping('in an environment', { name: NAME, url: TEXT, deployment: BOOLEAN }, ['name']),
  ),
  concurrency: CONCURRENCY,
  outputs: ENV,
  env: ENV,
  defaults: DEFAULTS,
  steps: { kind: 'list', item: { kind: 'choice', choose: chooseStep }, emptyAllowed: true },
  'timeout-minutes': { kind: 'number', whole: false, above: 0 },
  'cancel-timeout-minutes': { kind: 'number', whole: false, above: 0 },
  strategy: mapping('in a strategy', {
    matrix: MATRIX,
    'fail-fast': BOOLEAN,
    'max-parallel': { kind: 'number', whole: true, above: 0 },
  }),
  'continue-on-error': BOOLEAN,
  container: CONTAINER,
  services: { kind: 'names', value: SERVICE, emptyAllowed: false },
  uses: NAME,
  with: ENV,
  secrets: either(words('inherit'), ENV),
});

const INPUT_KEYS = { description: TEXT, required: BOOLEAN, default: TEXT };
const CALL_INPUT = mapping(
  'in an input of a called workflow',
  { ...INPUT_KEYS, type: words('string', 'boolean', 'number') },
  ['type'],
);
const DISPATCH_INPUT = mapping('in an input of workflow_dispatch', {
  ...INPUT_KEYS,
  // GitHub shows it in its own examples, and skips it.
  deprecationMessage: TEXT,
  type: words('string', 'boolean', 'number', 'choice', 'environment'),
  options: { kind: 'list', item: TEXT, emptyAllowed: false },
});

const named = (value: Shape): Shape => ({ kind: 'names', value: orEmpty(value), emptyAllowed: true });
const namedStrictly = (value: Shape): Shape => ({ kind: 'names', value, emptyAllowed: true });

/** Filters of the events that have some; their names are checked with the table of events. */
const FILTERS = [
  'types',
  'branches',
  'branches-ignore',
  'tags',
  'tags-ignore',
  'paths',
  'paths-ignore',
  'workflows',
  'names',
  'versions',
];
const EVENT: Shape = {
  kind: 'choice',
  choose: (node) => ({
    kind: 'mapping',
    where: 'under an event',
    keys: Object.fromEntries(
      node.entries.flatMap(({ key }) =>
        key.kind === 'scalar' ? [[key.value, FILTERS.includes(key.value) ? FILTER : ANYTHING]] : [],
      ),
    ),
    required: [],
  }),
};
const SCHEDULE: Shape = {
  kind: 'list',
  item: mapping('in a schedule', { cron: NAME, timezone: NAME }, ['cron']),
  emptyAllowed: false,
};
const CALL = mapping('under workflow_call', {
  inputs: orEmpty(namedStrictly(CALL_INPUT)),
  secrets: orEmpty(
    named(mapping('in a secret of a called workflow', { description: TEXT, required: BOOLEAN })),
  ),
  outputs: orEmpty(
    namedStrictly(
      mapping('in an output of a called workflow', { description: TEXT, value: TEXT }, ['value']),
    ),
  ),
});
const DISPATCH = mapping('under workflow_dispatch', { inputs: orEmpty(named(DISPATCH_INPUT)) });

const ON: Shape = {
  kind: 'choice',
  choose: (node) => ({
    kind: 'mapping',
    where: 'under on',
    keys: Object.fromEntries(
      node.entries.flatMap(({ key }): [string, Shape][] =>
        key.kind === 'scalar' ? [[key.value, EVENTS_WITH_SHAPE.get(key.value) ?? orEmpty(EVENT)]] : [],
      ),
    ),
    required: [],
  }),
};
const EVENTS_WITH_SHAPE: ReadonlyMap<string, Shape> = new Map([
  ['schedule', SCHEDULE],
  ['workflow_call', orEmpty(CALL)],
  ['workflow_dispatch', orEmpty(DISPATCH)],
]);

export const WORKFLOW_SHAPE = mapping('at the top of a workflow', {
  name: TEXT,
  'run-name': TEXT,
  description: TEXT,
  on: either(NAME, NAME_LIST, ON),
  permissions: PERMISSIONS,
  env: ENV,
  defaults: DEFAULTS,
  concurrency: CONCURRENCY,
  jobs: { kind: 'names', value: JOB, emptyAllowed: false },
});
