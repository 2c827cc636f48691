import { type ExpressionNode, pathOf } from '#pipeline/expression.ts';
import type { Job, Step, Variable } from '#pipeline/model.ts';
import type { Text } from '#pipeline/text.ts';

/** Functions that hand on what they are given; the others make a truth value or a hash. */
const CARRIERS = new Set(['format', 'join', 'tojson', 'fromjson', 'case']);

/** Hashes, numbers and dates of an event, whatever object they belong to. */
const FIXED_MEMBER = /\.(?:sha|id|node_id|number|run_id|run_number|run_attempt|[a-z_]+_(?:id|at|sha|count))$/;

/** What the platform chooses by itself: words out of a list, and its own addresses and folders. */
const FIXED_PATHS = new Set([
  'github.sha',
  'github.event_name',
  'github.job',
  'github.ref_type',
  'github.ref_protected',
  'github.retention_days',
  'github.server_url',
  'github.workspace',
  'github.action_path',
  'job.status',
]);
const FIXED_CONTEXTS = new Set(['runner', 'strategy', 'job']);

/** Where an expression stands; a step's own variables count when it is in one. */
interface Place {
  readonly job: Job;
  readonly env?: Step['env'];
}

/** An input, which who calls or starts the pipeline gives. */
function isOpenInput(name: string, place: Place): boolean {
  const { inputs } = place.job.pipeline;
  const own = inputs.filter((input) => input.name.toLowerCase() === name);
  return own.length === 0 || own.some(({ type }) => type === 'string');
}

function isOpenVariable(found: Variable | undefined): boolean {
  return found?.value === undefined || !found.value.isConstant;
}

function isOpenEnvironment(name: string, place: Place): boolean {
  const { env = [], job } = place;
  for (const variables of [env, job.env, job.pipeline.env]) {
    const found = variables.findLast((variable) => variable.name.toLowerCase() === name);
    if (found !== undefined) return isOpenVariable(found);
  }
  // Nobody declares it: an earlier step writes it into GITHUB_ENV.
  return true;
}

function isOpenMatrix(name: string, place: Place): boolean {
  const values = place.job.matrix.filter((value) => {
    const key = value.name.toLowerCase();
    return key === '*' || key === name || key.startsWith(`${name}.`);
  });
  return values.length === 0 || values.some(isOpenVariable);
}

function isOpenPath(path: string, place: Place): boolean {
  const [context = '', ...names] = path.split('.');
  const name = names[0] ?? '';
  if (FIXED_CONTEXTS.has(context) || FIXED_PATHS.has(path)) return false;
  switch (context) {
    case 'inputs':
      return isOpenInput(name, place);
    case 'env':
      return isOpenEnvironment(name, place);
    case 'matrix':
      return isOpenMatrix(names.join('.'), place);
    case 'steps':
    case 'needs':
      return names.length < 2 || names[1] === 'outputs';
    case 'github':
      if (path.startsWith('github.event.inputs.')) return isOpenInput(names[2] ?? '', place);
      return !FIXED_MEMBER.test(path);
    default:
      return true;
  }
}

/** Whether a value may be any text: nothing in the files bounds which characters stand in it. */
export function isOpenValue(node: ExpressionNode, place: Place): boolean {
  switch (node.kind) {
    case 'literal':
    case 'not':
      return false;
    case 'binary':
      if (node.operator === '&&') return isOpenValue(node.right, place);
      if (node.operator !== '||') return false;
      return isOpenValue(node.left, place) || isOpenValue(node.right, place);
    case 'call':
      return CARRIERS.has(node.name.toLowerCase()) && node.args.some((arg) => isOpenValue(arg, place));
    case 'context':
    case 'property':
    case 'wildcard':
    case 'index':
      break;
  }
  const path = pathOf(node);
  return path === undefined || isOpenPath(path, place);
}

/** Whether something in a text is open. */
export function isOpenText(text: Text, place: Place): boolean {
  return text.expressions.some(({ parsed }) => parsed.ok && isOpenValue(parsed.root, place));
}
