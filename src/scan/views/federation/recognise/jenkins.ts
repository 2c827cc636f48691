import type { Job, Pipeline } from '#pipeline/model.ts';
import type { CredentialUse } from '#pipeline/surface.ts';
import { credentialKindOf } from '../../../shared/static-credentials.ts';
import type { StoredCredential, StoredUse } from './stored-use.ts';

const LINE_CHARACTERS_MAX = 2_000;

/** The variable that a line binds a credential to: of `environment`, or of `withCredentials`. */
export function boundVariable(line: string): string | undefined {
  const text = line.slice(0, LINE_CHARACTERS_MAX);
  const [, entry] = /^\s*(\w{1,100})\s*=\s*credentials\s*\(/.exec(text) ?? [];
  if (entry !== undefined) return entry;
  const [, named] =
    /\b(?:secretKeyVariable|passwordVariable|tokenVariable|variable)\s*:\s*['"](\w{1,100})['"]/.exec(text) ??
    [];
  if (named !== undefined) return named;
  return /AmazonWebServicesCredentialsBinding|\baws\s*\(/.test(text) ? 'AWS_SECRET_ACCESS_KEY' : undefined;
}

function useOf({ kind, name, source, span, scope, variable }: CredentialUse): StoredUse[] {
  if (kind !== 'connection' && kind !== 'secret') return [];
  const holder = variable ?? boundVariable(source.line(source.position(span.start).line)) ?? '';
  const found = credentialKindOf(holder, name);
  if (found === undefined) return [];
  const place = scope === 'step' ? 'step-variable' : 'job-variable';
  return [{ kind: found, secret: name, holder, place, step: undefined, variable: undefined, span, source }];
}

function findInJob(job: Job): StoredCredential[] {
  const uses = (job.surface?.credentials ?? []).flatMap(useOf);
  return [...Map.groupBy(uses, ({ kind }) => kind)].flatMap(([kind, [first, ...others]]) =>
    first === undefined
      ? []
      : [{ platform: 'jenkins' as const, kind, job, uses: [first, ...others] as const }],
  );
}

/** Credentials that Jenkins keeps, with the variables that they are bound to. */
export function findInJenkins({ jobs }: Pipeline): StoredCredential[] {
  return jobs.flatMap(findInJob);
}
