import type { Job, Pipeline } from '#pipeline/model.ts';
import type { CredentialUse } from '#pipeline/surface.ts';
import { credentialKindOf } from '../../../shared/static-credentials.ts';
import type { StoredCredential, StoredUse } from './stored-use.ts';

/** A name such as `deploy/AWS_SECRET_ACCESS_KEY`, or an account that the platform keeps for a cloud. */
function useOf({ kind, name, source, span, scope }: CredentialUse): StoredUse[] {
  if (kind !== 'secret' && kind !== 'secret-group' && kind !== 'connection') return [];
  const found = credentialKindOf('', name.split(/[/.:]/).at(-1) ?? name);
  if (found === undefined) return [];
  const place = scope === 'pipeline' ? 'pipeline-variable' : 'job-variable';
  return [
    { kind: found, secret: name, holder: '', place, step: undefined, variable: undefined, span, source },
  ];
}

function findInJob(job: Job): StoredCredential[] {
  const uses = (job.surface?.credentials ?? []).flatMap(useOf);
  return [...Map.groupBy(uses, ({ kind }) => kind)].flatMap(([kind, [first, ...others]]) =>
    first === undefined
      ? []
      : [{ platform: job.pipeline.platform, kind, job, uses: [first, ...others] as const }],
  );
}

/** Stored credentials of the platforms that only say by name what a job gets. */
export function findInSurface({ jobs }: Pipeline): StoredCredential[] {
  return jobs.flatMap(findInJob);
}
