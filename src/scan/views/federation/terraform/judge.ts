import type { HclBlock } from './hcl.ts';
import { textsOf } from './hcl.ts';
import { type ClaimCondition, type TrustStatement, trustStatementsOf } from './trust-statements.ts';

/** From those that nobody is kept out of to those that name one subject. */
export type Openness = 'anyone' | 'owner' | 'repository' | 'pull-request' | 'pattern' | 'exact' | 'unknown';

/** A role, account or pool that accepts identities of pipelines. */
export interface FoundTrust {
  readonly file: string;
  readonly line: number;
  /** `aws_iam_role.deploy`. */
  readonly name: string;
  readonly openness: Openness;
  /** Completes “can be taken by …”. */
  readonly takenBy: string;
  /** Jobs of this repository that can satisfy it, most open first. */
  readonly reachedBy: readonly string[];
}

export type Judgement = Pick<FoundTrust, 'openness' | 'takenBy'>;

const ISSUER = /token\.actions\.githubusercontent\.com|gitlab/i;

/** One value of `sub` as it is compared. */
export function judgeSubject(value: string, isPattern: boolean): Judgement {
  if (!isPattern && /[*?]/.test(value))
    return { openness: 'exact', takenBy: `nobody: \`${value}\` is compared letter by letter` };
  const named = value.slice(0, 120);
  const [, repository = '', rest = ''] =
    /^(?:repo|project_path):([^:]{0,300})(?::(.{0,300}))?$/.exec(value) ?? [];
  if (isPattern && /^[*?]*$|^repo:[*?]*(?:\/[*?]*)?(?::[*?]*)?$|^project_path:[*?]*(?::.*)?$/.test(value))
    return { openness: 'anyone', takenBy: `every repository of the platform (\`${named}\`)` };
  if (isPattern && /[*?]/.test(repository)) {
    return { openness: 'owner', takenBy: `every repository whose name fits \`${repository.slice(0, 100)}\`` };
  }
  if (/^pull_request$/.test(rest))
    return { openness: 'pull-request', takenBy: `every pull request of \`${repository}\`` };
  if (!isPattern || !/[*?]/.test(value)) {
    const isComputed = value.includes('${');
    return {
      openness: isComputed ? 'unknown' : 'exact',
      takenBy: `\`${named}\`${isComputed ? ', which only Terraform knows' : ''}`,
    };
  }
  if (/^[*?]+$/.test(rest) || rest === '')
    return {
      openness: 'repository',
      takenBy: `every branch, tag, pull request and environment of \`${repository}\``,
    };
  return { openness: 'pattern', takenBy: `whatever fits \`${named}\`` };
}

const ORDER: readonly Openness[] = [
  'anyone',
  'owner',
  'repository',
  'pull-request',
  'pattern',
  'unknown',
  'exact',
];

function mostOpen(judgements: readonly Judgement[]): Judgement | undefined {
  return judgements.toSorted(
    (left, right) => ORDER.indexOf(left.openness) - ORDER.indexOf(right.openness),
  )[0];
}

const endsWith = (suffix: string) => (condition: ClaimCondition) =>
  condition.variable.toLowerCase().endsWith(suffix);

/** A comparison that also holds where the claim is missing, or that says what must not be, keeps nobody out. */
const isBinding = ({ operator }: ClaimCondition): boolean =>
  !/not|ifexists|forallvalues/i.test(operator) && /string(?:equals|like)/i.test(operator);

function judgeStatement({ conditions, federated, allows }: TrustStatement): Judgement | undefined {
  const isAbout = [...federated, ...conditions.map(({ variable }) => variable)].some((text) =>
    ISSUER.test(text),
  );
  if (!allows || !isAbout) return undefined;
  const binding = conditions.filter(isBinding);
  const subjects = binding.filter(endsWith(':sub'));
  if (subjects.length === 0) {
    const others = binding.filter((each) =>
      /:(?:repository(?:_id)?|project_id|project_path)$/i.test(each.variable),
    );
    if (others.length > 0)
      return {
        openness: 'repository',
        takenBy: 'every branch, tag and pull request of the named repository',
      };
    return { openness: 'anyone', takenBy: 'every repository of the platform: no condition compares `sub`' };
  }
  // All conditions must hold, so the narrowest counts; in one of them any value is enough.
  const each = subjects.map(({ operator, values }) =>
    mostOpen(values.map((value) => judgeSubject(value, /like/i.test(operator)))),
  );
  return each
    .filter((one) => one !== undefined)
    .toSorted((left, right) => ORDER.indexOf(right.openness) - ORDER.indexOf(left.openness))[0];
}

function judgeGoogle(block: HclBlock): Judgement | undefined {
  const oidc = block.blocks.find(({ type }) => type === 'oidc');
  if (!textsOf(oidc?.attributes.get('issuer_uri')).some((issuer) => ISSUER.test(issuer))) return undefined;
  const condition = textsOf(block.attributes.get('attribute_condition')).join(' ');
  if (condition.trim() === '')
    return {
      openness: 'anyone',
      takenBy: 'every repository of the platform: it has no `attribute_condition`',
    };
  if (/assertion\.(?:sub|environment|ref)\b|attribute\.(?:sub|environment|ref)\b/.test(condition))
    return {
      openness: /startsWith|matches|contains/.test(condition) ? 'pattern' : 'exact',
      takenBy: `\`${condition.slice(0, 120)}\``,
    };
  if (/repository(?:_id)?\b|project_(?:id|path)\b/.test(condition))
    return {
      openness: 'repository',
      takenBy: 'every branch, tag and pull request of the named repository, unless a binding says less',
    };
  if (/owner|namespace/.test(condition))
    return { openness: 'owner', takenBy: 'every repository of the owner, unless a binding says less' };
  return { openness: 'unknown', takenBy: `\`${condition.slice(0, 120)}\`` };
}

function judgeAzure(block: HclBlock): Judgement | undefined {
  if (!textsOf(block.attributes.get('issuer')).some((issuer) => ISSUER.test(issuer))) return undefined;
  const [subject] = textsOf(block.attributes.get('subject'));
  return subject === undefined ? undefined : judgeSubject(subject, false);
}

/** What a block of Terraform says about who gets in; undefined when it is about something else. */
export function judgeBlock(block: HclBlock): Judgement | undefined {
  const [kind] = block.labels;
  if (block.type === 'resource' && kind === 'google_iam_workload_identity_pool_provider')
    return judgeGoogle(block);
  if (block.type === 'resource' && kind === 'azuread_application_federated_identity_credential')
    return judgeAzure(block);
  const judged = trustStatementsOf(block).map(judgeStatement);
  return mostOpen(judged.filter((each) => each !== undefined));
}
