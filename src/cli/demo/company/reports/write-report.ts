import type { ReportedFlaw } from './reported-flaw.ts';

/** Tools that the company runs, each in the format that it writes itself. */
export type ReportingTool = 'semgrep' | 'trivy' | 'gitleaks' | 'checkov' | 'npm-audit' | 'zap';

export interface ReportAbout {
  /** `acme/shop`. */
  readonly repository: string;
  readonly commit: string;
  readonly atMs: number;
}

type Writer = (flaws: readonly ReportedFlaw[], about: ReportAbout) => object;

const SEMGREP_LEVELS = { CRITICAL: 'ERROR', HIGH: 'ERROR', MEDIUM: 'WARNING', LOW: 'INFO' } as const;
const ZAP_RISKS = { CRITICAL: '3', HIGH: '3', MEDIUM: '2', LOW: '1' } as const;

const semgrep: Writer = (flaws) => ({
  version: '1.140.0',
  results: flaws.map(({ rule, title, severity, place, line, detail }) => ({
    check_id: rule,
    path: place,
    start: { line, col: 3, offset: line * 40 },
    end: { line, col: 48, offset: line * 40 + 45 },
    extra: {
      message: title,
      metadata: { category: 'security', confidence: 'HIGH', impact: severity, cwe: [detail] },
      severity: SEMGREP_LEVELS[severity],
      lines: '',
      engine_kind: 'OSS',
    },
  })),
  errors: [],
  paths: { scanned: [] },
});

const trivy: Writer = (flaws, { repository, atMs }) => ({
  SchemaVersion: 2,
  CreatedAt: new Date(atMs).toISOString(),
  ArtifactName: `${repository}:latest`,
  ArtifactType: 'container_image',
  Metadata: { OS: { Family: 'debian', Name: '12' }, RepoTags: [`${repository}:latest`] },
  Results: [
    {
      Target: `${repository}:latest (debian 12)`,
      Class: 'os-pkgs',
      Type: 'debian',
      Vulnerabilities: flaws.map(({ rule, title, severity, place, detail }) => ({
        VulnerabilityID: rule,
        PkgID: `${place}@${detail}`,
        PkgName: place,
        PkgIdentifier: { PURL: `pkg:deb/debian/${place}@${detail}` },
        InstalledVersion: detail,
        FixedVersion: `${detail}+deb12u1`,
        Status: 'fixed',
        SeveritySource: 'debian',
        Title: title,
        Severity: severity,
      })),
    },
  ],
});

const gitleaks: Writer = (flaws, { commit, atMs }) =>
  flaws.map(({ rule, title, place, line }) => ({
    RuleID: rule,
    Description: title,
    StartLine: line,
    EndLine: line,
    StartColumn: 12,
    EndColumn: 31,
    Match: 'KEY=REDACTED',
    Secret: 'REDACTED',
    File: place,
    SymlinkFile: '',
    Commit: commit,
    Entropy: 3.6,
    Author: 'pedro',
    Email: 'pedro@acme.example',
    Date: new Date(atMs).toISOString(),
    Message: 'make it work',
    Tags: [],
    Fingerprint: `${commit}:${place}:${rule}:${line}`,
  }));

const checkov: Writer = (flaws) => ({
  check_type: 'terraform',
  results: {
    passed_checks: [],
    failed_checks: flaws.map(({ rule, title, severity, place, line, detail }) => ({
      check_id: rule,
      check_name: title,
      check_result: { result: 'FAILED' },
      code_block: [],
      file_path: `/${place}`,
      repo_file_path: `/${place}`,
      file_line_range: [line, line + 6],
      resource: detail,
      severity,
    })),
    skipped_checks: [],
    parsing_errors: [],
  },
  summary: {
    passed: 41,
    failed: flaws.length,
    skipped: 0,
    parsing_errors: 0,
    resource_count: 30,
    checkov_version: '3.2.470',
  },
});

const npmAudit: Writer = (flaws) => ({
  auditReportVersion: 2,
  vulnerabilities: Object.fromEntries(
    flaws.map(({ rule, title, severity, place, detail }, index) => [
      place,
      {
        name: place,
        severity: severity.toLowerCase(),
        isDirect: true,
        via: [
          {
            source: 1_000 + index,
            name: place,
            dependency: place,
            title,
            url: `https://github.com/advisories/${rule}`,
            severity: severity.toLowerCase(),
            cwe: [],
            range: detail,
          },
        ],
        effects: [],
        range: detail,
        nodes: [`node_modules/${place}`],
        fixAvailable: true,
      },
    ]),
  ),
  metadata: { vulnerabilities: { total: flaws.length } },
});

const zap: Writer = (flaws, { repository }) => {
  const host = `${repository.split('/')[1] ?? ''}.acme.example`;
  return {
    '@programName': 'ZAP',
    '@version': '2.16.1',
    '@generated': 'Mon, 4 May 2026 08:30:00',
    site: [
      {
        '@name': `https://${host}`,
        '@host': host,
        '@port': '443',
        '@ssl': 'true',
        alerts: flaws.map(({ rule, title, severity, place, detail }) => ({
          pluginid: rule,
          alertRef: rule,
          alert: title,
          name: title,
          riskcode: ZAP_RISKS[severity],
          confidence: '3',
          desc: `<p>${title}.</p>`,
          instances: [{ uri: `https://${host}${place}`, method: 'GET', param: '', attack: '', evidence: '' }],
          count: '1',
          solution: '<p>Set the header.</p>',
          cweid: detail,
        })),
      },
    ],
  };
};

const WRITERS: Readonly<Record<ReportingTool, Writer>> = {
  semgrep,
  trivy,
  gitleaks,
  checkov,
  'npm-audit': npmAudit,
  zap,
};

/** The report as the tool would write it, as JSON. */
export function writeReport(tool: ReportingTool, flaws: readonly ReportedFlaw[], about: ReportAbout): string {
  return JSON.stringify(WRITERS[tool](flaws, about));
}
