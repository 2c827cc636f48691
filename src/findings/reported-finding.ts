import type { Confidence, Severity } from './severity.ts';

/** What a finding is about; decides which other findings can mean the same. */
export const findingKinds = [
  'pipeline',
  'code',
  'infrastructure',
  'secret',
  'dependency',
  'container',
  'web',
  'licence',
  'quality',
] as const;
export type FindingKind = (typeof findingKinds)[number];

/** A part that somebody else made: a package of a registry or of an operating system. */
export interface PackageReference {
  readonly name: string;
  /** As the tool wrote it; absent when it did not. */
  readonly version?: string;
  /** Package URL (ECMA-427), with its version where the tool gave one. */
  readonly purl?: string;
  /** `npm`, `pypi`, `maven`, `deb`… (types of package URLs). */
  readonly ecosystem?: string;
  /** Versions in which it is mended, smallest first as far as the tool says. */
  readonly fixedVersions?: readonly string[];
  /** How it came in, from the top: `shop@1.0.0`, `express@4.17.1`. */
  readonly dependencyPath?: readonly string[];
}

/** Where it is. Every tool fills what it knows; nothing is invented. */
export interface ReportedPlace {
  /** With `/`, relative to the root of the repository where the tool allows it; absolute names are kept as written. */
  readonly file?: string;
  /** From 1. */
  readonly line?: number;
  /** From 1. */
  readonly column?: number;
  /** From 1, inclusive. */
  readonly endLine?: number;
  /** From 1, exclusive. */
  readonly endColumn?: number;
  /** Function, class or method. */
  readonly symbol?: string;
  /** Address in a template or cloud account: `aws_s3_bucket.logs`, `Deployment/shop`, an ARN. */
  readonly resource?: string;
  readonly url?: string;
  /** HTTP method. */
  readonly method?: string;
  /** Request parameter, header or cookie. */
  readonly parameter?: string;
  readonly host?: string;
  /** Container image with tag or digest. */
  readonly image?: string;
  readonly package?: PackageReference;
  /** Commit in which it was found, for tools that read history. */
  readonly commit?: string;
}

/** What the tool, or a person in it, decided already. */
export interface ReportedDecision {
  readonly state: 'accepted' | 'false-positive' | 'not-affected' | 'fixed';
  readonly reason?: string;
  readonly by?: string;
}

/**
 * One finding as a tool reports it, in one shape for all tools. Texts are plain or Markdown, never HTML, and bounded
 * (`limits` in `importer.ts`). No field holds a secret: importers drop or mask what a secret scanner found.
 */
export interface ReportedFinding {
  /** Id of the tool family, the same for every format of one tool: `checkov`, `snyk`, `vouchgate`. */
  readonly tool: string;
  /** The tool's own id of the rule, check or advisory: `CKV_AWS_20`, `CVE-2021-44228`. */
  readonly ruleId: string;
  readonly kind: FindingKind;
  /** One line. */
  readonly title: string;
  /** What is wrong, and why it matters. Empty when the tool says no more than the title. */
  readonly description: string;
  readonly severity: Severity;
  /** As the tool wrote it, when it is more than our five words say. */
  readonly severityText?: string;
  readonly confidence?: Confidence;
  /** CVSS base score, 0–10, with its vector. */
  readonly cvss?: { readonly score: number; readonly vector?: string };
  /** Probability of exploitation within 30 days, 0–1 (FIRST EPSS). */
  readonly epss?: number;
  /** Listed as exploited (CISA KEV), or the tool knows an exploit. */
  readonly exploited?: boolean;
  /** A secret that was tried and works; a web flaw that was confirmed. */
  readonly verified?: boolean;
  /** Numbers of CWE. */
  readonly cwe: readonly number[];
  /** Other names of the same flaw: CVE, GHSA, OSV, rule ids of other tools. */
  readonly aliases: readonly string[];
  readonly place: ReportedPlace;
  /** Other places of the same finding: a data flow, instances of a web alert. */
  readonly otherPlaces: readonly ReportedPlace[];
  /** The text of the place, where the tool shows it; never that of a secret. */
  readonly snippet?: string;
  readonly remedy?: string;
  readonly references: readonly string[];
  /** An id which the tool itself keeps stable over runs. Ids that are new in every run do not belong here. */
  readonly toolFingerprint?: string;
  readonly decision?: ReportedDecision;
  /** When the tool first saw it (ms since the epoch). */
  readonly foundAtMs?: number;
  /** What else the tool says and people filter by, as text: `category`, `layer`, `owner`. */
  readonly attributes: Readonly<Record<string, string>>;
}
