import type { Span } from '#pipeline/source.ts';
import type { DeclaredTrust } from './found-trust.ts';
import { findIssuer, type TokenIssuer } from './issuers.ts';
import { everybody, type Judgement, judgeSubject, narrowest, widest } from './openness.ts';
import type { ClaimCondition, TrustStatement } from './statements.ts';

type Located = Judgement & { readonly at?: Span };

const claimOf = ({ variable }: ClaimCondition): string => variable.toLowerCase().split(':').at(-1) ?? '';
const isPattern = ({ operator }: ClaimCondition): boolean => /like/i.test(operator);

/**
 * A comparison that says what must not be keeps nobody out. One that also holds where the claim is missing does, as
 * every token has a subject, unless tokens of another issuer are accepted as well: theirs go by another name.
 */
function isBinding({ operator }: ClaimCondition, { federated }: TrustStatement): boolean {
  if (/not/i.test(operator) || !/string(?:equals|like)/i.test(operator)) return false;
  return federated.length < 2 || !/ifexists|forallvalues/i.test(operator);
}

const REPOSITORY = /^(?:repository|repository_id|project_id|project_path|project-id|pipeline_id)$/;
const OWNER = /^(?:repository_owner|repository_owner_id|namespace_id|namespace_path|org-id|organization_id)$/;
const RUN = /^(?:environment|ref|vcs-ref|branch|build_branch)$/;
const WORKFLOW = /^(?:job_workflow_ref|workflow_ref|ci_config_ref_uri)$/;

function placeOf(condition: ClaimCondition | undefined): { readonly at?: Span } {
  const [at] = condition?.values ?? [];
  return at === undefined ? {} : { at };
}

/** What other claims than the subject say together. */
function judgeOtherClaims(conditions: readonly ClaimCondition[]): Located | undefined {
  const named = (claim: RegExp): ClaimCondition | undefined =>
    conditions.find(
      (each) =>
        claim.test(claimOf(each)) &&
        each.values.length > 0 &&
        !(isPattern(each) && each.values.some(({ value }) => /^[*?]+$/.test(value))),
    );
  const open = (each: ClaimCondition): boolean =>
    isPattern(each) && each.values.some(({ value }) => /[*?]/.test(value));
  const [repository, owner, run, workflow] = [named(REPOSITORY), named(OWNER), named(RUN), named(WORKFLOW)];
  if (workflow !== undefined)
    return open(workflow)
      ? { openness: 'pattern', takenBy: 'workflows that fit a pattern', ...placeOf(workflow) }
      : { openness: 'exact', takenBy: 'one workflow' };
  if (repository === undefined && owner === undefined) return undefined;
  const place = placeOf(repository ?? owner);
  if (repository === undefined || open(repository))
    return { openness: 'owner', takenBy: 'every repository of the named owner', ...place };
  if (run !== undefined)
    return open(run)
      ? { openness: 'pattern', takenBy: 'what fits a pattern', ...place }
      : { openness: 'exact', takenBy: 'one branch or environment' };
  return {
    openness: 'repository',
    takenBy: 'every branch, tag and pull request of the named repository',
    ...place,
  };
}

function judgeValues(condition: ClaimCondition, issuer: TokenIssuer, address: string): Located | undefined {
  const judged = condition.values.map(
    (text): Located => ({ ...judgeSubject(text.value, isPattern(condition), { issuer, address }), at: text }),
  );
  return widest(judged);
}

/** It is for identity tokens; a statement that names no action is one, too. */
const isForTokens = ({ actions }: TrustStatement): boolean =>
  actions.length === 0 ||
  actions.some((action) => /^(?:\*|sts:\*|sts:assumerole(?:withwebidentity|\*)|\$\{.*)$/i.test(action));

export type JudgedStatement = Omit<
  DeclaredTrust,
  'name' | 'cloud' | 'notation' | 'head' | 'privilege' | 'isForLooking'
>;

/** Who gets in by one statement; undefined when it is about something else. */
export function judgeStatement(statement: TrustStatement): JudgedStatement | undefined {
  if (!statement.allows || !isForTokens(statement)) return undefined;
  const { conditions, federated } = statement;
  const ofClaim = (claim: string) => conditions.filter((each) => claimOf(each) === claim);
  const subjectTexts = ofClaim('sub').flatMap(({ values }) => values.map(({ value }) => value));
  const found = findIssuer([...federated, ...conditions.map(({ variable }) => variable)], subjectTexts);
  if (found === undefined) return undefined;
  const { issuer, address, sure } = found;
  const binding = conditions.filter((each) => isBinding(each, statement));
  const subjects = binding.filter((each) => claimOf(each) === 'sub');
  // All conditions must hold, so the narrowest counts; in one of them any value is enough.
  const judged = [
    ...subjects.map((each) => judgeValues(each, issuer, address)),
    judgeOtherClaims(binding),
  ].filter((each) => each !== undefined);
  const missing: Located = {
    ...everybody(issuer, address),
    takenBy: `${everybody(issuer, address).takenBy}: no condition compares \`sub\``,
  };
  const { at = statement.at, ...judgement } = narrowest(judged) ?? missing;
  const alsoExact = subjects.some((each) =>
    each.values.some(({ value }) => judgeSubject(value, isPattern(each), found).openness === 'exact'),
  );
  const withoutAudience = !binding.some((each) => /^(?:aud|oaud|azp)$/.test(claimOf(each)));
  return { ...judgement, issuer, address, sure, at, alsoExact, withoutAudience };
}
