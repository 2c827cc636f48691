import { issuerOf, subjectsOf } from '../../bind/subjects.ts';
import { NeedsHand } from '../../patch/needs-hand.ts';
import type { Target, Trust, TrustRequest } from '../target.ts';

function configuration({ binding, identity }: TrustRequest): string {
  const isGithub = binding.platform === 'github';
  const rules: [string, string][] = [[isGithub ? 'repository_id' : 'project_id', identity.repositoryId]];
  if (binding.environment !== undefined) rules.push(['environment', binding.environment]);
  const claims = rules.map(
    ([claim, value]) => `      - claim: ${claim}\n        requiredValue: ${JSON.stringify(value)}`,
  );
  return `apiVersion: apiserver.config.k8s.io/v1
kind: AuthenticationConfiguration
jwt:
  - issuer:
      url: ${issuerOf(binding, identity)}
      audiences: ["https://CLUSTER"]
    claimValidationRules:
${claims.join('\n')}
    claimMappings:
      username: { claim: sub, prefix: "ci:" }
`;
}

function steps(request: TrustRequest): string {
  const users = subjectsOf(request.binding, request.identity, 'classic').map(
    (subject) =>
      `  - { kind: User, name: ${JSON.stringify(`ci:${subject}`)}, apiGroup: rbac.authorization.k8s.io }`,
  );
  return `The API server accepts the token of the run (\`--authentication-config\`, Kubernetes 1.30 and later); managed
clusters do the same by the identity of their cloud, which is better where there is one.

\`\`\`yaml
${configuration(request)}\`\`\`

\`\`\`yaml
apiVersion: rbac.authorization.k8s.io/v1
kind: RoleBinding
metadata: { name: ${JSON.stringify(request.name)}, namespace: NAMESPACE }
roleRef: { kind: Role, name: ROLE, apiGroup: rbac.authorization.k8s.io }
subjects:
${users.join('\n')}
\`\`\`

The job asks for a token with the audience \`https://CLUSTER\` and gives it to \`kubectl --token\`.
`;
}

const trust = (request: TrustRequest): Trust => ({ terraform: undefined, steps: steps(request) });

/** A kubeconfig in a job takes many forms; which commands read it, only a person knows. */
function migrate(): never {
  throw new NeedsHand(
    'the cluster can accept the identity of the run; which commands use it, the file does not say',
  );
}

export const target: Target = { migrate, trust, environment: 'production' };
