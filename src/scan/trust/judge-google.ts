import { type TokenIssuer, tokenIssuers } from './issuers.ts';
import { everybody, type Judgement, judgeSubject, narrowest, widest } from './openness.ts';

const CONDITION_CHARACTERS_MAX = 4_000;
const CLAIM = /\b(?:assertion|attribute|google)\.([\w]{1,60})\b/;
const SUBJECTS = /^(?:sub|subject)$/;
const OWNER =
  /^(?:repository_owner|repository_owner_id|namespace_id|namespace_path|organization_(?:id|slug|name)|terraform_organization_(?:id|name)|org_id|workspaceUuid)$/;
const REPOSITORY =
  /^(?:repository|repository_id|project_id|project_path|project|pipeline_(?:id|slug)|terraform_workspace_(?:id|name)|repositoryUuid|repository_uuid|vcs_origin)$/;
const WORKFLOW = /^(?:job_workflow_ref|workflow_ref|ci_config_ref_uri)$/;
const RUN =
  /^(?:ref|environment|branch|branchName|ref_path|environment_id|deploymentEnvironmentUuid|vcs_ref|terraform_run_phase)$/;

interface Term {
  readonly claim: string;
  readonly values: readonly string[];
  /** Only the beginning, the end or something of it is compared. */
  readonly partly: 'start' | 'other' | undefined;
}

const literals = (text: string): string[] =>
  [...text.matchAll(/'([^'\\]{0,300})'|"([^"\\]{0,300})"/g)].map(
    ([, single, double]) => single ?? double ?? '',
  );

/** One comparison of CEL; undefined for one that keeps nobody out. */
function termOf(text: string): Term | undefined {
  const [, claim] = CLAIM.exec(text) ?? [];
  const values = literals(text);
  if (
    claim === undefined ||
    values.length === 0 ||
    /!=|!\s*\(|(?:^|[^=])!\s*(?:assertion|attribute)/.test(text)
  )
    return undefined;
  const partly = /\.startsWith\s*\(/.test(text)
    ? 'start'
    : /\.(?:matches|contains|endsWith|extract)\s*\(/.test(text)
      ? 'other'
      : undefined;
  return { claim, values, partly };
}

function judgeTerm(
  { claim, values, partly }: Term,
  issuer: TokenIssuer,
  address: string,
): Judgement | undefined {
  const [value = ''] = values;
  if (SUBJECTS.test(claim)) {
    if (partly === 'other')
      return { openness: 'pattern', takenBy: `subjects that hold \`${value.slice(0, 80)}\`` };
    const known = { issuer, address };
    return widest(
      values.map((each) => judgeSubject(partly === 'start' ? `${each}*` : each, partly === 'start', known)),
    );
  }
  if (WORKFLOW.test(claim))
    return { openness: partly === undefined ? 'exact' : 'pattern', takenBy: `\`${value.slice(0, 80)}\`` };
  if (OWNER.test(claim))
    return { openness: 'owner', takenBy: `every repository of \`${value.slice(0, 80)}\`` };
  if (!REPOSITORY.test(claim)) return undefined;
  if (partly === undefined)
    return {
      openness: 'repository',
      takenBy: `every branch, tag and pull request of \`${value.slice(0, 80)}\``,
    };
  return /^[^/]+\//.test(value)
    ? { openness: 'owner', takenBy: `every repository whose name begins with \`${value.slice(0, 80)}\`` }
    : everybody(issuer, address);
}

/** Comparisons that must all hold. */
function judgeAll(text: string, issuer: TokenIssuer, address: string): Judgement {
  const terms = text.split('&&').flatMap((each) => termOf(each) ?? []);
  const judged = terms.flatMap((term) => judgeTerm(term, issuer, address) ?? []);
  const found = narrowest(judged);
  const run = terms.find(({ claim }) => RUN.test(claim));
  if (found?.openness === 'repository' && run !== undefined)
    return {
      openness: run.partly === undefined ? 'exact' : 'pattern',
      takenBy: `\`${text.trim().slice(0, 100)}\``,
    };
  if (found !== undefined) return found;
  const isOther = (part: string): boolean => {
    const claim = CLAIM.exec(part)?.[1];
    return claim !== undefined && !RUN.test(claim) && !part.includes('!=');
  };
  return text.includes('${') || text.split('&&').some(isOther)
    ? { openness: 'unknown', takenBy: `\`${text.trim().slice(0, 100)}\`` }
    : everybody(issuer, address);
}

const lastWord = (name: string): string => name.slice(name.lastIndexOf('/') + 1).replaceAll('-', '_');

/** Who passes the `attribute_condition` of a provider. */
export function judgeCondition(condition: string, issuer: TokenIssuer, address: string): Judgement {
  const all = everybody(issuer, address);
  // `assertion['oidc.circleci.com/vcs-ref']`: its last word is its name.
  const text = condition
    .slice(0, CONDITION_CHARACTERS_MAX)
    .replaceAll(/\[(['"])([\w./-]{1,100})\1\]/g, (_, __, name: string) => `.${lastWord(name)}`);
  if (text.trim() === '' || text.trim() === 'true')
    return { ...all, takenBy: `${all.takenBy}: it has no \`attribute_condition\`` };
  // Parentheses are not followed: with an “or” inside of them the widest of all parts counts, which is never too narrow.
  return widest(text.split('||').map((part) => judgeAll(part, issuer, address))) ?? all;
}

/** Attributes that only tokens of this platform have. */
const OF_GITHUB = /^repository(?:_id|_owner|_owner_id)?$/;
const OF_GITLAB = /^(?:project_path|namespace)/;
const OF_BITBUCKET = /_uuid$|Uuid$/;

const PLATFORMS: readonly (readonly [RegExp, string])[] = [
  [OF_GITHUB, 'GitHub'],
  [OF_GITLAB, 'GitLab'],
  [OF_BITBUCKET, 'Bitbucket'],
];

function issuerOfMember(member: string, attribute: string): TokenIssuer | undefined {
  const name = PLATFORMS.find(([pattern]) => pattern.test(attribute))?.[1];
  return tokenIssuers.find((each) => (name === undefined ? each.word.test(member) : each.name === name));
}

/** Who has the role that is given to a member: `principalSet://…/attribute.repository/acme/shop`. */
export function judgeMember(member: string): (Judgement & { readonly issuer: TokenIssuer }) | undefined {
  const [whole, attribute = '', value = ''] =
    /^principalSet:\/\/iam\.googleapis\.com\/.{1,300}?\/(?:attribute\.(\w{1,60})\/(.{1,300})|\*)$/.exec(
      member,
    ) ?? [];
  const issuer = issuerOfMember(member, attribute);
  if (whole === undefined || issuer === undefined) return undefined;
  if (attribute === '') return { openness: 'owner', takenBy: 'everybody whom the pool lets in', issuer };
  const named = `\`${value.slice(0, 100)}\``;
  if (OWNER.test(attribute)) return { openness: 'owner', takenBy: `every repository of ${named}`, issuer };
  if (!REPOSITORY.test(attribute)) return undefined;
  const repository = value.includes('${') ? {} : { repository: value };
  return {
    openness: 'repository',
    takenBy: `every branch, tag and pull request of ${named}`,
    issuer,
    ...repository,
  };
}
