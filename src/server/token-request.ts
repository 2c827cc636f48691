import { REQUESTED_TOKEN_TYPES, SUBJECT_TOKEN_TYPES, TOKEN_EXCHANGE_GRANT } from '#api/token-exchange.ts';
import type { ExchangeRequest } from '#broker/exchange.ts';
import { FORM_FAULTS, parseForm } from './form.ts';
import type { TokenFault } from './token-errors.ts';

/** The part of an exchange that the form says. */
export type TokenParameters = Pick<ExchangeRequest, 'subjectToken' | 'target' | 'ttlSeconds'>;

type Parsed<T> = { ok: true; value: T } | { ok: false; fault: TokenFault };

const LIFETIME = /^[1-9]\d{0,8}$/;
const GUIDE = 'The parameters are those of RFC 8693 §2.1; /v1/openapi.json has an example.';

function fault(reason: TokenFault['reason'], message: string, remedy = GUIDE): TokenFault {
  return { reason, message, remedy };
}

function refused(...parts: Parameters<typeof fault>): { ok: false; fault: TokenFault } {
  return { ok: false, fault: fault(...parts) };
}

/** RFC 6749 §3.2: a parameter without a value counts as left out. */
function valueOf(parameters: ReadonlyMap<string, string>, name: string): string | undefined {
  const value = parameters.get(name);
  return value === '' ? undefined : value;
}

function parseTarget(
  parameters: ReadonlyMap<string, string>,
  repeated: ReadonlySet<string>,
): Parsed<ExchangeRequest['target']> {
  const audience = valueOf(parameters, 'audience');
  const uri = valueOf(parameters, 'resource');
  const several = repeated.has('audience') || repeated.has('resource');
  if (several || (audience !== undefined && uri !== undefined)) {
    return refused(
      'target_multiple',
      'There is one target per exchange.',
      'Exchange once for each resource, with one `audience` or one `resource`.',
    );
  }
  if (audience !== undefined) return { ok: true, value: { name: audience } };
  if (uri === undefined) {
    return refused(
      'target_missing',
      'Neither `audience` nor `resource` is there.',
      'Set `audience` to the name of the resource.',
    );
  }
  // RFC 8693 §2.1: an absolute URI without a fragment.
  if (!URL.canParse(uri) || uri.includes('#')) {
    return refused('parameter_invalid', '`resource` is not an absolute URI without a fragment.');
  }
  return { ok: true, value: { uri } };
}

/** Everything but the token and the target; undefined when all is well. */
function findFault(
  parameters: ReadonlyMap<string, string>,
  repeated: ReadonlySet<string>,
): TokenFault | undefined {
  if (repeated.size > 0) {
    return fault(
      'parameter_duplicate',
      'A parameter is there more than once.',
      'Send each parameter once (RFC 6749 §3.2).',
    );
  }
  const grant = valueOf(parameters, 'grant_type');
  if (grant === undefined) return fault('parameter_missing', '`grant_type` is missing.');
  if (grant !== TOKEN_EXCHANGE_GRANT) {
    return fault('grant_type_unsupported', `The only grant is ${TOKEN_EXCHANGE_GRANT}.`);
  }
  const type = valueOf(parameters, 'subject_token_type');
  if (type === undefined) return fault('parameter_missing', '`subject_token_type` is missing.');
  if (!SUBJECT_TOKEN_TYPES.some((known) => known === type)) {
    return fault('parameter_invalid', `\`subject_token_type\` is none of ${SUBJECT_TOKEN_TYPES.join(', ')}.`);
  }
  if (
    valueOf(parameters, 'actor_token') !== undefined ||
    valueOf(parameters, 'actor_token_type') !== undefined
  ) {
    return fault(
      'parameter_unsupported',
      'Delegation (`actor_token`) is not supported.',
      'Leave the actor out.',
    );
  }
  if (valueOf(parameters, 'scope') !== undefined) {
    const remedy = 'Leave `scope` out; the resource and the policies say what the credential may do.';
    return { ...fault('parameter_unsupported', 'There are no scopes.', remedy), error: 'invalid_scope' };
  }
  const requested = valueOf(parameters, 'requested_token_type');
  if (requested !== undefined && !REQUESTED_TOKEN_TYPES.some((known) => known === requested)) {
    return fault(
      'parameter_invalid',
      `\`requested_token_type\` is none of ${REQUESTED_TOKEN_TYPES.join(', ')}.`,
    );
  }
  return undefined;
}

/** The form of a token exchange, strictly: what is ambiguous is refused. By hand, as it is the hot path. */
export function parseTokenRequest(body: string): Parsed<TokenParameters> {
  const form = parseForm(body);
  if (!form.ok)
    return refused('request_malformed', FORM_FAULTS[form.fault], 'Encode the form as URLSearchParams does.');
  const { parameters, repeated } = form;
  // First of all, as repeating these two has an error of its own.
  const target = parseTarget(parameters, repeated);
  if (!target.ok && target.fault.reason === 'target_multiple') return target;
  const found = findFault(parameters, repeated);
  if (found !== undefined) return { ok: false, fault: found };
  if (!target.ok) return target;
  const subjectToken = valueOf(parameters, 'subject_token');
  if (subjectToken === undefined) return refused('parameter_missing', '`subject_token` is missing.');
  const lifetime = valueOf(parameters, 'requested_expires_in');
  if (lifetime !== undefined && !LIFETIME.test(lifetime)) {
    return refused('parameter_invalid', '`requested_expires_in` is not a positive number of whole seconds.');
  }
  const ttlSeconds = lifetime === undefined ? undefined : Number(lifetime);
  return { ok: true, value: { subjectToken, target: target.value, ttlSeconds } };
}
