import type { ImageUse, Step } from '../model.ts';
import type { SourceText } from '../source.ts';
import type { ForeignValue, ImportUse, Insertion, JobSurface, Start } from '../surface.ts';
import { type Text } from '../text.ts';
import { isOutsider } from '../trigger.ts';
import type { MappingNode } from '../yaml/node.ts';
import { readCredentials } from './credentials.ts';
import { foreignValuesFor } from './foreign-values.ts';
import { readPrivileges, readServiceAccount } from './privileges.ts';

/** The name of a step is all that says where it deploys to. */
const ENVIRONMENT = /(?:^|[-_ ])(production|prod|live|staging|stage|preview)(?:$|[-_ ])/i;

/** Settings of plugins that are run by a shell somewhere. */
const CODE_SETTINGS = /^(?:script|commands?|cmd|entrypoint|pre_?script|post_?script)$/i;

function insertionsIn(
  text: Text,
  into: Insertion['into'],
  foreign: ReadonlyMap<string, ForeignValue>,
): Insertion[] {
  return text.expressions.flatMap(({ inner, outer }) => {
    const value = foreign.get(text.value.slice(inner.start, inner.end));
    return value === undefined
      ? []
      : [{ ...value, text, start: outer.start, end: outer.end, into, hops: [] }];
  });
}

function insertionsOf(
  steps: readonly Step[],
  image: ImageUse | undefined,
  foreign: ReadonlyMap<string, ForeignValue>,
): Insertion[] {
  const inSteps = steps.flatMap(({ work }) => {
    if (work.kind === 'script') return insertionsIn(work.text, 'script', foreign);
    if (work.kind !== 'action') return [];
    return work.inputs.flatMap(({ name, value }) =>
      value === undefined
        ? []
        : insertionsIn(value, CODE_SETTINGS.test(name) ? 'script' : 'argument', foreign),
    );
  });
  return [...inSteps, ...(image === undefined ? [] : insertionsIn(image.text, 'argument', foreign))];
}

export interface StepParts {
  readonly node: MappingNode;
  readonly name: string;
  readonly source: SourceText;
  readonly steps: readonly Step[];
  readonly image: ImageUse | undefined;
  readonly starts: readonly Start[];
}

export function readSurface({ node, name, source, steps, image, starts }: StepParts): JobSurface {
  const foreign = foreignValuesFor(starts.some(({ actor }) => isOutsider(actor)));
  const asksFor = starts.filter(({ what }) => what.startsWith('a deployment') || what.includes('by hand'));
  const environment = ENVIRONMENT.exec(name)?.[1];
  return {
    starts,
    insertions: insertionsOf(steps, image, foreign),
    foreignVariables: foreign,
    credentials: [...readCredentials(node, source), ...readServiceAccount(node, source)],
    privileges: readPrivileges(node, source),
    caches: [],
    artifacts: [],
    // A step that only runs when somebody asks for it waits for a person.
    approvals: asksFor.length > 0 && asksFor.length === starts.length ? [{ source, span: node }] : [],
    deploysTo: environment === undefined ? undefined : { environment, source, span: node },
    // The clone step keeps its credential for itself.
    persistedToken: undefined,
  };
}

const OWN_PLUGIN = /^(?:docker\.io\/|quay\.io\/)?woodpeckerci\//;

/** Plugins by their images. */
export function pluginImports(steps: readonly Step[], source: SourceText): ImportUse[] {
  return steps.flatMap(({ work }) => {
    if (work.kind !== 'action') return [];
    const { reference, key } = work;
    const origin = OWN_PLUGIN.test(reference.repository) ? 'platform' : 'third-party';
    const shared = { kind: 'plugin', name: reference.repository, source, span: key, origin } as const;
    return [{ ...shared, version: reference.ref, pin: reference.pin, immutable: reference.pin === 'digest' }];
  });
}
