import type { Access, Job, Permissions, Pipeline } from '#pipeline/model.ts';
import type { Repository } from '#pipeline/repository.ts';
import { findEntry } from '#pipeline/yaml/access.ts';
import type { EditDraft, FixDraft } from '../../rule.ts';
import { inferPermissions } from '../../shared/permission-inference/infer.ts';

type Scopes = ReadonlyMap<string, Access>;

/** What a job is to be given; `certain` when everything in it is known. */
interface Grant {
  readonly job: Job;
  readonly scopes: Scopes;
  readonly certain: boolean;
  readonly doubt: string | undefined;
  /** What third parties need is known from their documentation, which may have changed since. */
  readonly thirdParty: string | undefined;
}

const DOUBTS_SHOWN_MAX = 2;

/** Not more than the workflow gave before: what was missing there was not used. */
function within(scopes: Scopes, declared: Permissions | undefined): Scopes {
  if (declared === undefined || declared.all !== undefined) return scopes;
  const limits = new Map(declared.scopes.map(({ name, access }) => [name, access]));
  const kept = [...scopes].flatMap(([name, access]): [string, Access][] => {
    const limit = limits.get(name) ?? 'none';
    return limit === 'none' ? [] : [[name, limit === 'read' ? 'read' : access]];
  });
  return new Map(kept);
}

function mayAskForIdentity(declared: Permissions | undefined): boolean {
  if (declared === undefined) return false;
  const named = declared.scopes.find(({ name }) => name === 'id-token');
  return declared.all === 'write' || named?.access === 'write';
}

const OFFICIAL = new Set(['actions', 'github']);

function findThirdParty({ steps, call }: Job): string | undefined {
  if (call !== undefined) return call.text.value;
  const uses = steps.flatMap(({ work }) => (work.kind === 'action' ? [work.reference] : []));
  return uses.find(({ kind, owner }) => kind !== 'local' && !OFFICIAL.has(owner))?.repository;
}

function grantOf(job: Job, repository: Repository, declared: Permissions | undefined): Grant {
  const { scopes, unknown, program } = inferPermissions(job, repository);
  // Any program can ask for the identity of its job, without being handed anything.
  const identity = program !== undefined && !scopes.has('id-token') && mayAskForIdentity(declared);
  const doubt = unknown[0]?.what ?? (identity ? `\`${program}\` may ask for an identity` : undefined);
  const thirdParty = findThirdParty(job);
  if (doubt === undefined) return { job, scopes: within(scopes, declared), certain: true, doubt, thirdParty };
  // What nobody knows keeps the scopes that it had, when they were spelled out.
  const spelled = declared !== undefined && declared.all === undefined;
  const kept = new Map(declared?.scopes.map(({ name, access }) => [name, access] as const));
  return { job, scopes: spelled ? kept : scopes, certain: spelled, doubt, thirdParty: undefined };
}

function lineBreak({ source }: Pipeline): string {
  return source.text.includes('\r\n') ? '\r\n' : '\n';
}

/** The value of `permissions:` at a column (from 0), as it is written behind the colon. */
function blockOf(scopes: Scopes, indent: string, newline: string): string {
  if (scopes.size === 0) return ' {}';
  return [...scopes].map(([name, access]) => `${newline}${indent}  ${name}: ${access}`).join('');
}

/** In front of `runs-on:`, in the style that is there; undefined where that cannot be told. */
function insertIntoJob({ job, scopes }: Grant): EditDraft | undefined {
  const { source } = job.pipeline;
  const entry = findEntry(job.node, 'runs-on') ?? findEntry(job.node, 'uses') ?? job.node.entries[0];
  if (entry === undefined || job.node.flow || entry.key.kind !== 'scalar') return undefined;
  const indent = ' '.repeat(source.position(entry.key.start).column - 1);
  const newline = lineBreak(job.pipeline);
  const replacement = `permissions:${blockOf(scopes, indent, newline)}${newline}${indent}`;
  return { start: entry.key.start, end: entry.key.start, replacement };
}

