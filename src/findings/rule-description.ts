import type { RiskArea } from './risk-area.ts';
import type { Confidence, Persona, Severity } from './severity.ts';

export interface Standards {
  /** OWASP Top 10 CI/CD Security Risks: `CICD-SEC-4`. */
  readonly cicdSec: readonly `CICD-SEC-${number}`[];
  /** `CWE-94`. */
  readonly cwe: readonly `CWE-${number}`[];
  /** Recommendations of the CIS Software Supply Chain Security Guide: `2.3.4`. */
  readonly cis: readonly string[];
}

/** An attack in which the thing that the rule looks for was used. */
export interface Incident {
  readonly name: string;
  readonly date: string;
  readonly what: string;
}

/** A rule as reports, pages and other tools know it. */
export interface RuleDescription {
  /** Folder, key in the configuration, name in comments, SARIF id. */
  readonly id: string;
  /** What is wrong, in a few words without a full stop. */
  readonly title: string;
  readonly severity: Severity;
  readonly confidence: Confidence;
  readonly persona: Persona;
  readonly standards: Standards;
  /** Where its standards would put it in another part of the overview; see `risk-area.ts`. */
  readonly area?: RiskArea;
  /** What the rule looks for. */
  readonly description: string;
  /** What an attacker does with it. */
  readonly why: string;
  /** What to do instead. */
  readonly remedy: string;
  readonly references: readonly string[];
  readonly incident?: Incident;
  /** Names of the same thing elsewhere, which our comments and configuration understand: `zizmor/artipacked`. */
  readonly aliases: readonly string[];
}
