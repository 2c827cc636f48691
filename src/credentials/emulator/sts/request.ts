import { StsFault } from './fault.ts';

/** A call whose parameters have the form that AWS demands; whether it is allowed is another matter. */
export interface AssumeRoleRequest {
  roleArn: string;
  sessionName: string;
  token: string;
  durationSeconds: number;
  policy: string | undefined;
  policyArns: readonly string[];
}

const API_VERSION = '2011-06-15';
const DURATION_SECONDS_DEFAULT = 3_600;
const SESSION_POLICY_CHARS_MAX = 2_048;
const POLICY_ARNS_MAX = 10;
const KNOWN = new Set([
  'Action',
  'Version',
  'RoleArn',
  'RoleSessionName',
  'WebIdentityToken',
  'DurationSeconds',
  'Policy',
]);
const POLICY_ARN_NAME = /^PolicyArns\.member\.([1-9]\d?)\.arn$/;

function invalid(message: string): StsFault {
  return new StsFault('ValidationError', message);
}

function collect(form: URLSearchParams): Map<string, string> {
  const parameters = new Map<string, string>();
  for (const [name, value] of form) {
    if (parameters.has(name)) {
      throw new StsFault('MalformedQueryString', `The parameter ${name.slice(0, 100)} is given twice.`);
    }
    parameters.set(name, value);
  }
  return parameters;
}

/** The real service ignores or misreads what it does not know; here a typing error shall show. */
function checkNames(names: Iterable<string>): void {
  for (const name of names) {
    if (name === 'ProviderId') {
      throw new StsFault('InvalidParameterCombination', 'ProviderId is for OAuth 2.0 access tokens only.');
    }
    if (!KNOWN.has(name) && !POLICY_ARN_NAME.test(name)) {
      throw invalid(`AssumeRoleWithWebIdentity has no parameter ${name.slice(0, 100)}.`);
    }
  }
}

function requireMatch(parameters: Map<string, string>, name: string, form: RegExp): string {
  const value = parameters.get(name);
  if (value === undefined) throw invalid(`1 validation error detected: Value null at '${name}'.`);
  if (!form.test(value))
    throw invalid(`1 validation error detected: Value at '${name}' failed to satisfy constraint.`);
  return value;
}

function readDuration(text: string | undefined): number {
  if (text === undefined) return DURATION_SECONDS_DEFAULT;
  const seconds = /^\d{1,6}$/.test(text) ? Number(text) : Number.NaN;
  if (seconds >= 900 && seconds <= 43_200) return seconds;
  throw invalid("1 validation error detected: Value at 'durationSeconds' is not between 900 and 43200.");
}

function readPolicyArns(parameters: Map<string, string>): string[] {
  const arns = [...parameters].filter(([name]) => POLICY_ARN_NAME.test(name)).map(([, arn]) => arn);
  if (arns.length > POLICY_ARNS_MAX) throw invalid(`At most ${POLICY_ARNS_MAX} policies can be given.`);
  for (const arn of arns) {
    if (!/^arn:aws[a-z-]*:iam::(?:aws|\d{12}):policy\/[\w+=,.@/-]+$/.test(arn))
      throw invalid('Invalid policy ARN.');
  }
  return arns;
}

function checkPolicy(policy: string): void {
  if (policy.length > SESSION_POLICY_CHARS_MAX) {
    throw new StsFault(
      'PackedPolicyTooLarge',
      `The session policy is longer than ${SESSION_POLICY_CHARS_MAX} characters.`,
    );
  }
  let statement: unknown;
  try {
    const parsed: unknown = JSON.parse(policy);
    statement = typeof parsed === 'object' && parsed !== null ? Reflect.get(parsed, 'Statement') : undefined;
  } catch (cause) {
    throw new StsFault('MalformedPolicyDocument', 'The session policy is not JSON.', { cause });
  }
  if (typeof statement !== 'object' || statement === null) {
    throw new StsFault('MalformedPolicyDocument', 'The session policy has no Statement.');
  }
}

/** @throws {StsFault} as AWS answers. */
export function readRequest(form: URLSearchParams): AssumeRoleRequest {
  const parameters = collect(form);
  const [action, version] = [parameters.get('Action'), parameters.get('Version')];
  if (action !== 'AssumeRoleWithWebIdentity' || version !== API_VERSION) {
    throw new StsFault(
      'InvalidAction',
      `Only AssumeRoleWithWebIdentity of version ${API_VERSION} is emulated.`,
    );
  }
  checkNames(parameters.keys());
  const policy = parameters.get('Policy');
  if (policy !== undefined) checkPolicy(policy);
  return {
    roleArn: requireMatch(parameters, 'RoleArn', /^[\x20-\x7e]{20,2048}$/),
    sessionName: requireMatch(parameters, 'RoleSessionName', /^[\w+=,.@-]{2,64}$/),
    token: requireMatch(parameters, 'WebIdentityToken', /^[\s\S]{4,20000}$/),
    durationSeconds: readDuration(parameters.get('DurationSeconds')),
    policy,
    policyArns: readPolicyArns(parameters),
  };
}
