import { setTimeout as sleep } from 'node:timers/promises';
import type { BoundedFetch, BoundedResponse } from '#core/bounded-fetch.ts';
import { AppError } from '#core/errors.ts';
import { CredentialError } from '../../credential-error.ts';
import { readCredentials, readFault, type StsCredentials, type StsFault } from './sts-answer.ts';
import { isTransient } from './sts-failure.ts';

const ANSWER_BYTES_MAX = 65_536;
const TIMEOUT_MS = 10_000;
const RETRY_AFTER_MS = [250, 1_000];

export type StsAnswer = { ok: true; credentials: StsCredentials } | { ok: false; fault: StsFault };

/** Refused before anything was sent, or sent elsewhere: no second try helps. */
const CONFIGURATION_FAULTS: ReadonlySet<string> = new Set([
  'fetch_address_forbidden',
  'fetch_scheme_forbidden',
  'fetch_redirect_forbidden',
]);

function noAnswer(endpoint: string, cause: unknown): CredentialError {
  if (cause instanceof AppError && CONFIGURATION_FAULTS.has(cause.code)) {
    return new CredentialError('backend_misconfigured', `AWS STS at ${endpoint} may not be called.`, {
      cause,
      remedy: cause.remedy ?? 'Change `endpoint` of the credential provider.',
    });
  }
  return new CredentialError('backend_unavailable', `AWS STS at ${endpoint} does not answer.`, {
    cause,
    remedy:
      'Check that this server reaches the endpoint; see `region` and `endpoint` of the credential provider.',
  });
}

function notSts(endpoint: string, status: number): CredentialError {
  // Nothing of the body goes into the message: whatever it is, it may hold credentials.
  return new CredentialError(
    'backend_misconfigured',
    `What answered at ${endpoint} (status ${status}) is not AWS STS.`,
    { remedy: 'Check `endpoint` of the credential provider, and proxies on the way.' },
  );
}

function readAnswer(endpoint: string, { status, body }: BoundedResponse): StsAnswer {
  if (status === 200) {
    const credentials = readCredentials(body);
    if (credentials !== undefined) return { ok: true, credentials };
    throw notSts(endpoint, status);
  }
  const fault = readFault(body);
  if (fault !== undefined) return { ok: false, fault };
  if (status < 500) throw notSts(endpoint, status);
  return { ok: false, fault: { code: 'ServiceUnavailable', message: `status ${status}` } };
}

/** Asks once. The call is not signed: the web identity token in the form is the authentication. */
async function ask(fetch: BoundedFetch, endpoint: string, form: URLSearchParams, signal: AbortSignal) {
  try {
    const response = await fetch(endpoint, {
      method: 'POST',
      headers: { accept: 'application/json', 'content-type': 'application/x-www-form-urlencoded' },
      body: form.toString(),
      bodyBytesMax: ANSWER_BYTES_MAX,
      timeoutMs: TIMEOUT_MS,
      signal,
    });
    return readAnswer(endpoint, response);
  } catch (cause) {
    signal.throwIfAborted();
    if (cause instanceof CredentialError) throw cause;
    throw noAnswer(endpoint, cause);
  }
}

/**
 * Calls STS, again where it says that a second try may help: opening a session changes nothing at AWS.
 *
 * @throws {CredentialError} `backend_unavailable` when there is no answer, `backend_misconfigured` when it is
 * not one of STS. An error of STS itself is a value.
 */
export async function callSts(
  fetch: BoundedFetch,
  endpoint: string,
  parameters: Readonly<Record<string, string>>,
  signal: AbortSignal,
): Promise<StsAnswer> {
  const form = new URLSearchParams({ Version: '2011-06-15', ...parameters });
  for (const pauseMs of RETRY_AFTER_MS) {
    const answer = await ask(fetch, endpoint, form, signal);
    if (answer.ok || !isTransient(answer.fault)) return answer;
    await sleep(pauseMs, undefined, { signal });
  }
  return ask(fetch, endpoint, form, signal);
}
