import type { Binding } from '../../bind/binding.ts';
import { tokensOf } from '../../bind/platform-tokens.ts';
import { issuerOf } from '../../bind/subjects.ts';
import type { Trust, TrustRequest } from '../target.ts';
import { setVariable } from '../set-variable.ts';
import { terraformName, terraformText } from '../terraform-text.ts';

/** Text in CEL, as the condition of a provider has it; names were checked for quotes before. */
const celText = (text: string): string => `'${text.replaceAll(/['\\]/g, '\\$&')}'`;
const celIn = (name: string, texts: readonly string[]): string =>
  texts.length === 1
    ? `${name} == ${celText(texts[0] ?? '')}`
    : `${name} in [${texts.map(celText).join(', ')}]`;

/** The id of the project, which no rename changes; it is the same in both forms of the subject. */
const projectClaim = ({ platform }: Binding): string =>
  tokensOf(platform)?.project ?? (platform === 'github' ? 'repository_id' : 'project_id');

/** A claim whose name is no word needs brackets. */
const assertion = (claim: string): string =>
  /^\w+$/.test(claim) ? `assertion.${claim}` : `assertion['${claim}']`;

/** A name of Google's own for it. */
const attributeOf = (claim: string): string =>
  claim
    .replace(/^.*\//, '')
    .replaceAll(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`)
    .replaceAll('-', '_');

/** Google takes 127 characters; the subject of CircleCI has more. */
const subjectClaim = ({ platform }: Binding): string =>
  platform === 'circleci' ? assertion('oidc.circleci.com/project-id') : 'assertion.sub';

/** Everything that the token says about where it comes from, by ids where there are some. */
export function attributeCondition({ binding, identity }: TrustRequest): string {
  const { platform, environment, refs, events } = binding;
  const isGithub = platform === 'github';
  const own = tokensOf(platform);
  if (own !== undefined) {
    const wanted = own.claims(binding, identity).map(([claim, values]) => celIn(assertion(claim), values));
    // Somebody who logged in to the machine of a run is not the run.
    const shell = platform === 'circleci' ? [`${assertion('oidc.circleci.com/ssh-rerun')} == false`] : [];
    return [...wanted, ...shell].join(' && ');
  }
  return [
    `assertion.${projectClaim(binding)} == ${celText(identity.repositoryId)}`,
    ...(isGithub ? [`assertion.repository_owner_id == ${celText(identity.ownerId)}`] : []),
    ...(environment === undefined ? [] : [`assertion.environment == ${celText(environment)}`]),
    ...(refs.length === 0
      ? []
      : [celIn('assertion.ref', isGithub ? refs : refs.map((ref) => ref.slice(11)))]),
    ...(isGithub ? [celIn('assertion.event_name', events)] : [`assertion.ref_protected == 'true'`]),
  ].join(' && ');
}

/** Where the pipeline cannot ask for Google's own audience, the provider takes that of the platform. */
function audienceText({ binding, identity }: TrustRequest): string {
  const own = tokensOf(binding.platform);
  return own === undefined ? '' : `\n    allowed_audiences = [${terraformText(own.audience(identity))}]`;
}

/** As the token writes it. */
const projectIdOf = ({ binding, identity }: TrustRequest): string =>
  binding.platform === 'bitbucket' ? `{${identity.repositoryId}}` : identity.repositoryId;

function terraform(request: TrustRequest): string {
  const { name, binding, identity } = request;
  const id = terraformName(name);
  const claim = projectClaim(binding);
  return `resource "google_iam_workload_identity_pool" "${id}" {
  workload_identity_pool_id = ${terraformText(`ci-${name}`.slice(0, 32))}
}

resource "google_iam_workload_identity_pool_provider" "${id}" {
  workload_identity_pool_id          = google_iam_workload_identity_pool.${id}.workload_identity_pool_id
  workload_identity_pool_provider_id = ${terraformText(`ci-${name}`.slice(0, 32))}
  # Ids and not names: a name can be given up and taken by somebody else.
  attribute_condition = ${terraformText(attributeCondition(request))}
  attribute_mapping = {
    "google.subject" = ${terraformText(subjectClaim(binding))}
    "attribute.${attributeOf(claim)}" = ${terraformText(assertion(claim))}
  }
  oidc {
    issuer_uri = ${terraformText(issuerOf(binding, identity))}${audienceText(request)}
  }
}

# The account whose key goes away.
variable "${id}_service_account" {
  type        = string
  description = "projects/PROJECT/serviceAccounts/ACCOUNT"
}

# The pool is for this job alone; its condition has compared everything before this is asked.
resource "google_service_account_iam_member" "${id}" {
  service_account_id = var.${id}_service_account
  role               = "roles/iam.workloadIdentityUser"
  member             = "principalSet://iam.googleapis.com/\${google_iam_workload_identity_pool.${id}.name}/attribute.${attributeOf(claim)}/${projectIdOf(request)}"
}
`;
}

function audienceFlag({ binding, identity }: TrustRequest): string {
  const own = tokensOf(binding.platform);
  return own === undefined ? '' : ` --allowed-audiences ${own.audience(identity)}`;
}

function commands(request: TrustRequest): string {
  const { name, binding, identity } = request;
  const pool = `ci-${name}`.slice(0, 32);
  const claim = projectClaim(binding);
  return `Replace ACCOUNT and PROJECT_NUMBER, and the ids.

\`\`\`sh
gcloud iam workload-identity-pools create ${pool} --location global
gcloud iam workload-identity-pools providers create-oidc ${pool} --location global \\
  --workload-identity-pool ${pool} --issuer-uri ${issuerOf(binding, identity)}${audienceFlag(request)} \\
  --attribute-mapping "google.subject=${subjectClaim(binding)},attribute.${attributeOf(claim)}=${assertion(claim)}" \\
  --attribute-condition "${attributeCondition(request)}"
gcloud iam service-accounts add-iam-policy-binding ACCOUNT --role roles/iam.workloadIdentityUser \\
  --member "principalSet://iam.googleapis.com/projects/PROJECT_NUMBER/locations/global/workloadIdentityPools/${pool}/attribute.${attributeOf(claim)}/${projectIdOf(request)}"
${setVariable(binding, 'GCP_WORKLOAD_IDENTITY_PROVIDER', `projects/PROJECT_NUMBER/locations/global/workloadIdentityPools/${pool}/providers/${pool}`)}
${setVariable(binding, 'GCP_SERVICE_ACCOUNT', 'ACCOUNT')}
\`\`\`

Then delete the key (\`gcloud iam service-accounts keys delete\`).
`;
}

export function googleCloudTrust(request: TrustRequest): Trust {
  return { terraform: terraform(request), steps: commands(request) };
}
