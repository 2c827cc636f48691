import { z } from 'zod';
import { CredentialError } from '../credential-error.ts';
import { encodeForAwsName, encodeForAwsTag, shorten } from './encoding.ts';
import { compileTemplate, type Template, type TemplateRequest, TemplateText } from './template.ts';

export const AWS_TAGS_CLAIM = 'https://aws.amazon.com/tags';
export const AWS_SOURCE_IDENTITY_CLAIM = 'https://aws.amazon.com/source_identity';

const TAGS_MAX = 50;
const TAG_VALUE_CHARS_MAX = 256;
const AWS_NAME_CHARS_MAX = 64;

/** `+` marks a shortened text and may not be imitated by a fixed one. */
export const AwsTemplateText = TemplateText.refine((source) => !source.includes('+'), 'No `+` in here.');

const TagKey = z
  .string()
  .regex(/^[A-Za-z0-9 _.:/=+@-]{1,128}$/, 'A tag key has 1 to 128 letters, digits, spaces or `_.:/=+-@`.')
  .refine((key) => !key.toLowerCase().startsWith('aws:'), 'Tag keys that begin with `aws:` belong to AWS.');

/**
 * What AWS takes from a token into the session it opens: CloudTrail shows it with every call, and policies can
 * ask for it. AWS reads it from the token only, never from the request.
 */
export const AwsSession = z
  .strictObject({
    sessionTags: z
      .record(TagKey, AwsTemplateText)
      .refine((tags) => Object.keys(tags).length <= TAGS_MAX, `At most ${TAGS_MAX} tags.`)
      .optional(),
    /** Tags that stay when the session assumes a further role. */
    transitiveTagKeys: z.array(TagKey).max(TAGS_MAX).optional(),
    sourceIdentity: AwsTemplateText.optional(),
  })
  .superRefine(({ sessionTags = {}, transitiveTagKeys = [] }, context) => {
    const lowerCase = Object.keys(sessionTags).map((key) => key.toLowerCase());
    if (new Set(lowerCase).size < lowerCase.length) {
      context.addIssue({
        code: 'custom',
        message: 'Two tag keys differ in case only: AWS takes them for one.',
      });
    }
    for (const key of transitiveTagKeys) {
      if (!Object.hasOwn(sessionTags, key)) {
        context.addIssue({
          code: 'custom',
          message: `The transitive tag "${key}" is not among sessionTags.`,
        });
      }
    }
  });
export type AwsSession = z.infer<typeof AwsSession>;

function refuse(template: Template, rule: string): never {
  throw new CredentialError(
    'backend_misconfigured',
    `The template "${template.source}" gives a text that AWS does not take: ${rule}.`,
    { remedy: 'Change the fixed text of the template.' },
  );
}

/** A session name or a source identity. */
export function renderAwsName(template: Template, request: TemplateRequest): string {
  const name = shorten(template.render(request, encodeForAwsName), AWS_NAME_CHARS_MAX, '+');
  if (!/^[\w+=,.@-]{2,64}$/.test(name)) refuse(template, '2 to 64 letters, digits or `_+=,.@-`');
  return name;
}

function renderTag(template: Template, request: TemplateRequest): string {
  const value = shorten(template.render(request, encodeForAwsTag), TAG_VALUE_CHARS_MAX, '+');
  if (!/^[\w .:/=+@-]*$/.test(value)) refuse(template, 'letters, digits, spaces or `_.:/=+-@`');
  return value;
}

/** Prepares the templates once; what comes back makes the claims of one token. */
export function compileAwsSession(
  session: AwsSession,
): (request: TemplateRequest) => Record<string, unknown> {
  const tags = Object.entries(session.sessionTags ?? {}).map(
    ([key, source]) => [key, compileTemplate(source)] as const,
  );
  const sourceIdentity =
    session.sourceIdentity === undefined ? undefined : compileTemplate(session.sourceIdentity);
  const transitive = session.transitiveTagKeys ?? [];
  return (request) => {
    const claims: Record<string, unknown> = {};
    if (tags.length > 0) {
      const rendered = tags.map(([key, template]) => [key, [renderTag(template, request)]]);
      claims[AWS_TAGS_CLAIM] = {
        principal_tags: Object.fromEntries(rendered),
        ...(transitive.length > 0 && { transitive_tag_keys: transitive }),
      };
    }
    if (sourceIdentity !== undefined) {
      claims[AWS_SOURCE_IDENTITY_CLAIM] = renderAwsName(sourceIdentity, request);
    }
    return claims;
  };
}
