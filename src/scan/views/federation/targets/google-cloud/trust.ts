import type { Binding } from '../../bind/binding.ts';
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
  platform === 'github' ? 'repository_id' : 'project_id';

/** Everything that the token says about where it comes from, by ids where there are some. */
export function attributeCondition({ binding, identity }: TrustRequest): string {
  const { platform, environment, refs, events } = binding;
  const isGithub = platform === 'github';
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
    "google.subject"       = "assertion.sub"
    "attribute.${claim}" = "assertion.${claim}"
  }
  oidc {
    issuer_uri = ${terraformText(issuerOf(binding, identity))}
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
  member             = "principalSet://iam.googleapis.com/\${google_iam_workload_identity_pool.${id}.name}/attribute.${claim}/${identity.repositoryId}"
}
`;
}

function commands(request: TrustRequest): string {
  const { name, binding, identity } = request;
  const pool = `ci-${name}`.slice(0, 32);
  const claim = projectClaim(binding);
  return `Replace ACCOUNT and PROJECT_NUMBER, and the ids.

\`\`\`sh
gcloud iam workload-identity-pools create ${pool} --location global
gcloud iam workload-identity-pools providers create-oidc ${pool} --location global \\
  --workload-identity-pool ${pool} --issuer-uri ${issuerOf(binding, identity)} \\
  --attribute-mapping google.subject=assertion.sub,attribute.${claim}=assertion.${claim} \\
  --attribute-condition "${attributeCondition(request)}"
gcloud iam service-accounts add-iam-policy-binding ACCOUNT --role roles/iam.workloadIdentityUser \\
  --member "principalSet://iam.googleapis.com/projects/PROJECT_NUMBER/locations/global/workloadIdentityPools/${pool}/attribute.${claim}/${identity.repositoryId}"
${setVariable(binding, 'GCP_WORKLOAD_IDENTITY_PROVIDER', `projects/PROJECT_NUMBER/locations/global/workloadIdentityPools/${pool}/providers/${pool}`)}
${setVariable(binding, 'GCP_SERVICE_ACCOUNT', 'ACCOUNT')}
\`\`\`

Then delete the key (\`gcloud iam service-accounts keys delete\`).
`;
}

export function googleCloudTrust(request: TrustRequest): Trust {
  return { terraform: terraform(request), steps: commands(request) };
}
