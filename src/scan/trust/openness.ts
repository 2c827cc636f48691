import { findIssuer, type TokenIssuer } from './issuers.ts';

/** From those that nobody is kept out of to those that name one subject. */
export const opennesses = [
  'anyone',
  'owner',
  'repository',
  'branch',
  'pull-request',
  'pattern',
  'unknown',
  'exact',
  'nobody',
] as const;

export type Openness = (typeof opennesses)[number];

export interface Judgement {
  readonly openness: Openness;
  /** Completes “can be taken by …”. */
  readonly takenBy: string;
  /** The repository that it names in full, as the platform writes it: `acme/shop`. */
  readonly repository?: string;
}

export const isWider = (left: Judgement, right: Judgement): boolean =>
  opennesses.indexOf(left.openness) < opennesses.indexOf(right.openness);

/** Of several that are accepted: the one that lets most in. */
export function widest<Each extends Judgement>(judgements: readonly Each[]): Each | undefined {
  return judgements.reduce<Each | undefined>(
    (found, each) => (found === undefined || isWider(each, found) ? each : found),
    undefined,
  );
}

/** Of several that must all hold: the one that lets fewest in. */
export function narrowest<Each extends Judgement>(judgements: readonly Each[]): Each | undefined {
  return judgements.reduce<Each | undefined>(
    (found, each) => (found === undefined || isWider(found, each) ? each : found),
    undefined,
  );
}

const hasWildcard = (text: string): boolean => /[*?]/.test(text);
const shorten = (text: string): string => text.slice(0, 100);

export function everybody(issuer: TokenIssuer, address: string): Judgement {
  return issuer.isPrivate(address)
    ? { openness: 'owner', takenBy: `every ${issuer.everybody}` }
    : { openness: 'anyone', takenBy: `every ${issuer.everybody}` };
}

function judgeRest(issuer: TokenIssuer, rest: string | undefined, named: string): Judgement {
  if (rest === undefined || /^:?[*?]*$/.test(rest))
    return {
      openness: 'repository',
      takenBy: `every branch, tag, pull request and environment of \`${named}\``,
    };
  if (issuer.anyBranch.test(rest))
    return {
      openness: 'branch',
      takenBy: rest.startsWith('environment:')
        ? `every branch of \`${named}\` that names an environment like \`${shorten(rest.slice(12))}\``
        : rest.includes('*/vcs-origin/')
          ? `every branch of \`${named}\`: \`*\` fits \`/\`, and a branch can be called like the rest`
          : `every branch of \`${named}\``,
    };
  if (issuer.pullRequest.test(rest))
    return {
      openness: 'pull-request',
      takenBy: `${rest.startsWith('run_phase') ? 'plans for every pull request' : 'every pull request'} of \`${named}\``,
    };
  if (issuer.oneBranch.test(rest)) return { openness: 'exact', takenBy: `\`${named}:${shorten(rest)}\`` };
  return { openness: 'pattern', takenBy: `whatever fits \`${named}:${shorten(rest)}\`` };
}

/** One value of `sub` as it is compared; with `isPattern`, `*` and `?` stand for other characters. */
export function judgeSubject(
  value: string,
  isPattern: boolean,
  known?: { readonly issuer: TokenIssuer; readonly address: string },
): Judgement {
  const { issuer, address } = known ?? findIssuer([], [value]) ?? { issuer: undefined, address: '' };
  if (!isPattern && hasWildcard(value))
    return { openness: 'nobody', takenBy: `nobody: \`${shorten(value)}\` is compared letter by letter` };
  if (isPattern && /^[*?]+$/.test(value) && issuer !== undefined) return everybody(issuer, address);
  const split = issuer?.split(value);
  if (issuer !== undefined && /^[\w-]{0,100}$/.test(value))
    return { openness: 'nobody', takenBy: `nobody: no token of ${issuer.name} has the subject \`${value}\`` };
  if (issuer === undefined || split === undefined) {
    if (isPattern && hasWildcard(value))
      return { openness: 'pattern', takenBy: `whatever fits \`${shorten(value)}\`` };
    return value.includes('${')
      ? { openness: 'unknown', takenBy: `\`${shorten(value)}\`, which only Terraform knows` }
      : { openness: 'exact', takenBy: `\`${shorten(value)}\`` };
  }
  const { owner, repository, rest } = split;
  const named = [owner, repository].filter((part) => part !== '' && part !== undefined).join('/');
  const isNamed = repository !== undefined && !hasWildcard(named) && !named.includes('${');
  const inRepository = isNamed ? { repository: named } : {};
  if (!isPattern || !hasWildcard(value)) {
    if (rest !== undefined && issuer.pullRequest.test(rest))
      return { ...judgeRest(issuer, rest, named), ...inRepository };
    if (rest !== undefined && issuer.oneBranch.test(rest) && !rest.includes('${'))
      return { openness: 'exact', takenBy: `\`${shorten(value)}\``, ...inRepository };
    if (value.includes('${'))
      return { openness: 'unknown', takenBy: `\`${shorten(value)}\`, which only Terraform knows` };
    if (rest === undefined && issuer.name === 'GitHub')
      return {
        openness: 'nobody',
        takenBy: `nobody: the subjects of \`${named}\` go on with a branch or environment`,
      };
    return { openness: 'exact', takenBy: `\`${shorten(value)}\``, ...inRepository };
  }
  // A name that goes on with a wildcard is also the name of somebody else: `acme*` fits `acme-evil`.
  if (hasWildcard(owner)) return everybody(issuer, address);
  if (repository === undefined || hasWildcard(repository))
    return {
      openness: 'owner',
      takenBy: `every ${issuer.everybody.split(' ')[0] ?? ''} that fits \`${shorten(named || value)}\``,
    };
  return { ...judgeRest(issuer, rest, named), ...inRepository };
}
