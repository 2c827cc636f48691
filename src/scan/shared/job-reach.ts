import type { Job, Variable } from '#pipeline/model.ts';
import { writableScopes } from '#pipeline/permissions.ts';
import { expressionText } from '#pipeline/text.ts';

const SECRET = /\bsecrets\s*(?:\.\s*([\w-]+)|\[)/gi;

function readsSecrets(text: string): boolean {
  return [...text.matchAll(SECRET)].some((match) => match[1]?.toUpperCase() !== 'GITHUB_TOKEN');
}

/** Variables of the whole file are looked at again for each job, so that their number has to have an end. */
const VARIABLES_MAX = 200;

function isSecret({ value }: Variable): boolean {
  return value?.expressions.some((expression) => readsSecrets(expressionText(expression))) === true;
}

/**
 * What somebody gets who runs code in a job; undefined when it is no more than a token that reads. Reads the
 * job's whole text: to be called once a job.
 */
export function describeReach(job: Job): string | undefined {
  const { source } = job.pipeline;
  const inherited = job.pipeline.env.slice(0, VARIABLES_MAX).some(isSecret);
  if (inherited || readsSecrets(source.slice(job.node))) return 'secrets';
  const scopes = writableScopes(job);
  if (scopes.includes('id-token')) return 'an identity token';
  return scopes.length > 0 ? 'a token that can write' : undefined;
}
