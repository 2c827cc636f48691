import { z } from 'zod';
import type { WorkloadIdentity } from '#identity/workload-identity.ts';
import { CredentialError } from '../credential-error.ts';
import type { CredentialRequest } from '../provider.ts';

/** What a template may know of the request; the parameters are the provider's own affair. */
export type TemplateRequest = Pick<
  CredentialRequest<object>,
  'leaseId' | 'decisionId' | 'identity' | 'principalId' | 'resource' | 'issuedAtMs' | 'ttlSeconds'
>;

type Field = (request: TemplateRequest) => string | undefined;

const ofIdentity =
  (read: (identity: WorkloadIdentity) => string | undefined): Field =>
  ({ identity }) =>
    read(identity);

/**
 * An allow-list, so that a template can be judged without knowing the platform: raw claims are left out, as their
 * meaning and their trust differ from platform to platform.
 */
const FIELDS: ReadonlyMap<string, Field> = new Map([
  ['provider', ofIdentity((identity) => identity.provider)],
  ['platform', ofIdentity((identity) => identity.platform)],
  ['org.id', ofIdentity((identity) => identity.org?.id)],
  ['org.name', ofIdentity((identity) => identity.org?.name)],
  ['project.id', ofIdentity((identity) => identity.project?.id)],
  ['project.path', ofIdentity((identity) => identity.project?.path)],
  ['ref.full', ofIdentity((identity) => identity.ref?.full)],
  ['ref.type', ofIdentity((identity) => identity.ref?.type)],
  ['commit', ofIdentity((identity) => identity.commit)],
  ['trigger', ofIdentity((identity) => identity.trigger)],
  ['environment.name', ofIdentity((identity) => identity.environment?.name)],
  ['config.uri', ofIdentity((identity) => identity.config?.uri)],
  ['runner.hosting', ofIdentity((identity) => identity.runner?.hosting)],
  ['run.id', ofIdentity((identity) => identity.run?.id)],
  ['run.attempt', ofIdentity((identity) => identity.run?.attempt)],
  ['run.job', ofIdentity((identity) => identity.run?.job)],
  ['actor.id', ofIdentity((identity) => identity.actor?.id)],
  ['actor.login', ofIdentity((identity) => identity.actor?.login)],
  ['principal', ({ principalId }) => principalId],
  ['resource', ({ resource }) => resource],
  ['decision', ({ decisionId }) => decisionId],
]);

/** The names that may stand in `${…}`, for the reference page. */
export const templateFieldNames: readonly string[] = [...FIELDS.keys()];

const TEMPLATE_CHARS_MAX = 512;
const PLACEHOLDER = /\$\{([^${}]*)\}/g;

interface Part {
  /** Fixed text that stands before the field. */
  before: string;
  name: string;
  read: Field;
}

export interface Template {
  source: string;
  /** True when it is one field and nothing else. */
  single: boolean;
  /**
   * @param encode what each value goes through; the fixed text of the template does not.
   * @throws {CredentialError} `credential_value_missing` when the workload does not have a field, or it is empty.
   */
  render(request: TemplateRequest, encode: (value: string) => string): string;
}

type Parsed = { parts: Part[]; after: string } | { problem: string };

function parse(source: string): Parsed {
  const parts: Part[] = [];
  let end = 0;
  for (const match of source.matchAll(PLACEHOLDER)) {
    const name = match[1] ?? '';
    const read = FIELDS.get(name);
    if (read === undefined) {
      return { problem: `\${${name}} is not a field; known are ${templateFieldNames.join(', ')}.` };
    }
    parts.push({ before: source.slice(end, match.index), name, read });
    end = match.index + match[0].length;
  }
  const after = source.slice(end);
  const fixed = parts.map(({ before }) => before).join('') + after;
  if (fixed.includes('${')) return { problem: 'A `${` is not closed by `}`.' };
  return { parts, after };
}

function missing(source: string, name: string): CredentialError {
  return new CredentialError(
    'credential_value_missing',
    `The template "${source}" needs ${name}, which the token of this workload does not state.`,
    {
      remedy: `Let the policy of this resource demand it (\`principal has ${name}\`), or take it out of the template.`,
    },
  );
}

/** @throws {TypeError} when the text is not a {@link TemplateText}, which a schema has refused before. */
export function compileTemplate(source: string): Template {
  const parsed = parse(source);
  if ('problem' in parsed) throw new TypeError(parsed.problem);
  const { parts, after } = parsed;
  return {
    source,
    single: parts.length === 1 && parts[0]?.before === '' && after === '',
    render(request, encode) {
      let text = '';
      for (const { before, name, read } of parts) {
        const value = read(request);
        // An empty value would let two different workloads share one text.
        if (value === undefined || value === '') throw missing(source, name);
        text += before + encode(value);
      }
      return text + after;
    },
  };
}

/** Text with `${project.id}` and the like in it. */
export const TemplateText = z
  .string()
  .min(1)
  .max(TEMPLATE_CHARS_MAX)
  .regex(/^[\x20-\x7e]+$/, 'Only printable ASCII characters.')
  .superRefine((source, context) => {
    const parsed = parse(source);
    if ('problem' in parsed) context.addIssue({ code: 'custom', message: parsed.problem });
  });
export type TemplateText = z.infer<typeof TemplateText>;
