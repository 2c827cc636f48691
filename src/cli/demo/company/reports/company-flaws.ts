import { readFlaws, type ReportedFlaw } from './reported-flaw.ts';
import type { ReportingTool } from './write-report.ts';

/** What one tool finds in one repository over the time that is played. */
export interface FlawSource {
  readonly repository: string;
  readonly tool: ReportingTool;
  readonly flaws: readonly ReportedFlaw[];
}

function found(repository: string, tool: ReportingTool, table: string): FlawSource {
  return { repository, tool, flaws: readFlaws(table) };
}

/** Some are there from the beginning, some come, most are mended: the hard ones late, or not at all. */
export const companyFlaws: readonly FlawSource[] = [
  found(
    'acme/shop',
    'semgrep',
    `
    javascript.express.open-redirect | A redirect goes where the address says | MEDIUM | src/account/login.js | 42 | CWE-601: URL Redirection to Untrusted Site | 0 | 0.5
    javascript.express.sql-injection | Text of the request becomes part of a query | HIGH | src/catalogue/search.js | 118 | CWE-89: SQL Injection | 0 | 0.25
    javascript.express.xss.direct-response | A part of the request is written into the page | HIGH | src/catalogue/review.js | 61 | CWE-79: Cross-site Scripting | 0.3 |
    javascript.jsonwebtoken.none-algorithm | A token is taken without a signature | HIGH | src/account/session.js | 27 | CWE-345: Insufficient Verification of Data Authenticity | 0.6 | 0.75
    javascript.lang.insecure-randomness | A code for a voucher can be guessed | LOW | src/vouchers/new.js | 12 | CWE-330: Use of Insufficiently Random Values | 0 |
    javascript.express.cors-any-origin | Any site may read the answer | MEDIUM | src/server.js | 15 | CWE-942: Permissive Cross-domain Policy | 0 | 0.8`,
  ),
  found(
    'acme/shop',
    'trivy',
    `
    CVE-2023-45853 | zlib: integer overflow in a header | CRITICAL | zlib1g | 1.2.13 | 1.2.13 | 0 | 0.3
    CVE-2024-2961 | glibc: out of bounds write in iconv | HIGH | libc6 | 0 | 2.36 | 0 | 0.45
    CVE-2024-6387 | openssh: a race before authentication | HIGH | openssh-client | 0 | 9.2 | 0.2 | 0.45
    CVE-2023-50387 | systemd: KeyTrap in DNSSEC | MEDIUM | libsystemd0 | 0 | 252.22 | 0 |
    CVE-2024-28085 | util-linux: text of wall can mislead | LOW | util-linux | 0 | 2.38 | 0 | `,
  ),
  found(
    'acme/shop',
    'npm-audit',
    `
    GHSA-jf85-cpcp-j695 | Prototype pollution in lodash | CRITICAL | lodash | 0 | <4.17.12 | 0 | 0.4
    GHSA-c2qf-rxjj-qqgw | semver is slow on some text | MEDIUM | semver | 0 | <7.5.2 | 0 |
    GHSA-9wv6-86v2-598j | path-to-regexp is slow on some paths | HIGH | path-to-regexp | 0 | <0.1.10 | 0.5 | 0.9`,
  ),
  found(
    'acme/shop',
    'zap',
    `
    10038 | Content Security Policy header not set | MEDIUM | / | 0 | 693 | 0 | 0.65
    10020 | Missing anti-clickjacking header | MEDIUM | /checkout | 0 | 1021 | 0 | 0.65
    10035 | Strict-Transport-Security header not set | LOW | / | 0 | 319 | 0 | `,
  ),
  found(
    'acme/payments',
    'semgrep',
    `
    java.lang.weak-hash | A card is looked up by its MD5 | HIGH | src/main/java/Cards.java | 88 | CWE-328: Use of Weak Hash | 0 |
    java.spring.csrf-disabled | Requests of other sites are taken | MEDIUM | src/main/java/Security.java | 31 | CWE-352: Cross-Site Request Forgery | 0 | 0.35
    java.lang.xxe | XML of a partner may name files | HIGH | src/main/java/Statement.java | 140 | CWE-611: XML External Entities | 0.4 | 0.7`,
  ),
  found(
    'acme/payments',
    'trivy',
    `
    CVE-2024-3094 | xz: a back door in the source archives | CRITICAL | liblzma5 | 0 | 5.6.0 | 0.15 | 0.2
    CVE-2023-4911 | glibc: buffer overflow in ld.so | HIGH | libc6 | 0 | 2.36 | 0 | 0.55`,
  ),
  found(
    'acme/infrastructure',
    'checkov',
    `
    CKV_AWS_20 | S3 bucket is open for everybody to read | HIGH | modules/export/s3.tf | 3 | aws_s3_bucket.export | 0 | 0.5
    CKV_AWS_24 | Security group lets everybody in on port 22 | HIGH | network/bastion.tf | 21 | aws_security_group.bastion | 0 |
    CKV_AWS_16 | Database is not encrypted at rest | HIGH | data/rds.tf | 9 | aws_db_instance.orders | 0 | 0.85
    CKV_AWS_111 | Policy lets write without constraints | MEDIUM | iam/deploy.tf | 44 | aws_iam_policy_document.deploy | 0 |
    CKV_AWS_158 | Log group is not encrypted with a key of its own | LOW | logs/main.tf | 5 | aws_cloudwatch_log_group.api | 0 |
    CKV_AWS_145 | Bucket is not encrypted with a key of its own | LOW | modules/export/s3.tf | 3 | aws_s3_bucket.export | 0 | 0.5
    CKV_AWS_79 | Instance metadata v1 is on | MEDIUM | network/bastion.tf | 2 | aws_instance.bastion | 0.35 | `,
  ),
  found(
    'acme/mobile',
    'gitleaks',
    `
    generic-api-key | A key of the crash reporter | HIGH | android/app/src/main/res/values/keys.xml | 7 | | 0 |
    private-key | A key to sign test builds | HIGH | ios/certs/test.key | 1 | | 0.2 | 0.6`,
  ),
  found(
    'acme/data-warehouse',
    'gitleaks',
    `
    aws-access-token | A key of the export account | HIGH | scripts/export.env | 3 | | 0 | `,
  ),
  found(
    'acme/design-system',
    'npm-audit',
    `
    GHSA-3xgq-45jq-v275 | cross-spawn is slow on some text | HIGH | cross-spawn | 0 | <7.0.5 | 0.1 | 0.6
    GHSA-grv7-fg5c-xmjg | braces takes much memory | HIGH | braces | 0 | <3.0.3 | 0 | `,
  ),
  found(
    'acme/billing',
    'semgrep',
    `
    python.django.raw-query | A query is put together from text | HIGH | invoices/views.py | 203 | CWE-89: SQL Injection | 0 | 0.6
    python.requests.no-verify | Certificates of the tax office are not checked | MEDIUM | tax/client.py | 17 | CWE-295: Improper Certificate Validation | 0 | `,
  ),
  found(
    'acme/machine-learning',
    'semgrep',
    `
    python.pickle.load | A model is read by pickle | HIGH | serving/load.py | 12 | CWE-502: Deserialization of Untrusted Data | 0 |
    python.subprocess.shell-true | A name becomes part of a command | HIGH | tools/convert.py | 55 | CWE-78: OS Command Injection | 0.5 | `,
  ),
  found(
    'acme/notifications',
    'trivy',
    `
    CVE-2024-5535 | openssl: reads too far in SSL_select_next_proto | HIGH | libssl3 | 0 | 3.0.13 | 0 | 0.7
    CVE-2023-7104 | sqlite: heap overflow in sessions | MEDIUM | libsqlite3-0 | 0 | 3.40.1 | 0 | `,
  ),
];
