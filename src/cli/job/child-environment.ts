import { ID_TOKEN_VARIABLE } from '../platform/gitlab-ci.ts';

/** What lets any process of the job ask the platform for another token, or speak as the job to the platform. */
const PLATFORM_CREDENTIALS = [
  'ACTIONS_ID_TOKEN_REQUEST_URL',
  'ACTIONS_ID_TOKEN_REQUEST_TOKEN',
  'ACTIONS_RUNTIME_TOKEN',
  'CI_JOB_JWT',
  'CI_JOB_JWT_V1',
  'CI_JOB_JWT_V2',
];
const OWN_SECRETS = [ID_TOKEN_VARIABLE, 'VOUCHGATE_TOKEN', 'VOUCHGATE_SESSION_TOKEN'];
/** What programs need to find themselves, their files and their terminal. */
const CLEAN_NAMES =
  /^(?:PATH|HOME|USER|LOGNAME|SHELL|LANG|LANGUAGE|LC_[A-Z]+|TZ|TERM|COLORTERM|NO_COLOR|TMPDIR|TMP|TEMP|PWD|CI|SYSTEMROOT|WINDIR|PATHEXT|COMSPEC|USERPROFILE|APPDATA|LOCALAPPDATA|HTTPS?_PROXY|NO_PROXY|SSL_CERT_FILE|SSL_CERT_DIR|NODE_EXTRA_CA_CERTS)$/iu;

export interface ChildEnvironmentOptions {
  env: Readonly<Record<string, string | undefined>>;
  /** Variables of the platform's token source. */
  sourceVariables: readonly string[];
  /** The tokens that were used: a variable that holds one goes, whatever its name. */
  usedTokens: readonly string[];
  keep: readonly string[];
  /** Pass only what every program needs. */
  clean: boolean;
  credentials: Readonly<Record<string, string>>;
}

/**
 * The environment of the child: without what the job could be impersonated with, with the credentials. It
 * keeps honest programs from leaking what they never needed; it is no wall, for a process of the same user
 * can read its parent's environment (`/proc/<pid>/environ`).
 */
export function buildChildEnvironment(options: ChildEnvironmentOptions): Record<string, string> {
  const removed = new Set([...PLATFORM_CREDENTIALS, ...OWN_SECRETS, ...options.sourceVariables]);
  const kept = new Set(options.keep);
  const child: Record<string, string> = {};
  for (const [name, value] of Object.entries(options.env)) {
    if (value === undefined) continue;
    const isSecret = removed.has(name) || options.usedTokens.includes(value.trim());
    const isPassed = kept.has(name) || (!isSecret && (!options.clean || CLEAN_NAMES.test(name)));
    if (isPassed) child[name] = value;
  }
  return { ...child, ...options.credentials };
}
