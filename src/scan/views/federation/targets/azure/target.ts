import { issuerOf, subjectsOf } from '../../bind/subjects.ts';
import { SERVICE_CONNECTION } from '../../patch/azure-patch.ts';
import { IDENTITY_TOKEN, type Migration } from '../../patch/migration.ts';
import type { StoredCredential } from '../../recognise/stored-use.ts';
import { knownActions } from '../known-steps.ts';
import { setVariable } from '../set-variable.ts';
import type { Target, Trust, TrustRequest } from '../target.ts';
import { otherFormComment, terraformName, terraformText } from '../terraform-text.ts';

const AZURE_AUDIENCE = 'api://AzureADTokenExchange';
const ACCOUNT: readonly (readonly [string, string])[] = [
  ['client-id', '${{ vars.AZURE_CLIENT_ID }}'],
  ['tenant-id', '${{ vars.AZURE_TENANT_ID }}'],
  ['subscription-id', '${{ vars.AZURE_SUBSCRIPTION_ID }}'],
];

function migrate({ uses }: StoredCredential): Migration {
  // The provider of Terraform asks for the token by itself, when it is told to.
  const isTerraform = uses.every(({ holder }) => /^ARM_/i.test(holder));
  return {
    inputs: { 'azure/login': { remove: ['creds'], add: ACCOUNT } },
    ...(isTerraform ? {} : { login: { uses: knownActions.azure, with: ACCOUNT } }),
    variables: isTerraform ? [['ARM_USE_OIDC', "'true'"]] : [],
    exports: true,
    loginLine: /^\s*az\s+login\b.{0,300}--service-principal\b/,
    scope: IDENTITY_TOKEN,
  };
}

/** Azure Pipelines has a service connection sign, and what is checked about runs is checked there. */
function serviceConnection({ name, binding }: TrustRequest): string {
  const id = terraformName(name);
  return `variable "${id}_application_id" {
  type        = string
  description = "/applications/OBJECT_ID of the application whose secret goes away"
}

variable "${id}_client_id" { type = string }
variable "${id}_tenant_id" { type = string }
variable "${id}_subscription_id" { type = string }
variable "${id}_project_id" { type = string }

resource "azuredevops_serviceendpoint_azurerm" "${id}" {
  project_id                             = var.${id}_project_id
  service_endpoint_name                  = ${terraformText(SERVICE_CONNECTION)}
  service_endpoint_authentication_scheme = "WorkloadIdentityFederation"
  credentials {
    serviceprincipalid = var.${id}_client_id
  }
  azurerm_spn_tenantid      = var.${id}_tenant_id
  azurerm_subscription_id   = var.${id}_subscription_id
  azurerm_subscription_name = "production"
}

resource "azuread_application_federated_identity_credential" "${id}" {
  application_id = var.${id}_application_id
  display_name   = ${terraformText(`ci-${name}`)}
  audiences      = [${terraformText(AZURE_AUDIENCE)}]
  issuer         = azuredevops_serviceendpoint_azurerm.${id}.workload_identity_federation_issuer
  subject        = azuredevops_serviceendpoint_azurerm.${id}.workload_identity_federation_subject
}

# The subject names the connection and no branch: only this check keeps others out.
resource "azuredevops_check_branch_control" "${id}" {
  project_id           = var.${id}_project_id
  target_resource_id   = azuredevops_serviceendpoint_azurerm.${id}.id
  target_resource_type = "endpoint"
  allowed_branches     = ${terraformText(binding.refs.join(', '))}
}
`;
}

const CONNECTION_STEPS = `In the project settings make a service connection of the kind “Azure Resource Manager”, with workload identity
federation, and call it \`${SERVICE_CONNECTION}\`. Under “Approvals and checks” add “Branch control”: its subject names the
connection and no branch, so only this check keeps other branches out. Never tick “Grant access to all pipelines”.
Then remove the secret (\`az ad app credential delete\`).
`;

function terraform({ name, binding, identity }: TrustRequest): string {
  const id = terraformName(name);
  const credentials = subjectsOf(binding, identity, 'classic').map(
    (subject, index) => `resource "azuread_application_federated_identity_credential" "${id}_${index}" {
  application_id = var.${id}_application_id
  display_name   = ${terraformText(`ci-${name}-${index}`)}
  issuer         = ${terraformText(issuerOf(binding, identity))}
  audiences      = [${terraformText(AZURE_AUDIENCE)}]
  subject        = ${terraformText(subject)}
}
`,
  );
  return `variable "${id}_application_id" {
  type        = string
  description = "/applications/OBJECT_ID of the application whose secret goes away"
}

${otherFormComment(binding, identity)}${credentials.join('\n')}`;
}

function commands({ name, binding, identity }: TrustRequest): string {
  const creations = subjectsOf(binding, identity, 'classic').map((subject, index) => {
    const parameters = {
      name: `ci-${name}-${index}`,
      issuer: issuerOf(binding, identity),
      subject,
      audiences: [AZURE_AUDIENCE],
    };
    return `az ad app federated-credential create --id APPLICATION_ID --parameters '${JSON.stringify(parameters)}'`;
  });
  return `\`\`\`sh
${creations.join('\n')}
${['AZURE_CLIENT_ID', 'AZURE_TENANT_ID', 'AZURE_SUBSCRIPTION_ID'].map((each) => setVariable(binding, each, 'ID')).join('\n')}
\`\`\`

Entra ID compares the subject letter by letter. Then remove the secret (\`az ad app credential delete\`).
`;
}

const trust = (request: TrustRequest): Trust =>
  request.binding.platform === 'azure'
    ? { terraform: serviceConnection(request), steps: CONNECTION_STEPS }
    : { terraform: terraform(request), steps: commands(request) };

export const target: Target = { migrate, trust, environment: 'production' };
