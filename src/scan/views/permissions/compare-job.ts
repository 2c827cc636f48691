import type { Access, Job } from '#pipeline/model.ts';
import { effectivePermissions } from '#pipeline/permissions.ts';
import type { Repository } from '#pipeline/repository.ts';
import { inferPermissions } from '../../shared/permission-inference/infer.ts';
import type { Need } from '../../shared/permission-inference/need.ts';

/** A scope that a job uses, and where. */
export interface UsedScope {
  readonly scope: string;
  readonly access: Access;
  /** `gh release create at .github/workflows/a.yml:12`; the first of each kind. */
  readonly evidence: readonly string[];
}

/** What the token of a job may do, and what it is used for. */
export interface JobPermissions {
  readonly job: string;
  readonly place: string;
  /** `default` stands for the setting of the repository, which no file shows. */
  readonly saidBy: 'job' | 'pipeline' | 'default';
  /** As declared: `write-all`, `read-all`, `{}` or the scopes. */
  readonly has: string;
  readonly uses: readonly UsedScope[];
  /** What nobody knows, in words; while there is any, `uses` is only the least. */
  readonly unknown: readonly string[];
  /** Scopes that it may write and is not seen to. */
  readonly tooMuch: readonly string[];
  /** Scopes that it writes with and that its block does not give. */
  readonly missing: readonly string[];
  /** The block to write. */
  readonly proposal: string;
}

const EVIDENCE_MAX = 3;
const NAME_MAX = 80;

function describeDeclared(job: Job): string {
  const { declared } = effectivePermissions(job);
  if (declared === undefined) return 'default';
  if (declared.all !== undefined) return declared.all === 'none' ? '{}' : `${declared.all}-all`;
  return declared.scopes.map(({ name, access }) => `${name}: ${access}`).join(', ') || '{}';
}

function describeEvidence(needs: readonly Need[], prefix: string): string[] {
  const places = needs.map(
    ({ by, at, source }) => `${by} at ${prefix}${source.file}:${source.position(at.start).line}`,
  );
  return [...new Set(places)].slice(0, EVIDENCE_MAX);
}

function proposalOf(uses: readonly UsedScope[]): string {
  if (uses.length === 0) return 'permissions: {}\n';
  return `permissions:\n${uses.map(({ scope, access }) => `  ${scope}: ${access}\n`).join('')}`;
}

/** Whether giving one access is enough for another. */
function covers(has: Access | 'unknown', uses: Access): boolean {
  return has === 'unknown' || has === uses || has === 'write' || uses === 'none';
}

function tooMuchOf(job: Job, uses: ReadonlyMap<string, Access>, program: string | undefined): string[] {
  const { declared } = effectivePermissions(job);
  if (declared === undefined) return [];
  if (declared.all === 'write') return ['everything'];
  return (
    declared.scopes
      // Any program can ask for the identity of its job.
      .filter(({ name }) => name !== 'id-token' || program === undefined)
      .filter(({ name, access }) => access === 'write' && uses.get(name) !== 'write')
      .map(({ name }) => `${name}: write`)
  );
}

export function compareJob(job: Job, repository: Repository, prefix: string): JobPermissions {
  const { needs, program, scopes, unknown } = inferPermissions(job, repository);
  const has = effectivePermissions(job);
  const uses = [...scopes].map(([scope, access]): UsedScope => {
    const own = needs.filter((need) => need.scope === scope && need.access === access);
    return { scope, access, evidence: describeEvidence(own, prefix) };
  });
  const { source, file } = job.pipeline;
  return {
    job: job.id.slice(0, NAME_MAX),
    place: `${prefix}${file}:${source.position(job.key.start).line}`,
    saidBy: has.from,
    has: describeDeclared(job),
    uses,
    unknown: [...new Set(unknown.map(({ what }) => what))],
    tooMuch: tooMuchOf(job, scopes, program),
    // Everybody reads what is public, and no file says what is.
    missing: uses
      .filter(
        ({ scope, access }) =>
          access === 'write' && has.from !== 'default' && !covers(has.access(scope), access),
      )
      .map(({ scope, access }) => `${scope}: ${access}`),
    proposal: proposalOf(uses),
  };
}
