import type { Environment } from '../../command.ts';

/**
 * What a tool may see of our environment: where programs and its own files are, language, proxies, and its own
 * settings. A job's environment is full of credentials, and a scanner needs none of them.
 */
const ALLOWED =
  /^(?:PATH|HOME|USERPROFILE|LANG|LANGUAGE|LC_[A-Z]+|TZ|TMPDIR|TEMP|TMP|SystemRoot|XDG_(?:CACHE|CONFIG|DATA)_HOME|SSL_CERT_(?:FILE|DIR)|REQUESTS_CA_BUNDLE|NODE_EXTRA_CA_CERTS|https?_proxy|no_proxy|all_proxy|HTTPS?_PROXY|NO_PROXY|ALL_PROXY)$/;
const OWN_SETTINGS = /^(?:CHECKOV|TFLINT|TRIVY|SEMGREP|GITLEAKS|OSV_SCANNER|HADOLINT)_[A-Z0-9_]+$/;
/** Settings of a tool that are credentials: its service is not asked from here. */
const CREDENTIAL = /(?:TOKEN|PASSWORD|SECRET|API_?KEY)/;

export function toolEnvironment(env: Environment): Readonly<Record<string, string>> {
  const allowed = Object.entries(env).filter(
    ([name]) => ALLOWED.test(name) || (OWN_SETTINGS.test(name) && !CREDENTIAL.test(name)),
  );
  return Object.fromEntries(allowed.flatMap(([name, value]) => (value === undefined ? [] : [[name, value]])));
}
