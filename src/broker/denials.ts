import { nearestWord } from '#core/nearest.ts';
import type { Fact, TokenRefusal } from '#identity/refusal.ts';
import type { PolicyDecision } from '#policy/access-request.ts';
import { denyByPosture, factsOfPosture, failsByPosture } from './deny-posture.ts';
import { describeTarget } from './describe-target.ts';
import type { ExchangeDenial, ExchangeDenialCode, ExchangeRequest } from './exchange.ts';
import type { PostureInspection } from './posture-source.ts';

const NAME_CHARS_MAX = 200;

function denial(
  code: ExchangeDenialCode,
  message: string,
  remedy: string,
  options: { facts?: readonly Fact[]; retryable?: boolean } = {},
): ExchangeDenial {
  return { code, message, remedy, facts: options.facts ?? [], retryable: options.retryable ?? false };
}

export function denyRefusedToken(refusal: TokenRefusal): ExchangeDenial {
  return denial(refusal.code, refusal.message, refusal.remedy, {
    facts: refusal.facts,
    retryable: refusal.retryable,
  });
}

export function denyUnknownResource(
  target: ExchangeRequest['target'],
  known: Iterable<string>,
): ExchangeDenial {
  const asked = 'name' in target ? target.name : target.uri;
  const nearest = nearestWord(asked.slice(0, NAME_CHARS_MAX), known);
  return denial(
    'resource_unknown',
    `There is no resource \`${describeTarget(target)}\`.`,
    nearest === undefined
      ? 'Ask for a resource that vouchgate.yaml names under `resources`.'
      : `Did you mean \`${nearest}\`?`,
  );
}

export function denyByPolicy(
  decision: Extract<PolicyDecision, { outcome: 'deny' }>,
  resource: string,
  posture?: PostureInspection,
): ExchangeDenial {
  if (posture !== undefined && failsByPosture(decision)) return denyByPosture(posture, decision, resource);
  const { reason, determining } = decision;
  const facts = [...(posture === undefined ? [] : factsOfPosture(posture)), ...decision.facts];
  if (reason === 'forbidden') {
    return denial(
      reason,
      `A policy forbids it: ${determining.join(', ')}.`,
      'Only a change of that policy, or of what the facts name, can allow it.',
      { facts },
    );
  }
  if (reason === 'evaluation_error') {
    return denial(
      reason,
      `A policy could not be evaluated, so nothing is allowed: ${determining.join(', ')}.`,
      'Correct that policy; `vouchgate policy simulate` shows the error.',
      { facts },
    );
  }
  return denial(
    reason,
    `No policy lets this workload have \`${resource}\`.`,
    decision.facts.length > 0
      ? 'Run the job so that the facts are as expected, or have a policy written for it.'
      : 'Have a policy written for it: `vouchgate policy suggest` drafts one from a token.',
    { facts },
  );
}

export function denyReplayedToken(firstDecision: string): ExchangeDenial {
  return denial(
    'token_replayed',
    'This token was used before; a token is good for one exchange.',
    'Request a fresh token for each exchange. If this job did not use it, somebody else has it: treat it as stolen.',
    { facts: [{ name: 'token.use', expected: 'first', received: `already used in ${firstDecision}` }] },
  );
}

export function denyReplayedProof(): ExchangeDenial {
  return denial(
    'proof_replayed',
    'This DPoP proof was used before.',
    'Make a new proof with a new `jti` for each request (RFC 9449 §4.2).',
  );
}

export function denyInvalidProof(message: string, facts: readonly Fact[]): ExchangeDenial {
  return denial(
    'proof_invalid',
    message,
    'Make the DPoP proof as RFC 9449 §4.2 says, for this method and URL.',
    {
      facts,
    },
  );
}

export function denyMissingProof(resource: string): ExchangeDenial {
  return denial(
    'proof_required',
    `\`${resource}\` is only given to a holder who proves a key.`,
    'Send a DPoP proof (RFC 9449); `vouchgate run` and the action do so by themselves.',
  );
}

export function denyInProgress(): ExchangeDenial {
  return denial(
    'exchange_in_progress',
    'The first exchange of this token is still under way.',
    'Wait a second and send the same request again, with a new proof by the same key.',
    { retryable: true },
  );
}

export function denyWithoutConfiguration(): ExchangeDenial {
  return denial(
    'configuration_missing',
    'No valid configuration is in force, so nothing is allowed.',
    'The operator must mend vouchgate.yaml; `vouchgate policy check` says what is wrong.',
    { retryable: true },
  );
}

export function denyWithoutStore(): ExchangeDenial {
  return denial(
    'store_unavailable',
    'The decision cannot be recorded durably, so nothing is issued.',
    'Try again shortly; the operator finds the cause in /readyz and the log.',
    { retryable: true },
  );
}

export function denyByBackend(
  code: 'backend_unavailable' | 'backend_refused',
  resource: string,
): ExchangeDenial {
  return code === 'backend_unavailable'
    ? denial(
        code,
        `The back-end of \`${resource}\` did not answer.`,
        'Try again shortly with a fresh token.',
        {
          retryable: true,
        },
      )
    : denial(
        code,
        `The back-end of \`${resource}\` did not make the credential.`,
        'The operator finds the cause with `vouchgate explain` and `vouchgate doctor`.',
      );
}
