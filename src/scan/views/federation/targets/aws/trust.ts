import { issuerOf, subjectsOf } from '../../bind/subjects.ts';
import type { Trust, TrustRequest } from '../target.ts';
import { setVariable } from '../set-variable.ts';
import { otherFormComment, terraformList, terraformName, terraformText } from '../terraform-text.ts';
import { awsAudience, awsTrustPolicy, subjectOperator } from './trust-policy.ts';

const ACCOUNT = '111122223333';

function terraform({ name, binding, identity }: TrustRequest): string {
  const issuer = issuerOf(binding, identity);
  const provider = issuer.replace('https://', '');
  const id = terraformName(name);
  const subjects = subjectsOf(binding, identity, 'classic');
  return `# The account needs the identity provider once: resource "aws_iam_openid_connect_provider".
data "aws_iam_openid_connect_provider" "${id}" {
  url = ${terraformText(issuer)}
}

${otherFormComment(binding, identity)}data "aws_iam_policy_document" "${id}_trust" {
  statement {
    actions = ["sts:AssumeRoleWithWebIdentity"]
    principals {
      type        = "Federated"
      identifiers = [data.aws_iam_openid_connect_provider.${id}.arn]
    }
    condition {
      test     = "StringEquals"
      variable = ${terraformText(`${provider}:aud`)}
      values   = [${terraformText(awsAudience(binding, identity))}]
    }
    condition {
      test     = "${subjectOperator(subjects)}"
      variable = ${terraformText(`${provider}:sub`)}
      values   = ${terraformList(subjects)}
    }
  }
}

resource "aws_iam_role" "${id}" {
  name                 = ${terraformText(`ci-${name}`)}
  assume_role_policy   = data.aws_iam_policy_document.${id}_trust.json
  max_session_duration = 3600
}

# The rights of the user whose key goes away, and no more: aws_iam_role_policy_attachment.
`;
}

/** Platforms that put stored values into every shell by themselves. */
function preferred({ platform }: TrustRequest['binding']): string {
  if (platform !== 'circleci' && platform !== 'bitbucket' && platform !== 'gitlab') return '';
  const context =
    platform === 'circleci' ? ' A job has its token when it uses a context, and be it an empty one.' : '';
  return `Programs take \`AWS_ACCESS_KEY_ID\` from the environment before they look for a role: take the old variables out of the settings when the patch goes in.${context}\n\n`;
}

function commands({ name, binding, identity }: TrustRequest): string {
  const policy = awsTrustPolicy({ binding, identity, accountId: ACCOUNT, form: 'classic' });
  return `Replace ${ACCOUNT} by the account.

\`\`\`sh
aws iam create-open-id-connect-provider --url ${issuerOf(binding, identity)} --client-id-list ${awsAudience(binding, identity)}
cat > ${name}-trust.json <<'POLICY'
${JSON.stringify(policy, undefined, 2)}
POLICY
aws iam create-role --role-name ci-${name} --assume-role-policy-document file://${name}-trust.json
${setVariable(binding, 'AWS_ROLE_ARN', `arn:aws:iam::${ACCOUNT}:role/ci-${name}`)}
${setVariable(binding, 'AWS_REGION', 'REGION')}
\`\`\`

${preferred(binding)}Attach the rights that the user of the old key has, then delete the key (\`aws iam delete-access-key\`).
`;
}

export function awsTrust(request: TrustRequest): Trust {
  return { terraform: terraform(request), steps: commands(request) };
}
