/** An action that installs a program, and the input that says which version of it. */
export interface ToolAction {
  readonly tool: string;
  readonly input: string;
  /** What it installs when the input is not there. */
  readonly otherwise: 'latest' | 'fixed' | 'from-file';
}

/** By their own descriptions, as read on 2026-11-23. */
export const toolActions: Readonly<Record<string, ToolAction>> = {
  '1password/load-secrets-action': { tool: 'the 1Password CLI', input: 'version', otherwise: 'latest' },
  'aquasecurity/setup-trivy': { tool: 'Trivy', input: 'version', otherwise: 'latest' },
  'aquasecurity/trivy-action': { tool: 'Trivy', input: 'version', otherwise: 'fixed' },
  'anchore/scan-action': { tool: 'Grype', input: 'grype-version', otherwise: 'fixed' },
  'anchore/sbom-action': { tool: 'Syft', input: 'syft-version', otherwise: 'fixed' },
  'arduino/setup-task': { tool: 'Task', input: 'version', otherwise: 'latest' },
  'astral-sh/setup-uv': { tool: 'uv', input: 'version', otherwise: 'from-file' },
  'azure/setup-helm': { tool: 'Helm', input: 'version', otherwise: 'latest' },
  'azure/setup-kubectl': { tool: 'kubectl', input: 'version', otherwise: 'latest' },
  'extractions/setup-just': { tool: 'just', input: 'just-version', otherwise: 'latest' },
  'golangci/golangci-lint-action': { tool: 'golangci-lint', input: 'version', otherwise: 'from-file' },
  'google-github-actions/setup-gcloud': { tool: 'gcloud', input: 'version', otherwise: 'latest' },
  'goreleaser/goreleaser-action': { tool: 'GoReleaser', input: 'version', otherwise: 'fixed' },
  'hashicorp/setup-packer': { tool: 'Packer', input: 'version', otherwise: 'latest' },
  'hashicorp/setup-terraform': { tool: 'Terraform', input: 'terraform_version', otherwise: 'latest' },
  'helm/kind-action': { tool: 'kind', input: 'version', otherwise: 'fixed' },
  'jdx/mise-action': { tool: 'mise', input: 'version', otherwise: 'latest' },
  'opentofu/setup-opentofu': { tool: 'OpenTofu', input: 'tofu_version', otherwise: 'latest' },
  'oven-sh/setup-bun': { tool: 'Bun', input: 'bun-version', otherwise: 'from-file' },
  'pnpm/action-setup': { tool: 'pnpm', input: 'version', otherwise: 'from-file' },
  'sigstore/cosign-installer': { tool: 'cosign', input: 'cosign-release', otherwise: 'fixed' },
  'snyk/actions/setup': { tool: 'Snyk', input: 'snyk-version', otherwise: 'latest' },
  'superfly/flyctl-actions/setup-flyctl': { tool: 'flyctl', input: 'version', otherwise: 'latest' },
};