function replaceBlock(permissions: Permissions, scopes: Scopes, pipeline: Pipeline): EditDraft | undefined {
  const { node } = permissions;
  const { source } = pipeline;
  if (node.kind === 'alias') return undefined;
  const colon = source.text.lastIndexOf('permissions', node.start);
  const between = colon === -1 ? '' : source.text.slice(colon, node.start);
  // Only `permissions:` and blanks in between: no comment, anchor or tag would be lost.
  if (!/^permissions["']?[ \t]{0,9}:\s{0,200}$/.test(between)) return undefined;
  const indent = ' '.repeat(source.position(colon).column - 1);
  const start = colon + between.indexOf(':') + 1;
  return { start, end: node.end, replacement: blockOf(scopes, indent, lineBreak(pipeline)) };
}

function isAtMostReading(scopes: Scopes): boolean {
  return [...scopes].every(([name, access]) => name === 'contents' && access === 'read');
}

/** At the top of the workflow, when all jobs only read. */
function insertIntoWorkflow(pipeline: Pipeline, scopes: Scopes): EditDraft | undefined {
  const entry = findEntry(pipeline.node, 'jobs');
  if (entry === undefined || pipeline.node.flow) return undefined;
  const { start } = entry.key;
  if (pipeline.source.position(start).column !== 1) return undefined;
  const newline = lineBreak(pipeline);
  return {
    start,
    end: start,
    replacement: `permissions:${blockOf(scopes, '', newline)}${newline}${newline}`,
  };
}

function draft(
  title: string,
  grants: readonly Grant[],
  edits: readonly (EditDraft | undefined)[],
): FixDraft | undefined {
  const known = edits.filter((edit) => edit !== undefined);
  if (known.length !== edits.length || known.length === 0) return undefined;
  const doubts = grants.filter(({ certain }) => !certain).map(({ doubt }) => doubt ?? '');
  const other = grants.find(({ thirdParty }) => thirdParty !== undefined)?.thirdParty;
  if (doubts.length === 0) {
    return other === undefined
      ? { title, safety: 'safe', edits: known }
      : {
          title: `${title} (look at what \`${other.slice(0, 60)}\` asks for)`,
          safety: 'unsafe',
          edits: known,
        };
  }
  const shown = [...new Set(doubts)].slice(0, DOUBTS_SHOWN_MAX).join(', ');
  return { title: `${title}, as far as it is known (${shown})`, safety: 'unsafe', edits: known };
}

/** A mapping that two jobs share by an anchor cannot be mended for one of them. */
function sharesNode(jobs: readonly Job[]): boolean {
  return new Set(jobs.map(({ node }) => node)).size !== jobs.length;
}

/** Takes the shared permissions of a workflow away, and gives each job what it uses. */
export function narrowWorkflow(pipeline: Pipeline, repository: Repository): FixDraft | undefined {
  const jobs = pipeline.jobs.filter(({ permissions }) => permissions === undefined);
  if (sharesNode(jobs)) return undefined;
  const { permissions: declared } = pipeline;
  const grants = jobs.map((job) => grantOf(job, repository, declared));
  if (grants.every(({ scopes }) => isAtMostReading(scopes))) {
    const all = new Map(grants.flatMap(({ scopes }) => [...scopes]));
    const edit =
      declared === undefined ? insertIntoWorkflow(pipeline, all) : replaceBlock(declared, all, pipeline);
    return draft(
      `allow the jobs to ${all.size === 0 ? 'do nothing with the token' : 'read the code only'}`,
      grants,
      [edit],
    );
  }
  const cleared = declared === undefined ? [] : [replaceBlock(declared, new Map(), pipeline)];
  return draft('give each job the scopes that it uses', grants, [...cleared, ...grants.map(insertIntoJob)]);
}

/** Writes what a job uses in place of everything. */
export function narrowJob(job: Job, repository: Repository): FixDraft | undefined {
  const { permissions } = job;
  if (permissions === undefined) return undefined;
  const grant = grantOf(job, repository, permissions);
  return draft(
    `give the job ${job.id} the scopes that it uses`,
    [grant],
    [replaceBlock(permissions, grant.scopes, job.pipeline)],
  );
}
