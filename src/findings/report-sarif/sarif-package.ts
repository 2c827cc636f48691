import type { PlaceDraft } from '../build-reported-finding.ts';

const CHARS_MAX = 2_000;

/** How tools for dependencies write the package into the message, since SARIF has no field for it. */
const PATTERNS: readonly RegExp[] = [
  // Trivy: `Package: openssl` on a line, `Installed Version: 1.1.1k` on the next.
  /^Package: (?<name>\S{1,300})\nInstalled Version: (?<version>\S{1,200})/m,
  // Grype: `A high vulnerability in deb package: openssl, version 1.1.1k was found at: /usr`.
  /\bin (?<ecosystem>[\w-]{1,40}) package: (?<name>[^\s,]{1,300}), version (?<version>[^\s,]{1,200})/,
  // OSV-Scanner: `Package 'lodash@4.17.20' is vulnerable to 'CVE-2021-23337'`.
  /\bPackage '(?<name>@?[^\s@']{1,300})@(?<version>[^\s']{1,200})' is vulnerable/,
];

const FIXED = /^Fixed Version: ([^\n]{1,300})$/m;

/** The package of which a message speaks, in the words of the tools that we know. */
export function packageOfMessage(message: string | undefined): PlaceDraft['package'] {
  const text = message?.slice(0, CHARS_MAX);
  if (text === undefined || !/package/i.test(text)) return undefined;
  for (const pattern of PATTERNS) {
    const { name, version, ecosystem } = pattern.exec(text)?.groups ?? {};
    if (name === undefined) continue;
    const fixed = FIXED.exec(text)?.[1];
    return { name, version, ecosystem, fixedVersions: fixed?.split(',').map((each) => each.trim()) };
  }
  return undefined;
}
