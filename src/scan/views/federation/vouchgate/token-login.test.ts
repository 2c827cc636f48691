import { describe, expect, it } from 'vitest';
import { scanFiles, TEST_DAY_MS } from '../../../testing/scan-text.ts';
import { readIdentity } from '../bind/repository-identity.ts';
import { buildFederation } from '../build.ts';
import { patchFile } from '../patch/patch-file.ts';
import { planBrokered } from '../patch/plans.ts';

const FILE = '.github/workflows/deploy.yml';
const workflow = (steps: string, env = ''): string =>
  `on:\n  push:\n    branches: [main]\npermissions: {}\njobs:\n  deploy:\n    runs-on: ubuntu-latest\n    environment: production\n${env}    steps:\n${steps}`;
const brokered = (text: string) => patchFile(FILE, text, planBrokered(readIdentity('', undefined)));

function writtenFor(text: string): ReadonlyMap<string, string> {
  const scan = scanFiles([{ file: FILE, text }]);
  const { files } = buildFederation({
    repositories: [{ prefix: '', root: '', scan }],
    asOfMs: TEST_DAY_MS,
    inputs: {},
  });
  return new Map(files.map((each) => [each.file, each.text]));
}

const regular = (text: string): string[] =>
  scanFiles([{ file: FILE, text }])
    .findings.filter(({ persona }) => persona === 'regular')
    // The placeholder of the action is meant to be seen.
    .filter(({ message }) => !message.includes('owner/vouchgate/action'))
    .map(({ ruleId, message }) => `${ruleId}: ${message}`);

const GOOGLE =
  '      - uses: google-github-actions/auth@7c6bc770dae815cd3e89ee6cdf493a5fab2cc093 # v3.0.0\n        with:\n          credentials_json: ${{ secrets.GCP_KEY }}\n      - run: gcloud run deploy shop\n';
const AZURE =
  '      - uses: azure/login@532459ea530d8321f2fb9bb10d1e0bcf23869a43 # v3.0.0\n        with:\n          creds: ${{ secrets.AZURE_CREDENTIALS }}\n      - run: az webapp restart -n shop -g shop\n';
const VAULT =
  '      - uses: hashicorp/vault-action@4c06c5ccf5c0761b6029f56cfb1dcf5565918a3b # v3.4.0\n        with:\n          url: https://vault.example\n          token: ${{ secrets.VAULT_TOKEN }}\n          secrets: kv/data/shop key\n';
const TERRAFORM = '    env:\n      ARM_CLIENT_SECRET: ${{ secrets.ARM_CLIENT_SECRET }}\n';

const CASES: readonly (readonly [what: string, text: string, name: string, has: string])[] = [
  ['Google Cloud', workflow(GOOGLE), 'google-cloud-production', 'gcloud auth login --cred-file'],
  ['Azure', workflow(AZURE), 'azure-production', '--federated-token "$AZURE_ID_TOKEN"'],
  [
    'Terraform on Azure',
    workflow('      - run: terraform plan\n', TERRAFORM),
    'azure-production',
    'environment: ARM_OIDC_TOKEN=azure-production.token',
  ],
  ['Vault', workflow(VAULT), 'vault-production', 'token: ${{ steps.vault-login.outputs.token }}'],
];

describe.each(CASES)('a job that logs in to %s with a stored value', (_, text, name, has) => {
  it('is given a token of Vouchgate for one subject in its place, and a scan has nothing to say of it', () => {
    const { after, reasons } = brokered(text);
    expect([...reasons.values()]).toEqual([undefined]);
    expect(after).toContain(has);
    expect(after).not.toContain('secrets.');
    expect(regular(after)).toEqual([]);
  });

  it('comes with the resource, its policy, and what the other side has to be told', () => {
    const files = writtenFor(text);
    expect(files.get('vouchgate/vouchgate.yaml')).toContain(`  ${name}:\n    credentialProvider: identity\n`);
    expect(files.get('vouchgate/vouchgate.yaml')).toContain(`subject: "ci:${name}"`);
    expect(files.get(`vouchgate/policies/${name}.cedar`)).toContain('"production"');
    expect(files.get('README.md')).toContain(`## ${name}, by way of Vouchgate`);
    expect(files.get('README.md')).toMatch(new RegExp(`(?:subject|sub ==)\\W{1,6}ci:${name}`));
  });
});

it.each([
  [
    'another step asks for its outputs',
    GOOGLE.replace('- uses', '- id: g\n        uses') +
      '      - run: x "${{ steps.g.outputs.project_id }}"\n',
  ],
  [
    'it runs under a condition',
    AZURE.replace('- uses', "- if: github.ref == 'refs/heads/main'\n        uses"),
  ],
  [
    'a script reads it',
    '      - run: vault kv get a/b\n        env:\n          VAULT_TOKEN: ${{ secrets.VAULT_TOKEN }}\n',
  ],
])('stays a sealed value where %s', (_, steps) => {
  const { after, reasons } = brokered(workflow(steps));
  expect([...reasons.values()]).toEqual([undefined]);
  expect(after).toContain('.value');
  expect(writtenFor(workflow(steps)).get('vouchgate/vouchgate.yaml')).toContain('credentialProvider: sealed');
});
