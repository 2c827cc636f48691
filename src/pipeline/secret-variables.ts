import type { Text } from './text.ts';

/** A word that a variable has in its name when its value opens something. */
const SECRET_WORD =
  /(?:^|_)(?:TOKEN|SECRETS?|PASSWORD|PASSWD|PASSPHRASE|PASS|PAT|PWD|API_?KEY|ACCESS_?KEY|PRIVATE_?KEY|SIGNING_?KEY|DEPLOY_?KEY|CREDENTIALS?|CREDS|AUTH|KUBECONFIG|WEBHOOK(?:_URL)?|DSN|KEY_?BASE64|SERVICE_ACCOUNT(?:_KEY)?|APPLICATION_CREDENTIALS)(?:$|_)/;
/** The same words, where the rest of the name says that it is none: a place, a name, a length. */
const NO_SECRET = /_(?:URL|URI|HOST|PATH|FILE|DIR|NAME|ID|TTL|LENGTH|TYPE|ARN|USER|USERNAME|ENABLED)$/;
const WITH_URL = /WEBHOOK_URL$/;
/** Folders that the shell itself keeps. */
const OF_THE_SHELL = /^(?:OLD)?PWD$/;
const NAME_CHARACTERS_MAX = 100;

/** `apiToken`, `dbPassword`: what a name in this spelling is stands in its last words. */
const CAMEL_CASE = /^[a-z][a-z0-9]{0,60}(?:[A-Z][A-Za-z0-9]{0,60}){1,8}$/;
const LAST_WORD =
  /(?:^|_)(?:TOKEN|SECRET|PASSWORD|PASSWD|PASSPHRASE|PAT|API_?KEY|ACCESS_?KEY|PRIVATE_?KEY|SIGNING_?KEY|DEPLOY_?KEY|SECRET_?KEY|CREDENTIALS?)$/;

function isCamelSecret(name: string): boolean {
  if (!CAMEL_CASE.test(name)) return false;
  return LAST_WORD.test(name.replaceAll(/([a-z\d])([A-Z])/g, '$1_$2').toUpperCase());
}

/** True for names that people give to stored secrets; by convention, because values are nowhere in the files. */
export function isSecretName(name: string): boolean {
  if (name.length > NAME_CHARACTERS_MAX) return false;
  const upper = name.toUpperCase();
  return (
    isCamelSecret(name) ||
    (SECRET_WORD.test(upper) && !OF_THE_SHELL.test(upper) && (!NO_SECRET.test(upper) || WITH_URL.test(upper)))
  );
}

export interface VariableMention {
  readonly name: string;
  /** In characters of the value. */
  readonly start: number;
  readonly end: number;
}

const MENTIONS_MAX = 500;
const SCRIPT_CHARACTERS_MAX = 200_000;

/** Every `$NAME` and `${NAME…}`, quoted or not. */
export function mentionsInText(text: string): VariableMention[] {
  const found: VariableMention[] = [];
  const script = text.slice(0, SCRIPT_CHARACTERS_MAX);
  for (const match of script.matchAll(/\$\{?([A-Za-z_]\w{0,99})/g)) {
    if (script[match.index - 1] === '\\') continue;
    found.push({ name: match[1] ?? '', start: match.index, end: match.index + match[0].length });
    if (found.length >= MENTIONS_MAX) break;
  }
  return found;
}

export function mentionsOf({ value }: Text): VariableMention[] {
  return mentionsInText(value);
}

/** Names that the script gives a value itself: what it reads under them is its own. */
export function assignedNames({ value }: Text): ReadonlySet<string> {
  const names = new Set<string>();
  const script = value.slice(0, SCRIPT_CHARACTERS_MAX);
  for (const [, name = ''] of script.matchAll(/(?:^|[\s;&|("'])([A-Za-z_]\w{0,99})\+?=/g)) names.add(name);
  for (const [, name = ''] of script.matchAll(/\b(?:read(?: -\w{1,5}){0,3}|for) ([A-Za-z_]\w{0,99})\b/g)) {
    names.add(name);
  }
  return names;
}
