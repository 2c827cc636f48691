import type { ExploitComplexity } from '#findings/attack.ts';
import type { Confidence, Severity } from '#findings/severity.ts';
import type { EdgeKind, NodeKind } from '#scan/graph/graph.ts';

/** Where something stands in a file of the repository; lines and columns from 1. */
export interface Place {
  readonly file: string;
  readonly line: number;
  readonly column: number;
  readonly endLine: number;
  readonly endColumn: number;
}

export type SeverityCounts = Readonly<Record<Severity, number>>;

export interface PipelineTrigger {
  /** The platform's own word: `pull_request_target`. */
  readonly event: string;
  /** Who can make it happen. */
  readonly firedBy: string;
  /** True when somebody outside of the project can. */
  readonly outsiders: boolean;
  /** What a run started so may do: everything, or only read when the code comes from a fork. */
  readonly authority: string;
  readonly filters: Readonly<Record<string, readonly string[]>>;
}

export interface PipelinePermissions {
  /** `default`: the platform's setting, which no file shows. */
  readonly from: 'job' | 'pipeline' | 'default';
  /** `contents: write`; `*: write` for all. */
  readonly scopes: readonly string[];
}

export interface PipelineJob {
  readonly id: string;
  readonly name: string | undefined;
  readonly line: number;
  readonly needs: readonly string[];
  readonly runner: string | undefined;
  readonly hosting: 'hosted' | 'self-hosted' | 'unknown' | undefined;
  readonly environment: string | undefined;
  readonly permissions: PipelinePermissions;
  readonly steps: number;
  /** The pipeline that this job calls, as written. */
  readonly calls: string | undefined;
  readonly condition: string | undefined;
}

/** A change that mends a finding, as `git apply` takes it. */
export interface FixPatch {
  readonly title: string;
  readonly safety: 'safe' | 'unsafe';
  /** Undefined where a secret stands beside the change: it would be copied along. */
  readonly patch: string | undefined;
}

export interface Station {
  readonly label: string;
  readonly place: Place;
  readonly excerpt: readonly string[];
  readonly excerptLine: number;
}

export interface PipelineFinding {
  readonly fingerprint: string;
  readonly ruleId: string;
  readonly severity: Severity;
  readonly confidence: Confidence;
  readonly message: string;
  readonly explanation: string;
  readonly remedy: string;
  readonly place: Place;
  readonly otherPlaces: readonly Station[];
  readonly fixes: readonly FixPatch[];
  /** Set when it is a step of an attack: the id of its path. */
  readonly attackPath: string | undefined;
  /** Why it stands: somebody of the project accepted it. */
  readonly accepted: string | undefined;
}

/** Something to change that ends an attack. */
export interface AttackChange {
  readonly kind: 'mend' | 'trigger' | 'authority';
  readonly what: string;
  readonly file: string;
  readonly line: number;
  /** Relative to the others: 1 is a fix that is made by itself. */
  readonly cost: number;
  /** How many attacks of the repository this change alone ends. */
  readonly closes: number;
  readonly fix: FixPatch | undefined;
}

/** A way from somebody outside to something of the project. */
export interface AttackPath {
  /** The fingerprint of its finding. */
  readonly id: string;
  readonly ruleId: string;
  readonly severity: Severity;
  readonly title: string;
  readonly explanation: string;
  /** The definition in which it begins. */
  readonly pipeline: string;
  /** Every definition that it leads through. */
  readonly pipelines: readonly string[];
  readonly place: Place;
  /** Who starts it, in words: `anyone opens a pull request`. */
  readonly startedBy: string;
  readonly complexity: ExploitComplexity;
  readonly needs: string;
  readonly reaches: readonly string[];
  readonly stations: readonly Station[];
  /** The cheapest first. */
  readonly changes: readonly AttackChange[];
}

/** How a stored credential leaves the pipeline. */
export interface FederationWay {
  readonly patch: string | undefined;
  /** Why there is no patch. */
  readonly reason: string | undefined;
  /** What the other side has to be told: Terraform, a resource and a policy of Vouchgate. */
  readonly files: readonly { readonly file: string; readonly text: string }[];
}

