import type { RepositoryScope } from '#core/repository-scope.ts';
import type { Severity } from '#findings/severity.ts';
import type {
  AttackPath,
  Authority,
  Coverage,
  InspectedPipeline,
  SeverityCounts,
  SourceFile,
  StaticCredential,
  ThirdParty,
} from './inspected-repository.ts';

/** Which look at which commit. */
export interface InspectionPoint {
  /** `ins_…`; later ones sort behind earlier ones. */
  readonly id: string;
  readonly repository: string;
  /** Without `refs/heads/`. */
  readonly branch: string | undefined;
  readonly commit: string;
  readonly atMs: number;
  /** A person's subject. */
  readonly by: string;
}

export interface Figures {
  readonly pipelines: number;
  readonly findings: SeverityCounts;
  readonly attackPaths: number;
  readonly staticCredentials: number;
}

export interface RepositorySummary extends InspectionPoint, Figures {
  readonly platforms: readonly string[];
  /** Undefined when nothing was found. */
  readonly worst: Severity | undefined;
}

export interface RepositoryDetail extends RepositorySummary {
  readonly coverage: Coverage;
  /** The riskiest first. */
  readonly thirdParties: readonly ThirdParty[];
  readonly problems: readonly string[];
}

export interface PipelineSummary {
  readonly repository: string;
  readonly file: string;
  readonly name: string;
  readonly platform: string;
  readonly kind: InspectedPipeline['kind'];
  readonly events: readonly string[];
  /** Somebody outside of the project can start it with everything that it may. */
  readonly outsiders: boolean;
  readonly jobs: number;
  readonly findings: SeverityCounts;
  readonly worst: Severity | undefined;
  readonly attackPaths: number;
  readonly staticCredentials: number;
  readonly inspectedAtMs: number;
}

export type PipelineDetail = Omit<InspectedPipeline, 'authority'> & {
  readonly point: InspectionPoint;
  readonly attackPaths: readonly AttackPath[];
  readonly credentials: readonly StaticCredential[];
};

export interface InventoryFilter {
  readonly scope: RepositoryScope;
  readonly repository?: string;
  /** A part of the name, whatever its case. */
  readonly search?: string;
  readonly platforms?: readonly string[];
  /** The worst finding is one of these. */
  readonly severities?: readonly Severity[];
}

export interface PipelineFilter extends InventoryFilter {
  /** Only what somebody outside can start with everything that it may. */
  readonly outsiders?: true;
  /** Only what an attack leads through. */
  readonly attacked?: true;
}

/** A place in a list: higher ranks come first, then names in their order. */
export interface ListPosition {
  readonly rank: number;
  readonly repository: string;
  /** File or id; empty in a list of repositories. */
  readonly item: string;
}

export interface PageRequest {
  /** `next` of the page before. */
  readonly after?: ListPosition;
  readonly limit: number;
}

export interface Page<Row> {
  readonly rows: readonly Row[];
  readonly next: ListPosition | undefined;
}

export type RepositoryAttack = AttackPath & { readonly repository: string };
export type RepositoryCredential = StaticCredential & { readonly repository: string };

/** What stood at the end of a day, over all repositories in scope. */
export interface DayFigures extends Figures {
  /** `YYYY-MM-DD`, in UTC. */
  readonly day: string;
  readonly repositories: number;
}

export interface InventoryTotals extends Figures {
  readonly repositories: number;
  /** Pipelines that somebody outside can start with everything that they may. */
  readonly openPipelines: number;
  readonly attackedPipelines: number;
  /** Stored credentials with a patch that takes their place. */
  readonly replaceableCredentials: number;
}

/** What an inspection comes to, as it is kept. Higher ranks stand first in lists. */
export interface InventoryRecord {
  readonly repository: RepositorySummary;
  readonly rank: number;
  readonly openPipelines: number;
  readonly attackedPipelines: number;
  readonly replaceableCredentials: number;
  readonly pipelines: readonly {
    readonly rank: number;
    readonly summary: PipelineSummary;
    readonly inspected: InspectedPipeline;
  }[];
  readonly attackPaths: readonly {
    readonly rank: number;
    readonly platform: string;
    readonly attack: AttackPath;
  }[];
  readonly credentials: readonly { readonly platform: string; readonly credential: StaticCredential }[];
  readonly coverage: Coverage;
  readonly thirdParties: readonly ThirdParty[];
  readonly problems: readonly string[];
  readonly files: readonly SourceFile[];
}

/**
 * The newest inspection of each repository's default branch. Every question names the scope of whoever asks, and what
 * is out of it is unknown.
 */
export interface InventoryStore {
  /** Durable when it resolves. False, and nothing is changed, when a newer one is there. */
  save(record: InventoryRecord): Promise<boolean>;
  /** The worst first, then by name. */
  repositories(filter: InventoryFilter, page: PageRequest): Promise<Page<RepositorySummary>>;
  repository(name: string): Promise<RepositoryDetail | undefined>;
  /** The worst first, then by repository and file. */
  pipelines(filter: PipelineFilter, page: PageRequest): Promise<Page<PipelineSummary>>;
  pipeline(repository: string, file: string): Promise<PipelineDetail | undefined>;
  authority(repository: string, file: string): Promise<Authority | undefined>;
  source(repository: string, file: string): Promise<SourceFile | undefined>;
  /** Those that an attacker would take first: the worst, then the easiest. */
  attackPaths(filter: InventoryFilter, page: PageRequest): Promise<Page<RepositoryAttack>>;
  attackPath(repository: string, id: string): Promise<RepositoryAttack | undefined>;
  /** By repository; `kinds` are ids such as `aws`. */
  credentials(
    filter: InventoryFilter & { readonly kinds?: readonly string[] },
    page: PageRequest,
  ): Promise<Page<RepositoryCredential>>;
  credential(repository: string, id: string): Promise<RepositoryCredential | undefined>;
  totals(scope: RepositoryScope): Promise<InventoryTotals>;
  /** One entry for each day from `fromMs` to `toMs`, at most 366; days without an inspection repeat what stood before. */
  days(scope: RepositoryScope, fromMs: number, toMs: number): Promise<readonly DayFigures[]>;
  /** Removes what inspections left behind that others have replaced; gives how many rows that was. */
  purge(): Promise<number>;
}
