import { Secret } from '#core/secret.ts';
import type { HttpAnswer } from './http-send.ts';
import {
  asRecord,
  asRecords,
  optionalText,
  optionalTexts,
  parseRecord,
  requiredBoolean,
  requiredText,
  requiredTimeMs,
  textEntries,
  type JsonRecord,
} from './json-fields.ts';

/** A credential as received. All values are wrapped; which of them are worth hiding is `secret-values.ts`. */
export interface Issued {
  decision: string;
  resource: string;
  credentialType: string;
  values: Readonly<Record<string, Secret>>;
  /** The field that is the credential when it is one value. */
  valueField: string | undefined;
  /** What no log may show, by the server's word; undefined when it said nothing (it may be older than this). */
  secretFields: readonly string[] | undefined;
  /** Environment variable name to field name. */
  environment: Readonly<Record<string, string>>;
  expiresAtMs: number;
  lease: LeaseGrant;
}

export interface LeaseGrant {
  id: string;
  token: Secret;
  renewable: boolean;
  revocable: boolean;
}

export interface DenialFact {
  name: string;
  expected: string;
  received: string | undefined;
}

export interface Denial {
  /** RFC 6749 `error`. */
  error: string;
  /** Our own, finer code. */
  reason: string;
  message: string;
  decision: string | undefined;
  facts: readonly DenialFact[];
  remedy: string | undefined;
  retryable: boolean;
  /** True when it is the service that cannot, not the decision that will not. */
  unavailable: boolean;
}

function parseValues(accessToken: string, valueField: string | undefined): Record<string, Secret> {
  if (valueField !== undefined) return { [valueField]: new Secret(accessToken) };
  const values = textEntries(parseRecord(accessToken));
  return Object.fromEntries(values.map(([name, value]) => [name, new Secret(value)]));
}

/** Reads a 200 of the token endpoint. Members that are not known are ignored: a newer server may send them. */
export function parseIssued(body: string): Issued {
  const record = parseRecord(body);
  const lease = asRecord(record['lease'], 'lease');
  const valueField = optionalText(record, 'value_field');
  return {
    decision: requiredText(record, 'decision'),
    resource: requiredText(record, 'resource'),
    credentialType: requiredText(record, 'credential_type'),
    values: parseValues(requiredText(record, 'access_token'), valueField),
    valueField,
    secretFields: optionalTexts(record, 'secret_fields'),
    environment: Object.fromEntries(textEntries(asRecord(record['environment'], 'environment'))),
    expiresAtMs: requiredTimeMs(record, 'expires_at'),
    lease: {
      id: requiredText(lease, 'id'),
      token: new Secret(requiredText(lease, 'token')),
      renewable: requiredBoolean(lease, 'renewable'),
      revocable: requiredBoolean(lease, 'revocable'),
    },
  };
}

function tryRecord(body: string): JsonRecord | undefined {
  try {
    return parseRecord(body);
  } catch {
    return undefined;
  }
}

/** Reads an error of the token endpoint; undefined when it is not one of ours. */
export function parseDenial(answer: HttpAnswer): Denial | undefined {
  const record = tryRecord(answer.body);
  if (record === undefined || typeof record['error'] !== 'string' || typeof record['reason'] !== 'string') {
    return undefined;
  }
  const facts = record['facts'] === undefined ? [] : asRecords(record['facts'], 'facts');
  return {
    error: record['error'],
    reason: record['reason'],
    message: optionalText(record, 'error_description') ?? record['reason'],
    decision: optionalText(record, 'decision'),
    facts: facts.map((fact) => ({
      name: requiredText(fact, 'name'),
      expected: requiredText(fact, 'expected'),
      received: optionalText(fact, 'received'),
    })),
    remedy: optionalText(record, 'remedy'),
    retryable: record['retryable'] === true,
    unavailable: answer.status >= 500,
  };
}
