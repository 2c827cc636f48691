import type { JsonObject } from '../../json-fields.ts';
import { elementAt, elementsOf, type XmlElement } from '../../xml.ts';

/** Elements of the XML of SSLyze 1, and the commands of the JSON that came after it. */
const PROTOCOLS: Readonly<Record<string, string>> = {
  sslv2: 'ssl_2_0_cipher_suites',
  sslv3: 'ssl_3_0_cipher_suites',
  tlsv1: 'tls_1_0_cipher_suites',
  tlsv1_1: 'tls_1_1_cipher_suites',
  tlsv1_2: 'tls_1_2_cipher_suites',
  tlsv1_3: 'tls_1_3_cipher_suites',
};

function isTrue(element: XmlElement | undefined, attribute: string): boolean | undefined {
  const word = element?.attributes[attribute]?.toLowerCase();
  return word === undefined ? undefined : word === 'true';
}

function suitesOf(protocol: XmlElement | undefined): readonly JsonObject[] {
  const suites = elementsOf(elementAt(protocol, 'acceptedCipherSuites'), 'cipherSuite');
  return suites.map(({ attributes }) => ({ cipher_suite: { name: attributes['name'] } }));
}

function certificateOf(target: XmlElement): JsonObject {
  const validation = elementAt(target, 'certinfo', 'certificateValidation');
  const paths = elementsOf(validation, 'pathValidation');
  return {
    leaf_certificate_subject_matches_hostname: isTrue(
      elementAt(validation, 'hostnameValidation'),
      'certificateMatchesServerHostname',
    ),
    path_validation_results: paths.map(({ attributes }) => ({
      was_validation_successful: attributes['validationResult'] === 'ok',
    })),
  };
}

/** What a target's elements say, in the shape of the JSON. */
export function resultsOfXml(target: XmlElement): JsonObject {
  const renegotiation = elementAt(target, 'reneg', 'sessionRenegotiation');
  const heartbleed = elementAt(target, 'heartbleed', 'openSslHeartbleed');
  const ccs = elementAt(target, 'openssl_ccs', 'openSslCcsInjection');
  const compression = elementAt(target, 'compression', 'compressionMethod');
  const fallback = elementAt(target, 'fallback', 'tlsFallbackScsv');
  const protocols = Object.entries(PROTOCOLS).map(([element, command]) => [
    command,
    { accepted_cipher_suites: suitesOf(elementAt(target, element)) },
  ]);
  return {
    ...Object.fromEntries(protocols),
    heartbleed: { is_vulnerable_to_heartbleed: isTrue(heartbleed, 'isVulnerable') },
    openssl_ccs_injection: { is_vulnerable_to_ccs_injection: isTrue(ccs, 'isVulnerable') },
    session_renegotiation: {
      supports_secure_renegotiation: isTrue(renegotiation, 'isSecure'),
      accepts_client_renegotiation: isTrue(renegotiation, 'canBeClientInitiated'),
    },
    tls_compression: { supports_compression: isTrue(compression, 'isSupported') },
    tls_fallback_scsv: { supports_fallback_scsv: isTrue(fallback, 'isSupported') },
    robot: { robot_result: elementAt(target, 'robot', 'robotAttack')?.attributes['resultEnum'] },
    certificate_info: { certificate_deployments: [certificateOf(target)] },
  };
}
