/** Why we count otherwise than the manifest's numbers, which are those of DefectDojo's own tests. */
export type DifferenceReason =
  /** They make one finding of several places or packages; we keep each flaw and place apart. */
  | 'they merge'
  /** We make one finding of what they repeat for each URL, instance or weakness. */
  | 'we merge'
  /** They count what is no finding, such as passed checks. */
  | 'they count what is none'
  /** They leave out what the report says, such as accepted, ignored or informational findings. */
  | 'they leave out'
  /** The number of the manifest is not that of this file, or of a part of it alone. */
  | 'their number is another';

export interface Difference {
  readonly reason: DifferenceReason;
  /** What it is in this file. */
  readonly what: string;
}

/** By the file's name in the manifest. One that is not here and differs is shown as UNEXPLAINED. */
export const differences: Readonly<Record<string, Difference>> = {
  'burp/one_finding.xml': {
    reason: 'they merge',
    what: 'one issue at three parameters',
  },
  'burp/seven_findings.xml': {
    reason: 'they merge',
    what: 'issues of one name at several addresses and parameters',
  },
  'checkmarx/many_aggregated_findings.xml': {
    reason: 'they merge',
    what: '185 paths of one query that end in one file',
  },
  'checkmarx/multiple_findings.xml': {
    reason: 'they merge',
    what: 'paths of one query that end in one file',
  },
  'checkmarx/multiple_findings_different_sourceFilename_same_sinkFilename.xml': {
    reason: 'they merge',
    what: 'paths of one query that end in one file',
  },
  'checkmarx/multiple_findings_same_query_id.xml': {
    reason: 'they merge',
    what: 'paths of one query that end in one file',
  },
  'checkmarx/two_aggregated_findings_one_is_false_positive.xml': {
    reason: 'they merge',
    what: 'paths of one query that end in one file',
  },
  'dockle/many_findings.json': {
    reason: 'they leave out',
    what: 'an ignored check, which is an accepted finding',
  },
  'generic/generic_report1.csv': {
    reason: 'they merge',
    what: 'five rows of one title at five addresses, with five weaknesses',
  },
  'gitlab_dep_scan/gl-dependency-scanning-report-many-vuln_v14.json': {
    reason: 'their number is another',
    what: 'their test asserts more than two; the file has six',
  },
  'gitlab_dep_scan/gl-dependency-scanning-report-many-vuln_v15.json': {
    reason: 'their number is another',
    what: 'their test asserts more than two; the file has six',
  },
  'gitlab_sast/gl-sast-report-many-vuln_v14.json': {
    reason: 'they merge',
    what: 'findings of one rule with the same text on several lines of one file',
  },
  'gitlab_sast/gl-sast-report-many-vuln_v15.json': {
    reason: 'they merge',
    what: 'findings of one rule with the same text on several lines of one file',
  },
  'mend/mend-sca-platform-api3-multiple-findings.json': {
    reason: 'they leave out',
    what: 'six whose library was removed, which are findings decided as fixed',
  },
  'mobsf/damnvulnrablebank.json': {
    reason: 'they merge',
    what: 'files of one rule, each of which has to be mended; and they count interfaces that the app uses',
  },
  'mobsf/issue_9132.json': {
    reason: 'they merge',
    what: 'files of one rule, each of which has to be mended; and they count interfaces that the app uses',
  },
  'nuclei/multiple_v3.json': {
    reason: 'they merge',
    what: 'two results of one template',
  },
  'prowler/example_output_aws.csv': {
    reason: 'they count what is none',
    what: 'two checks that somebody has to do by hand',
  },
  'prowler/example_output_gcp.csv': {
    reason: 'they merge',
    what: 'one check on two firewall rules',
  },
  'spotbugs/many_findings.xml': {
    reason: 'they merge',
    what: 'bugs with one hash, which their number of occurrence tells apart',
  },
  'sslyze/report_two_target_many_vuln.xml': {
    reason: 'they merge',
    what: 'two weaknesses of renegotiation',
  },
  'sslyze/two_targets_two_vuln_old.json': {
    reason: 'they count what is none',
    what: 'cipher suites that the German BSI does not list; we go by RFC 9325',
  },
  'testssl/defectdojo_one_vuln.csv': {
    reason: 'they count what is none',
    what: 'a test that failed, which is a warning',
  },
  'testssl/failed_target.csv': {
    reason: 'they count what is none',
    what: 'a host that was not reached, which is a warning',
  },
  'testssl/overall_critical.csv': {
    reason: 'we merge',
    what: 'tests that name several CVEs',
  },
  'wpscan/wordpress_many_vuln.json': {
    reason: 'they leave out',
    what: 'the vulnerability of the theme, and one of two that share an entry',
  },
  'wpscan/wordpress_vuln_version.json': {
    reason: 'they leave out',
    what: 'the vulnerability of the theme, and one of two that share an entry',
  },
  'cargo_audit/many_findings.json': {
    reason: 'they leave out',
    what: '9 warnings (unmaintained, withdrawn), which are findings of severity info',
  },
  'govulncheck/issue_14642.json': {
    reason: 'they count what is none',
    what: 'every entry of the Go database that the stream mentions; 40 of the 201 were found',
  },
  'noseyparker/noseyparker_0_22_0.jsonl': {
    reason: 'they merge',
    what: 'two different secrets on one line of one file',
  },
  'noseyparker/noseyparker_many_vul.jsonl': {
    reason: 'they merge',
    what: 'different secrets on one line of one file',
  },
  'npm_audit_7_plus/many_vulns.json': {
    reason: 'they count what is none',
    what: 'packages that are only affected through another one, where the advisory stands',
  },
  'npm_audit_7_plus/one_vuln.json': {
    reason: 'they merge',
    what: 'two advisories of one package',
  },
  'osv_scanner/many_findings.json': {
    reason: 'we merge',
    what: 'entries of several databases that the tool itself groups as one flaw',
  },
  'retirejs/latest.json': {
    reason: 'they merge',
    what: 'CVE-2020-11022 and CVE-2020-11023, which have the same summary',
  },
  'snyk/all_containers_target_output.json': {
    reason: 'we merge',
    what: 'the ways to one package, which are other places of the flaw',
  },
  'snyk/snykcontainer_issue_epss.json': {
    reason: 'they leave out',
    what: 'the 12 findings in applications of the image',
  },
};

