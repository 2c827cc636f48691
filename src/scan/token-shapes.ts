import { memoize } from '#pipeline/memoize.ts';
import type { SourceText } from '#pipeline/source.ts';

interface TokenShape {
  readonly what: string;
  readonly pattern: RegExp;
}

/** Forms that nothing else has: a fixed beginning, an alphabet and a length, as the issuers document them. */
export const tokenShapes: readonly TokenShape[] = [
  { what: 'access key of AWS', pattern: /\b(?:AKIA|ASIA)[A-Z2-7]{16}\b/g },
  { what: 'token of GitHub', pattern: /\bgh[pousr]_[A-Za-z0-9]{36}\b/g },
  { what: 'fine-grained token of GitHub', pattern: /\bgithub_pat_[A-Za-z0-9]{22}_[A-Za-z0-9]{59}\b/g },
  { what: 'token of GitLab', pattern: /\bgl(?:pat|rt|dt|ptt)-[A-Za-z0-9_-]{20,64}(?![\w-])/g },
  { what: 'token of npm', pattern: /\bnpm_[A-Za-z0-9]{36}\b/g },
  { what: 'token of PyPI', pattern: /\bpypi-AgE[A-Za-z0-9_-]{60,300}/g },
  { what: 'token of Docker Hub', pattern: /\bdckr_(?:pat|oat)_[A-Za-z0-9_-]{27,40}(?![\w-])/g },
  { what: 'token of Slack', pattern: /\bxox[baprs]-\d{8,14}-[A-Za-z0-9-]{20,80}/g },
  {
    what: 'webhook of Slack',
    pattern: /\bhooks\.slack\.com\/services\/T[A-Z0-9]{8,12}\/B[A-Z0-9]{8,12}\/[A-Za-z0-9]{24}\b/g,
  },
  {
    what: 'webhook of Discord',
    pattern: /\bdiscord(?:app)?\.com\/api\/webhooks\/\d{17,20}\/[A-Za-z0-9_-]{60,80}/g,
  },
  { what: 'live key of Stripe', pattern: /\b[rs]k_live_[A-Za-z0-9]{24,99}\b/g },
  { what: 'API key of Google', pattern: /\bAIza[A-Za-z0-9_-]{35}(?![\w-])/g },
  { what: 'key of SendGrid', pattern: /\bSG\.[A-Za-z0-9_-]{22}\.[A-Za-z0-9_-]{43}(?![\w-])/g },
  { what: 'token of DigitalOcean', pattern: /\bdo[opr]_v1_[a-f0-9]{64}\b/g },
  { what: 'token of HashiCorp Vault', pattern: /\bhv[sb]\.[A-Za-z0-9_-]{24,200}(?![\w-])/g },
  {
    what: 'private key',
    pattern:
      /-----BEGIN (?:RSA |EC |DSA |OPENSSH |ENCRYPTED )?PRIVATE KEY-----[\s\\n]{1,40}[A-Za-z0-9+/]{40}/g,
  },
];

/** How one of them begins, for a look at a whole file that is over sooner than one look for each. */
const BEGINNING =
  /AKIA|ASIA|gh[pousr]_|github_pat_|gl(?:pat|rt|dt|ptt)-|npm_|pypi-AgE|dckr_|xox[baprs]-|hooks\.slack|discord(?:app)?\.com|[rs]k_live_|AIza|SG\.|do[opr]_v1_|hv[sb]\.|-----BEGIN/;

/** False when no token of a known form can stand in a text. */
export function mayHoldToken(text: string): boolean {
  return BEGINNING.test(text);
}

const lookAtSource = memoize(({ text }: SourceText) => ({ found: mayHoldToken(text) }));

/** The same of a whole file, found out once. */
export function sourceMayHoldToken(source: SourceText): boolean {
  return lookAtSource(source).found;
}

const PLACEHOLDER = /example|placeholder|changeme|dummy|sample|redacted|x{6}|0{8}|1234567|abcdef|\*{3}/i;
/** A random text of this length has more; a pattern drawn by hand has less. */
const DISTINCT_MIN = 8;

/** Documentation and tests are full of values that only look like one. */
export function isPlaceholder(value: string): boolean {
  return PLACEHOLDER.test(value) || new Set(value.slice(-20)).size < DISTINCT_MIN;
}
