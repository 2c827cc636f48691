import type { Job } from '#pipeline/model.ts';
import { effectivePermissions } from '#pipeline/permissions.ts';
import type { GraphBuilder } from './graph.ts';
import { findSecretUses } from './secret-uses.ts';

function addSecrets(job: Job, id: string, graph: GraphBuilder): void {
  for (const { name, text } of findSecretUses(job)) {
    const label = name ?? 'every secret of the repository';
    const secret = graph.node('secret', name ?? '*', { label, trust: 'project' });
    graph.edge(id, 'holds', secret, { place: graph.place(text.source, text.node) });
  }
}

/** Without a block the repository's own setting holds, which no file shows. */
function describeToken(job: Job): string | undefined {
  const { declared } = effectivePermissions(job);
  if (declared === undefined) return 'as the repository is set';
  if (declared.all !== undefined) return declared.all === 'none' ? undefined : `${declared.all} everything`;
  const scopes = declared.scopes.filter(({ name, access }) => access !== 'none' && name !== 'id-token');
  return scopes.length === 0 ? undefined : scopes.map(({ name, access }) => `${name}: ${access}`).join(', ');
}

function addToken(job: Job, id: string, graph: GraphBuilder): void {
  const { source, file, platform } = job.pipeline;
  if (platform !== 'github') return;
  const permissions = effectivePermissions(job);
  const place = graph.place(source, permissions.declared?.node ?? job.key);
  const may = describeToken(job);
  if (may !== undefined) {
    const token = graph.node('token', may, { label: `token: ${may}`, trust: 'project' });
    graph.edge(id, 'holds', token, { place });
  }
  if (permissions.access('id-token') !== 'write') return;
  const label = 'identity token of this job';
  const identity = graph.node('identity', `${file}#${job.id}`, { label, trust: 'project', place });
  graph.edge(id, 'holds', identity, { place });
}

function addRunner({ runner }: Job, id: string, graph: GraphBuilder): void {
  if (runner === undefined) return;
  const names = [...runner.labels, ...(runner.group === undefined ? [] : [runner.group])];
  const [first] = names;
  const label = names.map(({ value }) => value).join(', ');
  const known = runner.hosting === 'unknown' ? {} : { detail: runner.hosting };
  const node = graph.node('runner', label, { label, trust: 'project', ...known });
  graph.edge(
    id,
    'runs-on',
    node,
    first === undefined ? {} : { place: graph.place(first.source, first.node) },
  );
}

/** What a job can do: its secrets, its token, who it can say that it is, and where it runs. */
export function addAuthority(job: Job, id: string, graph: GraphBuilder): void {
  addSecrets(job, id, graph);
  addToken(job, id, graph);
  addRunner(job, id, graph);
  if (job.environment === undefined) return;
  const { name } = job.environment;
  const node = graph.node('environment', name.value, { label: name.value, trust: 'project' });
  graph.edge(id, 'enters', node, { place: graph.place(name.source, name.node) });
}
