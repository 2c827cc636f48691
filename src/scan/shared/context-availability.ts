/** Which contexts GitHub fills where; its page “Contexts reference”, table “Context availability”. */
const JOB = ['github', 'needs', 'strategy', 'matrix', 'vars', 'inputs'];
const BEFORE_MATRIX = ['github', 'needs', 'vars', 'inputs'];
const RUNNING = [...JOB, 'job', 'runner', 'env'];
const STEP = [...RUNNING, 'secrets', 'steps'];
const WORKFLOW = ['github', 'inputs', 'vars'];
const COMPOSITE = ['github', 'inputs', 'strategy', 'matrix', 'job', 'runner', 'env', 'steps'];

const WORKFLOW_PLACES: readonly (readonly [pattern: RegExp, contexts: readonly string[]])[] = [
  [/^(?:run-name|concurrency(?:\..*)?)$/, WORKFLOW],
  [/^env\.\*$/, [...WORKFLOW, 'secrets']],
  [/^on\.workflow_call\.inputs\.\*\.default$/, WORKFLOW],
  [/^on\.workflow_call\.outputs\.\*\.value$/, [...WORKFLOW, 'jobs']],
  [/^jobs\.\*\.if$/, BEFORE_MATRIX],
  [/^jobs\.\*\.strategy(?:\..*)?$/, BEFORE_MATRIX],
  [/^jobs\.\*\.(?:name|runs-on(?:\..*)?|timeout-minutes|continue-on-error|concurrency(?:\..*)?)$/, JOB],
  [/^jobs\.\*\.env\.\*$/, [...JOB, 'secrets']],
  [/^jobs\.\*\.environment(?:\.name)?$/, JOB],
  [/^jobs\.\*\.environment\.url$/, [...RUNNING, 'steps']],
  [/^jobs\.\*\.defaults\.run\..*$/, [...JOB, 'env']],
  [/^jobs\.\*\.outputs\.\*$/, STEP],
  [/^jobs\.\*\.with\.\*$/, JOB],
  [/^jobs\.\*\.secrets\.\*$/, [...JOB, 'secrets']],
  [
    /^jobs\.\*\.(?:services|(?:container|services\.\*)(?:\.(?:image|options|entrypoint|command|(?:ports|volumes)(?:\.\*)?))?)$/,
    JOB,
  ],
  [/^jobs\.\*\.snapshot(?:\..*)?$/, JOB],
  [/^jobs\.\*\.(?:container|services\.\*)\.credentials\..*$/, [...JOB, 'env', 'secrets']],
  [/^jobs\.\*\.(?:container|services\.\*)\.env\.\*$/, [...RUNNING, 'secrets']],
  [/^jobs\.\*\.steps\.\*\.if$/, [...RUNNING, 'steps']],
  [
    /^jobs\.\*\.steps\.\*\.(?:name|run|working-directory|continue-on-error|timeout-minutes|(?:env|with)\.\*)$/,
    STEP,
  ],
];

/** Where an expression is a mistake: the platform reads these before there is anything to know. */
const LITERAL_PLACES =
  /^(?:name|(?:jobs\.\*\.)?permissions(?:\..*)?|jobs\.\*\.needs(?:\.\*)?|jobs\.\*\.steps\.\*\.id|defaults\.run\..*|on\.(?!workflow_call\.|workflow_dispatch\.).*)$/;
const NOTHING: readonly string[] = [];

const ACTION_PLACES: typeof WORKFLOW_PLACES = [
  [
    /^runs\.steps\.\*\.(?:if|name|run|shell|working-directory|continue-on-error|(?:env|with)\.\*)$/,
    COMPOSITE,
  ],
  [/^outputs\.\*\.value$/, COMPOSITE],
];

/** Contexts that have a value at this place; undefined for places that are not known, or not evaluated. */
export function contextsAt(path: string, kind: 'workflow' | 'action'): readonly string[] | undefined {
  if (kind === 'workflow' && LITERAL_PLACES.test(path)) return NOTHING;
  const places = kind === 'workflow' ? WORKFLOW_PLACES : ACTION_PLACES;
  return places.find(([pattern]) => pattern.test(path))?.[1];
}

export const ALL_CONTEXTS: ReadonlySet<string> = new Set([...STEP, 'jobs']);

export const STATUS_FUNCTIONS: ReadonlySet<string> = new Set(['always', 'success', 'failure', 'cancelled']);

export const FUNCTIONS: readonly string[] = [
  'contains',
  'startsWith',
  'endsWith',
  'format',
  'join',
  'toJSON',
  'fromJSON',
  'hashFiles',
  'case',
  ...STATUS_FUNCTIONS,
];
