/** What a security test looks at, or what it makes so that others can check. */
export type TestKind =
  | 'SAST'
  | 'SCA'
  | 'secrets'
  | 'IaC'
  | 'container'
  | 'DAST'
  | 'licences'
  | 'pipeline'
  | 'SBOM'
  | 'signing'
  | 'provenance';

export const testKinds: readonly TestKind[] = [
  'SAST',
  'SCA',
  'secrets',
  'IaC',
  'container',
  'DAST',
  'licences',
  'pipeline',
  'SBOM',
  'signing',
  'provenance',
];

/** A tool by the names under which pipelines run it. All names in lower case. */
export interface SecurityTool {
  readonly tool: string;
  readonly kinds: readonly TestKind[];
  /** Actions, orbs, tasks, pipes, plugins, templates and images, without their versions; a folder below counts, too. */
  readonly uses?: readonly string[];
  /** How a command begins. */
  readonly commands?: readonly string[];
  /** What build tools are asked for: a goal, a task, a plug-in. */
  readonly goals?: RegExp;
  /** Other kinds, by what its options say. The first that fits decides. */
  readonly modes?: readonly (readonly [RegExp, readonly TestKind[]])[];
  /** Counts only when its options say this. */
  readonly only?: RegExp;
  /** Whether a finding ends the job as it comes. */
  readonly fails: boolean;
  /** Options that make it so, or not. */
  readonly failsWith?: RegExp;
  readonly reportsWith?: RegExp;
}

/** Options by which most tools end with 0 whatever they found. */
export const softOptions =
  /soft[-_]fail\W{1,4}(?:true|$|\s)|--soft-fail|exit[-_]zero|--no-fail|-no-fail|--exit-code[= ]0\b|fail[-_]?on\W{1,4}(?:none|never)/i;
