import type { Configuration } from './configuration.ts';
import { textOf } from './inputs.ts';
import { type Merged, memberOf, membersOf, scalarOf, wordOf } from './merged.ts';
import type { ArtifactUse, Need, Placed, SecretUse, TriggerUse, Word } from './model.ts';
import { readIncludes } from './references.ts';

function placeOf({ node, source }: Merged): Placed {
  return { source, span: node };
}

export function readWordsPlaced(value: Merged | undefined, configuration: Configuration): Word[] {
  return configuration.items(value).flatMap((each) => {
    const word = scalarOf(each)?.value;
    return word === undefined || word === '' ? [] : [{ value: word, ...placeOf(each) }];
  });
}

function isTrue(value: Merged | undefined): value is Merged {
  return wordOf(value) === 'true';
}

/** `trigger:`: a project by its name, or a mapping with `project` or `include`. */
export function readTrigger(value: Merged | undefined, configuration: Configuration): TriggerUse | undefined {
  if (value === undefined) return undefined;
  const project = textOf(value.members === undefined ? value : memberOf(value, 'project'));
  const include = memberOf(value, 'include');
  const forwards = memberOf(memberOf(value, 'forward'), 'pipeline_variables');
  const generated = configuration.items(include).flatMap((each) => {
    const path = textOf(memberOf(each, 'artifact'));
    return path === undefined ? [] : [{ path, job: wordOf(memberOf(each, 'job')) }];
  });
  return {
    project,
    branch: textOf(memberOf(value, 'branch')),
    includes: readIncludes(include, configuration),
    generated,
    forwardsPipelineVariables: isTrue(forwards) ? placeOf(forwards) : undefined,
    ...placeOf(value),
  };
}

/** `needs:` with what it says beside the name of the job. */
export function readNeeded(value: Merged | undefined, configuration: Configuration): Need[] {
  return configuration.items(value).flatMap((each) => {
    const job = scalarOf(each) ?? scalarOf(memberOf(each, 'job'));
    if (job === undefined) return [];
    return [
      {
        job: job.value,
        project: textOf(memberOf(each, 'project')),
        ref: textOf(memberOf(each, 'ref')),
        pipeline: textOf(memberOf(each, 'pipeline')),
        optional: isTrue(memberOf(each, 'optional')),
        artifacts: wordOf(memberOf(each, 'artifacts')) !== 'false',
        source: each.source,
        span: job,
      },
    ];
  });
}

export function readArtifacts(
  value: Merged | undefined,
  configuration: Configuration,
): ArtifactUse | undefined {
  if (value?.members === undefined) return undefined;
  const open = wordOf(memberOf(value, 'public')) === 'false' ? 'developer' : 'all';
  return {
    paths: configuration.items(memberOf(value, 'paths')).flatMap((each) => textOf(each) ?? []),
    excludes: configuration.items(memberOf(value, 'exclude')).flatMap((each) => wordOf(each) ?? []),
    untracked: isTrue(memberOf(value, 'untracked')),
    access: wordOf(memberOf(value, 'access')) ?? open,
  };
}

export function readSecrets(value: Merged | undefined, configuration: Configuration): SecretUse[] {
  return membersOf(value).map(([name, { key, source, value: secret }]) => ({
    name,
    key,
    value: undefined,
    node: secret.node,
    file: readWordsPlaced(memberOf(secret, 'file'), configuration)[0],
    source,
    span: key,
  }));
}
