const HEAD = `version: 1
url: https://vouchgate.acme.example
identityProviders:
  github: { type: github-actions }
  gitlab: { type: gitlab-ci, issuer: https://gitlab.acme.example }
credentialProviders:
  any: { type: oidc-token }
`;

/** Everything that a policy in the documents may ask for: examples of policies stand alone on their page. */
const CONFIGURATION_FOR_POLICIES = `${HEAD}resources:
  shop-db: { credentialProvider: any, privileged: true, parameters: { audience: example } }
  deploy-role: { credentialProvider: any, privileged: true, parameters: { audience: example } }
  mirror: { credentialProvider: any, parameters: { audience: example } }
`;

/** Where pipelines are inspected, every policy is asked about posture: only for examples that are about it. */
const INSPECTED = `posture:
  sources: { github: { type: mirror, folder: /mirror } }
`;

/**
 * Fences that promise a complete, valid example: `yaml vouchgate`, `yaml gate`, `cedar`, `cedar people`, and
 * `cedar waived`, which warns.
 */
export function isChecked(info: string): boolean {
  return /^(?:yaml vouchgate|yaml gate|cedar|cedar people|cedar waived)$/.test(info);
}

/** What the server would say about the example, one line for each problem; warnings count, but for a waiver's. */
export async function checkExample(info: string, text: string): Promise<string[]> {
  if (info === 'yaml gate') {
    const { checkGatePolicy } = await import('#posture/check-gate-policy.ts');
    return checkGatePolicy('example', text).map(({ line, message }) => `${line}: ${message}`);
  }
  const configuration = `${CONFIGURATION_FOR_POLICIES}${text.includes('context.posture') ? INSPECTED : ''}`;
  const folder = info === 'cedar people' ? 'people' : 'policies';
  const files =
    info !== 'yaml vouchgate'
      ? { 'vouchgate.yaml': configuration, [`${folder}/example.cedar`]: text }
      : { 'vouchgate.yaml': text };
  // Here, so that a server that does not load spoils only the examples and not every check of the documents.
  const { loadConfiguration } = await import('#broker/configuration/load-configuration.ts');
  const load = await loadConfiguration(files);
  if (load.ok && info === 'cedar waived') return [];
  const problems = load.ok ? load.configuration.warnings : load.problems;
  return problems.map(({ file, line, message }) => `${file}:${line}: ${message}`);
}
