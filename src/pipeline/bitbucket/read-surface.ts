import type { ImageUse, Runner, Step } from '../model.ts';
import type { SourceText } from '../source.ts';
import type { ForeignValue, Insertion, JobSurface, PrivilegeUse } from '../surface.ts';
import { mentionsOf } from '../secret-variables.ts';
import { asBoolean, asScalar } from '../yaml/access.ts';
import { type Member, memberOf } from '../yaml/merge-keys.ts';
import type { YamlNode } from '../yaml/node.ts';
import { readCredentials } from './credentials.ts';
import type { ListedStep } from './list-steps.ts';
import type { Section } from './sections.ts';
import { readArtifacts, readCaches, serviceNames } from './step-parts.ts';

/** All that one step of the file is, before it is put into the words of every platform. */
export interface StepParts {
  readonly root: YamlNode;
  readonly source: SourceText;
  readonly section: Section;
  readonly listed: ListedStep;
  readonly steps: readonly Step[];
  readonly images: readonly ImageUse[];
  readonly runner: Runner | undefined;
  /** Typed in by whoever starts the pipeline. */
  readonly typed: readonly string[];
}

/** Git allows `$(…)` and `;` in names of branches and tags. */
const BUILT_IN: readonly ForeignValue[] = [
  { name: 'BITBUCKET_BRANCH', what: 'the name of the branch', writtenBy: 'member' },
  { name: 'BITBUCKET_TAG', what: 'the name of the tag', writtenBy: 'member' },
  { name: 'BITBUCKET_BOOKMARK', what: 'the name of the bookmark', writtenBy: 'member' },
  {
    name: 'BITBUCKET_PR_DESTINATION_BRANCH',
    what: 'the name of the branch that the pull request is for',
    writtenBy: 'member',
  },
];

function readForeignVariables({ typed }: StepParts): Map<string, ForeignValue> {
  const own = typed.map(
    (name): ForeignValue => ({
      name,
      what: 'what is typed in when the run is started',
      writtenBy: 'member',
    }),
  );
  return new Map([...BUILT_IN, ...own].map((each) => [each.name, each]));
}

/** Variables of a pipe that a shell at the other end runs. */
const COMMAND = /^(?:COMMANDS?|CMD|SCRIPT)$/;

/** A pipe gets values with variables filled in, so what stands in a command there becomes part of it. */
function readInsertions(steps: readonly Step[], foreign: ReadonlyMap<string, ForeignValue>): Insertion[] {
  return steps.flatMap(({ work }) => {
    if (work.kind !== 'action') return [];
    return work.inputs.flatMap(({ name, value: text }): Insertion[] => {
      if (text === undefined || !COMMAND.test(name)) return [];
      return mentionsOf(text).flatMap(({ name: variable, start, end }) => {
        const value = foreign.get(variable);
        return value === undefined ? [] : [{ ...value, text, start, end, into: 'script', hops: [] }];
      });
    });
  });
}

/** Docker on a machine of one's own is that machine; on those of Atlassian it is thrown away after the step. */
function readPrivileges({ root, source, listed, runner }: StepParts): PrivilegeUse[] {
  if (runner?.hosting !== 'self-hosted') return [];
  const services = listed.members.get('services');
  const option = memberOf(root, 'options');
  const everywhere = memberOf(option, 'docker');
  const shell = runner.labels.find(({ value }) => value === 'linux.shell');
  const found: PrivilegeUse[] = [];
  if (services !== undefined && serviceNames(services.value).includes('docker')) {
    found.push({ kind: 'privileged', what: 'the service docker', source, span: services.value });
  } else if (everywhere !== undefined && asBoolean(everywhere) === true) {
    found.push({ kind: 'privileged', what: 'docker for every step', source, span: everywhere });
  }
  if (shell !== undefined) {
    found.push({ kind: 'host-path', what: 'the shell of the machine itself', source, span: shell.node });
  }
  return found;
}

function readDeployment({ members, stage }: ListedStep, source: SourceText): JobSurface['deploysTo'] {
  const deployment: Member | undefined = members.get('deployment') ?? stage?.get('deployment');
  const span = asScalar(deployment?.value);
  return span === undefined || span.value === '' ? undefined : { environment: span.value, source, span };
}

export function readSurface(parts: StepParts): JobSurface {
  const { root, source, section, listed, steps, images } = parts;
  const foreignVariables = readForeignVariables(parts);
  const approvals = section.isManual ? [section.key, ...listed.manual] : listed.manual;
  return {
    starts: section.starts,
    insertions: readInsertions(steps, foreignVariables),
    foreignVariables,
    credentials: readCredentials(steps, images, listed.members.get('oidc'), source),
    privileges: readPrivileges(parts),
    caches: readCaches(listed.node, memberOf(root, 'definitions'), source),
    artifacts: readArtifacts(listed.node, source),
    approvals: approvals.map((span) => ({ source, span })),
    deploysTo: readDeployment(listed, source),
    // Git goes through a proxy beside the step that adds the credentials: the working copy has none.
    persistedToken: undefined,
  };
}
