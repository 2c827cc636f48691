import { encodeForSubject, shorten } from './encoding.ts';
import type { Template, TemplateRequest } from './template.ts';

/** Google Cloud takes no longer subject (mapped attributes); AWS and Azure take more. */
export const SUBJECT_BYTES_MAX = 127;

/**
 * `provider:github:org:123:project:456:environment:production`: ids only, as names change hands, and in one order,
 * so that trust policies can be written by prefix. A workload without a project is named by its own subject.
 */
function defaultSubject({ identity }: TemplateRequest): string {
  const { provider, org, project, environment, subject } = identity;
  let text = `provider:${encodeForSubject(provider)}`;
  if (project?.id === undefined || project.id === '') return `${text}:subject:${encodeForSubject(subject)}`;
  if (org?.id !== undefined && org.id !== '') text += `:org:${encodeForSubject(org.id)}`;
  text += `:project:${encodeForSubject(project.id)}`;
  if (environment !== undefined) text += `:environment:${encodeForSubject(environment.name)}`;
  return text;
}

/** The `sub` of a token of ours; at most {@link SUBJECT_BYTES_MAX} bytes. */
export function subjectOf(request: TemplateRequest, template: Template | undefined): string {
  const text = template === undefined ? defaultSubject(request) : template.render(request, encodeForSubject);
  return shorten(text, SUBJECT_BYTES_MAX, '~');
}
