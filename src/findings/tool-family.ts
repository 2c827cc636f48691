import type { FindingKind } from './reported-finding.ts';

/** Names under which one tool appears in its formats and versions. */
const FAMILIES: Readonly<Record<string, string>> = {
  'semgrep-oss': 'semgrep',
  'semgrep-pro': 'semgrep',
  'semgrep-ce': 'semgrep',
  snykcode: 'snyk',
  'snyk-code': 'snyk',
  'snyk-open-source': 'snyk',
  'snyk-container': 'snyk',
  'snyk-iac': 'snyk',
  'owasp-dependency-check': 'dependency-check',
  'owasp-zap': 'zap',
  zaproxy: 'zap',
  'zed-attack-proxy': 'zap',
  'nosey-parker': 'noseyparker',
  'bridgecrew-checkov': 'checkov',
  'checkmarx-kics': 'kics',
  'keeping-infrastructure-as-code-secure': 'kics',
  nodejsscan: 'njsscan',
  'hadolint-dockerfile-linter': 'hadolint',
  osvscanner: 'osv-scanner',
  sonarcloud: 'sonarqube',
  'microsoft-security-devops': 'ms-defender',
  'anchore-grype': 'grype',
  'trivy-vulnerability-scanner': 'trivy',
  'aqua-security-trivy': 'trivy',
};

const ID_CHARS_MAX = 60;

/** The id of a tool family for the name that a report gives its tool; undefined when the name has no letter. */
export function toolFamily(name: string | undefined): string | undefined {
  const id = name
    ?.slice(0, 200)
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, '-')
    .slice(0, ID_CHARS_MAX)
    .replaceAll(/^-|-$/g, '');
  if (id === undefined || id === '') return undefined;
  return Object.hasOwn(FAMILIES, id) ? FAMILIES[id] : id;
}

/** What each tool looks for, where it looks for one thing alone. */
const KINDS: Readonly<Record<string, FindingKind>> = {
  vouchgate: 'pipeline',
  zizmor: 'pipeline',
  actionlint: 'pipeline',
  poutine: 'pipeline',
  octoscan: 'pipeline',
  scorecard: 'pipeline',
  gitleaks: 'secret',
  trufflehog: 'secret',
  noseyparker: 'secret',
  'detect-secrets': 'secret',
  ggshield: 'secret',
  secretlint: 'secret',
  kingfisher: 'secret',
  betterleaks: 'secret',
  checkov: 'infrastructure',
  tflint: 'infrastructure',
  tfsec: 'infrastructure',
  terrascan: 'infrastructure',
  kics: 'infrastructure',
  hadolint: 'infrastructure',
  kubelinter: 'infrastructure',
  'kube-linter': 'infrastructure',
  kubescape: 'infrastructure',
  polaris: 'infrastructure',
  'cfn-lint': 'infrastructure',
  'template-analyzer': 'infrastructure',
  grype: 'dependency',
  'osv-scanner': 'dependency',
  'dependency-check': 'dependency',
  govulncheck: 'dependency',
  'cargo-audit': 'dependency',
  'pip-audit': 'dependency',
  dockle: 'container',
  zap: 'web',
  nuclei: 'web',
  nikto: 'web',
  wapiti: 'web',
  eslint: 'quality',
  shellcheck: 'quality',
  'clang-tidy': 'quality',
  ruff: 'quality',
  'golangci-lint': 'quality',
};

/** What a tool looks for; undefined for tools that look for several things. */
export function kindOfTool(tool: string, ruleId?: string): FindingKind | undefined {
  // Our secrets engine names its rules `secret-…`; so do three rules about pipelines, of which none is named after a thing.
  if (tool === 'vouchgate' && /^secret-(?!in-|outside-)/.test(ruleId ?? '')) return 'secret';
  return Object.hasOwn(KINDS, tool) ? KINDS[tool] : undefined;
}

/** Tools that a scan of ours runs beside its own rules, as `--with` names them. */
const ADAPTED = new Set(['checkov', 'tflint', 'trivy', 'semgrep', 'gitleaks', 'osv-scanner', 'hadolint']);

/**
 * Whose a rule is in a report of our own scan: `checkov/CKV_AWS_20` is Checkov's, so that it meets what Checkov says
 * when its own report is read.
 */
export function ownerOfRule(ruleId: string | undefined): {
  readonly tool: string;
  readonly ruleId: string | undefined;
} {
  const slash = ruleId?.indexOf('/') ?? -1;
  const tool = ruleId?.slice(0, Math.max(0, slash)) ?? '';
  return ADAPTED.has(tool) ? { tool, ruleId: ruleId?.slice(slash + 1) } : { tool: 'vouchgate', ruleId };
}
