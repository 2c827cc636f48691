import type { Variable } from '#pipeline/model.ts';

/** Whose token a value is: the job’s own, somebody else’s, or not known from the outside. */
export type TokenOwner = 'own' | 'other' | 'none';

/** What a caller gives to inputs by name, and their defaults; secrets as `secrets.NAME`. All in lower case. */
export type Bindings = ReadonlyMap<string, string>;

const OWN = /\bsecrets\s{0,9}(?:\.\s{0,9}|\[\s{0,9}['"])GITHUB_TOKEN\b|\bgithub\s{0,9}\.\s{0,9}token\b/i;
const GIVEN = /\b(inputs|secrets)\s{0,9}\.\s{0,9}([A-Za-z_][\w-]{0,80})/;
/** What a value that is the job’s token is bound to. */
export const OWN_TOKEN = '${{ github.token }}';
const VALUE_CHARS_MAX = 4_000;

export const TOKEN_INPUT =
  /^(?:(?:gh|github|repo|repository|access|personal[-_]access|auth|api|workflow)?[-_]?token|pat|gh[-_]pat|ssh[-_]key|deploy[-_]key)$/i;
const TOKEN_VARIABLE = /TOKEN|_PAT$|^PAT$/i;

/** A value that may be the job’s token in one case (`secrets.PAT || github.token`) counts as it. */
export function ownerOf(value: string, bindings: Bindings): TokenOwner {
  const text = value.slice(0, VALUE_CHARS_MAX);
  if (OWN.test(text)) return 'own';
  const [, from = '', name = ''] = GIVEN.exec(text) ?? [];
  const bound = bindings.get(`${from === 'secrets' ? 'secrets.' : ''}${name.toLowerCase()}`);
  if (bound !== undefined) return bound === '' ? 'none' : OWN.test(bound) ? 'own' : 'other';
  return text.trim() === '' ? 'none' : 'other';
}

export function valueOf(variables: readonly Variable[], name: string): string | undefined {
  return variables.find((each) => each.name.toLowerCase() === name.toLowerCase())?.value?.value;
}

/** The variable that a program looks at first decides. */
export function ownerIn(
  environment: readonly Variable[],
  names: readonly string[],
  bindings: Bindings,
): TokenOwner {
  for (const name of names) {
    const owner = ownerOf(environment.find((each) => each.name === name)?.value?.value ?? '', bindings);
    if (owner !== 'none') return owner;
  }
  return 'none';
}

/** Whether any variable is the job’s token, whatever it is called. */
export function hasOwnToken(environment: readonly Variable[], bindings: Bindings): boolean {
  return environment.some(({ value }) => value !== undefined && ownerOf(value.value, bindings) === 'own');
}

/** Whose token an action works with: what its inputs say, then the variables around it. */
export function ownerForAction(
  inputs: readonly Variable[],
  environment: readonly Variable[],
  bindings: Bindings,
): TokenOwner {
  const owners = inputs.flatMap(({ name, value }) => {
    const owner = ownerOf(value?.value ?? '', bindings);
    return owner === 'own' || (owner === 'other' && TOKEN_INPUT.test(name)) ? [owner] : [];
  });
  if (owners.length > 0) return owners.includes('own') ? 'own' : 'other';
  const variables = environment.filter(
    ({ name }) => TOKEN_VARIABLE.test(name) && /^(?:GH|GITHUB)_/.test(name),
  );
  if (hasOwnToken(environment, bindings)) return 'own';
  return variables.length > 0 ? 'other' : 'none';
}
