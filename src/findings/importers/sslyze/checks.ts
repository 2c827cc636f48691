import { isObject, type JsonObject, listAt, objectAt, textAt, valueAt } from '../../json-fields.ts';
import type { Severity } from '../../severity.ts';

/** What is wrong with the TLS of a server; SSLyze says what is there, not how bad that is. */
export interface Weakness {
  readonly rule: string;
  readonly title: string;
  readonly description: string;
  readonly severity: Severity;
  readonly aliases: readonly string[];
  readonly cwe: readonly number[];
}

/** RFC 8996 deprecates TLS 1.0 and 1.1, RFC 7568 SSL 3.0, RFC 6176 SSL 2.0. */
const PROTOCOLS: readonly (readonly [string, string, Severity])[] = [
  ['ssl_2_0_cipher_suites', 'SSL 2.0', 'high'],
  ['ssl_3_0_cipher_suites', 'SSL 3.0', 'high'],
  ['tls_1_0_cipher_suites', 'TLS 1.0', 'medium'],
  ['tls_1_1_cipher_suites', 'TLS 1.1', 'medium'],
];

/** RFC 9325 §4.1: no encryption, no authentication, export, RC4, DES, 3DES ("MUST NOT" and "SHOULD NOT" use). */
const WEAK_SUITE = /_(?:NULL|anon|EXPORT\d{0,4}|RC4|RC2|DES|3DES|IDEA)_|_WITH_NULL/;
/** RFC 9325 §4.1: "SHOULD NOT negotiate cipher suites based on RSA key transport": no forward secrecy. */
const STATIC_RSA = /^TLS_RSA_WITH_/;

function resultOf(results: JsonObject, command: string): JsonObject | undefined {
  const entry = objectAt(results, command);
  // Since 5.0 the result stands beside its status.
  return entry !== undefined && 'status' in entry ? objectAt(entry, 'result') : entry;
}

function suitesOf(results: JsonObject, command: string): readonly string[] {
  return listAt(resultOf(results, command), 'accepted_cipher_suites').flatMap(
    (suite) => textAt(suite, 'cipher_suite', 'name') ?? [],
  );
}

function* protocolWeaknesses(results: JsonObject): Generator<Weakness> {
  for (const [command, name, severity] of PROTOCOLS) {
    const suites = suitesOf(results, command);
    if (suites.length === 0) continue;
    yield {
      rule: command.replace('_cipher_suites', ''),
      title: `${name} is accepted`,
      description: suites.map((suite) => `- ${suite}`).join('\n'),
      severity,
      aliases: [],
      cwe: [326],
    };
  }
  for (const command of ['tls_1_2_cipher_suites', 'tls_1_3_cipher_suites']) {
    const suites = suitesOf(results, command).map((suite) => suite.slice(0, 200));
    const isBroken = suites.some((suite) => WEAK_SUITE.test(suite));
    const advisedAgainst = suites.filter((suite) => WEAK_SUITE.test(suite) || STATIC_RSA.test(suite));
    if (advisedAgainst.length === 0) continue;
    yield {
      rule: `${command.replace('_cipher_suites', '')}_weak_suites`,
      title: isBroken
        ? 'Weak cipher suites are accepted'
        : 'Cipher suites without forward secrecy are accepted',
      description: advisedAgainst.map((suite) => `- ${suite}`).join('\n'),
      severity: isBroken ? 'medium' : 'low',
      aliases: [],
      cwe: [isBroken ? 327 : 326],
    };
  }
}

interface Flag {
  readonly rule?: string;
  readonly command: string;
  readonly key: string;
  /** The value that is bad. */
  readonly bad: unknown;
  readonly title: string;
  readonly severity: Severity;
  readonly aliases: readonly string[];
  readonly cwe: readonly number[];
}

const FLAGS: readonly Flag[] = [
  {
    command: 'heartbleed',
    key: 'is_vulnerable_to_heartbleed',
    bad: true,
    title: 'Heartbleed',
    severity: 'critical',
    aliases: ['CVE-2014-0160'],
    cwe: [119],
  },
  {
    command: 'openssl_ccs_injection',
    key: 'is_vulnerable_to_ccs_injection',
    bad: true,
    title: 'OpenSSL CCS injection',
    severity: 'high',
    aliases: ['CVE-2014-0224'],
    cwe: [310],
  },
  {
    command: 'session_renegotiation',
    key: 'supports_secure_renegotiation',
    bad: false,
    title: 'Insecure renegotiation',
    severity: 'medium',
    aliases: ['CVE-2009-3555'],
    cwe: [310],
  },
  {
    rule: 'client_renegotiation',
    command: 'session_renegotiation',
    key: 'is_vulnerable_to_client_renegotiation_dos',
    bad: true,
    title: 'Clients can renegotiate without end',
    severity: 'low',
    aliases: ['CVE-2011-1473'],
    cwe: [400],
  },
  {
    rule: 'client_renegotiation',
    command: 'session_renegotiation',
    key: 'accepts_client_renegotiation',
    bad: true,
    title: 'Clients can renegotiate without end',
    severity: 'low',
    aliases: ['CVE-2011-1473'],
    cwe: [400],
  },
  {
    command: 'tls_compression',
    key: 'supports_compression',
    bad: true,
    title: 'TLS compression (CRIME)',
    severity: 'medium',
    aliases: ['CVE-2012-4929'],
    cwe: [310],
  },
  {
    command: 'tls_fallback_scsv',
    key: 'supports_fallback_scsv',
    bad: false,
    title: 'Downgrades are not prevented',
    severity: 'low',
    aliases: [],
    cwe: [757],
  },
];

function* flagWeaknesses(results: JsonObject): Generator<Weakness> {
  for (const { command, rule = command, key, bad, title, severity, aliases, cwe } of FLAGS)
    if (valueAt(resultOf(results, command), key) === bad)
      yield { rule, title, description: '', severity, aliases, cwe };
  const robot = textAt(resultOf(results, 'robot'), 'robot_result') ?? '';
  if (robot.startsWith('VULNERABLE'))
    yield {
      rule: 'robot',
      title: 'ROBOT',
      description: robot,
      severity: robot.includes('WEAK') ? 'medium' : 'high',
      aliases: ['CVE-2017-13099'],
      cwe: [203],
    };
}

function* certificateWeaknesses(results: JsonObject): Generator<Weakness> {
  const deployments = listAt(resultOf(results, 'certificate_info'), 'certificate_deployments').filter(
    isObject,
  );
  for (const deployment of deployments) {
    const base = { aliases: [], description: '' };
    const matches = valueAt(deployment, 'leaf_certificate_subject_matches_hostname');
    if (matches === false)
      yield {
        ...base,
        rule: 'certificate_hostname',
        title: 'The certificate is for another name',
        severity: 'medium',
        cwe: [297],
      };
    const validations = listAt(deployment, 'path_validation_results');
    const isTrusted = validations.some(
      (each) =>
        valueAt(each, 'was_validation_successful') === true ||
        Array.isArray(valueAt(each, 'verified_certificate_chain')),
    );
    if (validations.length > 0 && !isTrusted)
      yield {
        ...base,
        rule: 'certificate_trust',
        title: 'No store of root certificates trusts the certificate',
        severity: 'medium',
        cwe: [295],
      };
  }
}

/** Weaknesses of one server. */
export function* weaknessesOf(results: JsonObject): Generator<Weakness> {
  yield* protocolWeaknesses(results);
  yield* flagWeaknesses(results);
  yield* certificateWeaknesses(results);
}
