import type { FoundTrust } from '../../trust/found-trust.ts';
import type { TrustReach } from '../../trust/reach.ts';

const quoted = (text: string): string => JSON.stringify(text);

/** The address that stands in the policy, or the usual one. */
function keyOf({ address, issuer }: FoundTrust): string {
  const [, found] = /oidc-provider\/(.{1,300})$|^/.exec(address) ?? [];
  const plain = (found ?? address).replace(/:(?:sub|aud)$/, '').replace(/^https:\/\//, '');
  return /^[\w./-]{4,300}$/.test(plain) && plain.includes('.') ? plain : issuer.key;
}

/** The environment of a job that uses it, where one says so. */
function environmentOf(reach: readonly TrustReach[]): string | undefined {
  return reach
    .map(({ job }) => job.environment?.name)
    .find((name) => name?.isConstant === true && /^[\w.-]{1,60}$/.test(name.value))?.value;
}

function comparison(trust: FoundTrust, claim: string, value: string): string {
  const operator = value.includes('*') ? 'StringLike' : 'StringEquals';
  const variable = `${keyOf(trust)}:${claim}`;
  if (trust.notation === 'terraform-document')
    return `condition { test = "${operator}", variable = ${quoted(variable)}, values = [${quoted(value)}] }`;
  if (trust.notation === 'terraform-json') return `${operator} = { ${quoted(variable)} = ${quoted(value)} }`;
  return `${quoted(operator)}: { ${quoted(variable)}: ${quoted(value)} }`;
}

/** What platforms write into their tokens for AWS by themselves. */
const AUDIENCES: ReadonlyMap<string, string> = new Map([
  ['HCP Terraform', 'aws.workload.identity'],
  ['CircleCI', 'ORGANIZATION_ID'],
  ['Bitbucket', 'ari:cloud:bitbucket::workspace/WORKSPACE_UUID'],
]);

/** The claim of the audience, and what AWS is asked for by that platform. */
export function audienceRemedy(trust: FoundTrust): string {
  const audience = AUDIENCES.get(trust.issuer.name) ?? 'sts.amazonaws.com';
  return `Compare the audience as well: \`${comparison(trust, 'aud', audience)}\`, with the value that the pipeline asks for.`;
}

/** What to write, in the language of the policy, for one branch or environment. */
export function remedyFor(trust: FoundTrust, reach: readonly TrustReach[]): string {
  const { issuer, notation, repository = 'OWNER/REPOSITORY' } = trust;
  const subject = issuer.wanted(repository, environmentOf(reach));
  const looking =
    trust.openness === 'anyone' || trust.openness === 'owner'
      ? ''
      : ' What pull requests and other branches need gets a role of its own that can only read.';
  const rules =
    issuer.name === 'GitHub'
      ? ' Let the rules of that environment name the branches that may use it.'
      : ' Protect that branch.';
  if (notation === 'google-provider')
    return `Write a condition for one place: \`attribute_condition = "assertion.sub == '${subject}'"\`; ids such as \`assertion.repository_id\` outlive a rename.${rules}${looking}`;
  if (notation === 'google-binding')
    return `Give the role to one subject, \`principal://iam.googleapis.com/POOL/subject/${subject}\`, or let the \`attribute_condition\` of the provider compare it.${rules}${looking}`;
  if (notation === 'azure' || notation === 'azure-flexible')
    return `Name one place: \`subject = ${quoted(subject)}\`, one credential for each.${rules}${looking}`;
  return `Compare the whole subject: \`${comparison(trust, 'sub', subject)}\`.${rules}${looking}`;
}