/** A value out of a store that a job uses, and what can take its place. */
export interface StaticCredential {
  readonly id: string;
  readonly pipeline: string;
  readonly line: number;
  readonly job: string;
  readonly kind: string;
  readonly kindName: string;
  /** Names of the stored values, never what is in them. */
  readonly secrets: readonly string[];
  /** What the other side would be called: `aws-production`. */
  readonly name: string;
  /** What the job's own token would have to say. */
  readonly boundTo: string;
  readonly warnings: readonly string[];
  /** Straight to the other side. */
  readonly direct: FederationWay;
  /** Through this server. */
  readonly brokered: FederationWay;
}

export interface ThirdParty {
  readonly kind: string;
  readonly name: string;
  readonly owner: string;
  readonly versions: readonly { readonly version: string | undefined; readonly pin: string }[];
  readonly uses: number;
  /** `file:line`, at most a few. */
  readonly places: readonly string[];
  readonly credentials: readonly string[];
  readonly writes: readonly string[];
  /** What is known against it. */
  readonly marks: readonly string[];
  readonly risk: number;
}

export interface SecurityTestRun {
  readonly tool: string;
  readonly kinds: readonly string[];
  readonly pipeline: string;
  readonly job: string;
  readonly place: string;
  readonly moments: readonly string[];
  /** A finding ends the job. */
  readonly stops: boolean;
  readonly ignoredBecause: string | undefined;
  readonly guardsRelease: boolean;
}

export interface Coverage {
  readonly tests: readonly SecurityTestRun[];
  readonly gaps: readonly { readonly kind: string; readonly what: string; readonly change: string }[];
  readonly releases: readonly { readonly job: string; readonly what: string; readonly guarded: boolean }[];
}

export interface AuthorityNode {
  readonly id: string;
  readonly kind: NodeKind;
  readonly label: string;
  readonly trust: 'outsider' | 'third-party' | 'project';
  readonly attacked: Severity | undefined;
  readonly detail: string | undefined;
  readonly file: string | undefined;
  readonly line: number | undefined;
}

export interface AuthorityEdge {
  readonly from: string;
  readonly to: string;
  readonly kind: EdgeKind;
  /** A sentence: why the one leads to the other. */
  readonly reason: string;
  readonly file: string | undefined;
  readonly line: number | undefined;
}

export interface Authority {
  readonly nodes: readonly AuthorityNode[];
  readonly edges: readonly AuthorityEdge[];
  /** How much had no room. */
  readonly left: number;
}

export interface InspectedPipeline {
  readonly file: string;
  readonly name: string;
  readonly platform: string;
  readonly kind: 'workflow' | 'action' | 'template';
  readonly triggers: readonly PipelineTrigger[];
  readonly permissions: PipelinePermissions;
  readonly jobs: readonly PipelineJob[];
  readonly findings: readonly PipelineFinding[];
  /** Names of stored values that the definition reads, in its order. */
  readonly storedSecrets: readonly { readonly name: string; readonly job: string; readonly line: number }[];
  readonly authority: Authority;
}

/** A file as people are shown it: what looks like a secret is masked. */
export interface SourceFile {
  readonly file: string;
  readonly text: string;
  /** True when it was longer than what is kept. */
  readonly cut: boolean;
}

/** Everything that one look at the definitions of a repository found. Plain data: it crosses threads. */
export interface InspectedRepository {
  /** Of all its files that stand, those that are no pipelines included. */
  readonly findings: SeverityCounts;
  readonly pipelines: readonly InspectedPipeline[];
  readonly attackPaths: readonly AttackPath[];
  readonly credentials: readonly StaticCredential[];
  readonly thirdParties: readonly ThirdParty[];
  readonly coverage: Coverage;
  readonly files: readonly SourceFile[];
  /** What could not be read, in sentences. */
  readonly problems: readonly string[];
}