/** Folders of the manifest that are read by an importer of another name than theirs. */
export const importersOfFolders: Readonly<Record<string, readonly string[]>> = {
  mobsf: ['mobsf', 'qark'],
  jfrog_xray_unified: ['jfrog-xray'],
  microfocus_webinspect: ['webinspect'],
  kubelinter: ['kube-linter'],
  checkmarx_one: ['checkmarx-one', 'gitlab'],
  checkmarx: ['checkmarx', 'checkmarx-one'],
  bearer_cli: ['bearer'],
  anchore_grype: ['grype'],
  api_sonarqube: ['sonarqube'],
  burp_api: ['burp'],
  github_sast: ['github'],
  github_secrets_detection_report: ['github'],
  github_vulnerability: ['github'],
  gitlab_api_fuzzing: ['gitlab'],
  gitlab_container_scan: ['gitlab'],
  gitlab_dast: ['gitlab'],
  gitlab_dep_scan: ['gitlab'],
  gitlab_sast: ['gitlab'],
  gitlab_secret_detection_report: ['gitlab'],
  govulncheck: ['sarif'],
  npm_audit_7_plus: ['npm-audit'],
  sarif: ['sarif', 'govulncheck', 'snyk-code'],
  semgrep_pro: ['semgrep'],
  snyk: ['snyk', 'snyk-code'],
  snyk_issue_api: ['snyk'],
  trivy_operator: ['trivy'],
  trufflehog3: ['trufflehog'],
};
