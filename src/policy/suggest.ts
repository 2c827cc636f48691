import { describeWorkload, orgEntityId, principalIdOf, projectEntityId } from '#identity/principal.ts';
import type { WorkloadIdentity } from '#identity/workload-identity.ts';
import type { PolicyResource } from './access-request.ts';
import { commentText, quoteCedar } from './cedar-text.ts';

const ID_CHARS_MAX = 80;
export const POSTURE_CONDITION = 'context has posture && context.posture.grade == "pass"';

export interface SuggestionInput {
  identity: WorkloadIdentity;
  resource: Pick<PolicyResource, 'name' | 'privileged'>;
  /** The server inspects pipelines: a permit for something that hurts demands a good one. */
  inspected?: boolean;
}

/**
 * A permit for exactly this workload and resource, as a start to be read by a person: bound to the project's
 * id, with the ref, environment and trigger that the job has now. Names stand in comments only.
 */
export function suggestPolicy({ identity, resource, inspected = false }: SuggestionInput): string {
  const conditions = conditionsFor(identity);
  const posture = inspected && resource.privileged ? [POSTURE_CONDITION] : [];
  const all = [...conditions, ...posture];
  const clause = all.length === 0 ? '' : `\nwhen {\n  ${all.join(' &&\n  ')}\n}`;
  return [
    `// ${commentText(describeWorkload(identity))} may have ${commentText(resource.name)}.`,
    ...cautionsFor(identity, conditions).map((caution) => `// ${caution}`),
    `@id(${quoteCedar(suggestedId(identity, resource.name))})`,
    'permit (',
    `  ${principalFor(identity)},`,
    '  action == Action::"issue",',
    `  resource == Resource::${quoteCedar(resource.name)}`,
    `)${clause};`,
    '',
  ].join('\n');
}

function principalFor(identity: WorkloadIdentity): string {
  const project = projectEntityId(identity);
  if (project !== undefined) return `principal in Project::${quoteCedar(project)}`;
  const org = orgEntityId(identity);
  if (org !== undefined) return `principal in Org::${quoteCedar(org)}`;
  return `principal == Workload::${quoteCedar(principalIdOf(identity))}`;
}

function conditionsFor({ ref, environment, trigger, config, forked }: WorkloadIdentity): string[] {
  const conditions: string[] = [];
  const equals = (path: string, value: string | undefined) => {
    if (value === undefined) return;
    const guard = `principal has ${path}`;
    conditions.push(`${guard} && principal.${path} == ${quoteCedar(value)}`);
  };
  equals('ref.full', ref?.full);
  equals('environment.name', environment?.name);
  equals('trigger', trigger);
  // The definition tells jobs apart only where nothing better does: its path changes with every rename.
  if (conditions.length === 0) equals('config.uri', config?.uri);
  if (forked === false) conditions.push('principal has forked && !principal.forked');
  return conditions;
}

function cautionsFor({ forked, trigger }: WorkloadIdentity, conditions: readonly string[]): string[] {
  const cautions: string[] = [];
  if (forked === true) cautions.push('Caution: this job runs the code of a fork.');
  if (trigger?.includes('pull_request') === true || trigger?.includes('merge_request') === true) {
    cautions.push('Caution: people without write access may start such jobs.');
  }
  if (conditions.length === 0) {
    cautions.push('The platform states no ref, environment or trigger: any job of this project fits.');
  }
  return cautions;
}

/** What an @id may hold, from names that may hold anything. */
function suggestedId({ project, org, subject }: WorkloadIdentity, resource: string): string {
  const owner = project?.path ?? project?.id ?? org?.name ?? org?.id ?? subject;
  const id = `${resource}-${owner}`
    .replaceAll(/[^A-Za-z0-9]+/g, '-')
    .replaceAll(/^-+/g, '')
    .slice(0, ID_CHARS_MAX);
  return id.replace(/-+$/, '') || 'suggested';
}
