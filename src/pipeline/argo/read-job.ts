import {
  entriesOf,
  findInlineScript,
  languageOf,
  readContainerImage,
  readContainerPrivileges,
  readEnv,
  readEnvCredentials,
  readPodPrivileges,
  readVolumeCredentials,
  readWords,
} from '../kubernetes/containers.ts';
import {
  type Context,
  distinctCredentials,
  flowsIn,
  insertionsIn,
  type Resolve,
} from '../kubernetes/flow.ts';
import { valueAt, wordAt, wordNode } from '../kubernetes/manifest.ts';
import type { ImageUse, Job, OtherWork, Pipeline, Script, Step } from '../model.ts';
import type { SourceText } from '../source.ts';
import type {
  CredentialUse,
  ForeignValue,
  Insertion,
  JobSurface,
  PrivilegeUse,
  StoreUse,
} from '../surface.ts';
import type { Text } from '../text.ts';
import { asBoolean, asMapping, findValue } from '../yaml/access.ts';
import type { MappingNode, ScalarNode, YamlNode } from '../yaml/node.ts';
import { readArgoExpressions, textOf, toText } from './expressions.ts';
import { resolverOf } from './outputs.ts';

const other: OtherWork = { kind: 'other' };

export interface JobParts {
  readonly pipeline: Pipeline;
  readonly id: string;
  readonly key: ScalarNode;
  /** The template. */
  readonly node: MappingNode;
  /** The specification of the workflow around it. */
  readonly spec: YamlNode;
  readonly source: SourceText;
  readonly context: Context;
  readonly deploysTo: JobSurface['deploysTo'];
}

/** What does the work, and what runs beside it. */
function containersOf(template: YamlNode): { main: MappingNode[]; beside: MappingNode[] } {
  const nodes = (list: readonly (YamlNode | undefined)[]): MappingNode[] =>
    list.flatMap((each) => asMapping(each) ?? []);
  return {
    main: nodes([
      findValue(template, 'container'),
      findValue(template, 'script'),
      ...entriesOf(valueAt(template, 'containerSet', 'containers')),
    ]),
    beside: nodes([
      ...entriesOf(findValue(template, 'initContainers')),
      ...entriesOf(findValue(template, 'sidecars')),
    ]),
  };
}

function readWork(container: YamlNode, source: SourceText): Script | OtherWork {
  const shared = { kind: 'script', workingDirectory: undefined } as const;
  const script = textOf(wordNode(container, 'source'), source);
  const inline = findInlineScript(container);
  if (script !== undefined) {
    const [program] = entriesOf(findValue(container, 'command'));
    return { ...shared, text: script, shell: languageOf(script, asProgram(program)) };
  }
  if (inline === undefined) return other;
  const text = toText(inline.script, source);
  return { ...shared, text, shell: languageOf(text, inline.interpreter) };
}

function asProgram(node: YamlNode | undefined): ScalarNode | undefined {
  return node?.kind === 'scalar' ? node : undefined;
}

function readStep(node: MappingNode, index: number, job: Job, source: SourceText): Step {
  return {
    job,
    index,
    node,
    id: wordAt(node, 'name'),
    name: textOf(wordNode(node, 'name'), source),
    guard: undefined,
    env: readEnv(node, source, readArgoExpressions),
    work: readWork(node, source),
  };
}

/** Texts of a template that are no script and still decide about something. */
function settingsOf(template: YamlNode, containers: readonly YamlNode[], source: SourceText): Text[] {
  const nodes = [
    ...containers.map((each) => wordNode(each, 'image')),
    wordNode(template, 'resource', 'manifest'),
    wordNode(template, 'http', 'url'),
    wordNode(template, 'http', 'body'),
    wordNode(template, 'podSpecPatch'),
  ];
  return [
    ...nodes.flatMap((node) => (node === undefined ? [] : [toText(node, source)])),
    ...containers.flatMap((each) => readWords(each, source, readArgoExpressions)),
  ];
}

function insertionsOf(steps: readonly Step[], settings: readonly Text[], resolve: Resolve): Insertion[] {
  const scripts = steps.flatMap(({ work }) => (work.kind === 'script' ? [work.text] : []));
  const nodes = new Set(scripts.map(({ node }) => node));
  return [
    ...scripts.flatMap((text) => insertionsIn(text, 'script', resolve)),
    ...settings
      .filter(({ node }) => !nodes.has(node))
      .flatMap((text) => insertionsIn(text, 'argument', resolve)),
  ];
}

function foreignVariables(steps: readonly Step[], resolve: Resolve): Map<string, ForeignValue> {
  const foreign = new Map<string, ForeignValue>();
  for (const { name, value } of steps.flatMap(({ env }) => env)) {
    const [found] = value === undefined ? [] : flowsIn(value, resolve);
    if (found !== undefined) foreign.set(name, found.flow);
  }
  return foreign;
}

/** A patch of the pod stands above what the template says. */
const PATCHES: readonly (readonly [RegExp, PrivilegeUse['kind'], string])[] = [
  [/"?privileged"?\s{0,9}:\s{0,9}true/, 'privileged', 'a privileged container'],
  [/"?hostPath"?\s{0,9}:/, 'host-path', 'a folder of the machine'],
  [/"?host(?:Network|PID|IPC)"?\s{0,9}:\s{0,9}true/, 'host-network', 'the machine’s own network'],
];

function patchPrivileges(owner: YamlNode, source: SourceText): PrivilegeUse[] {
  const patch = textOf(findValue(owner, 'podSpecPatch'), source);
  if (patch === undefined) return [];
  return PATCHES.flatMap(([pattern, kind, what]) => {
    const match = pattern.exec(patch.value.slice(0, 20_000));
    if (match === null) return [];
    return [{ kind, what, source, span: patch.span(match.index, match.index + match[0].length) }];
  });
}

function accountOf(template: YamlNode, spec: YamlNode, source: SourceText): CredentialUse[] {
  const isMounted =
    asBoolean(
      findValue(template, 'automountServiceAccountToken') ?? findValue(spec, 'automountServiceAccountToken'),
    ) !== false;
  const own = wordNode(template, 'serviceAccountName');
  const node = own ?? wordNode(spec, 'serviceAccountName');
  if (node === undefined || !isMounted || node.value === 'default') return [];
  const scope = own === undefined ? 'pipeline' : 'job';
  return [{ kind: 'service-account', name: node.value, scope, source, span: node }];
}

function claimsOf(
  volumes: readonly YamlNode[],
  containers: readonly YamlNode[],
  source: SourceText,
): StoreUse[] {
  const mounts = containers.flatMap((each) => entriesOf(findValue(each, 'volumeMounts')));
  return volumes.flatMap((volume): StoreUse[] => {
    const claim = wordNode(volume, 'persistentVolumeClaim', 'claimName');
    const name = wordAt(volume, 'name');
    const own = mounts.filter((each) => wordAt(each, 'name') === name);
    if (claim === undefined || own.length === 0) return [];
    const access = own.every((each) => asBoolean(findValue(each, 'readOnly')) === true) ? 'read' : 'both';
    const paths = own.flatMap((each) => wordAt(each, 'mountPath') ?? []);
    return [{ key: toText(claim, source), access, paths, source, span: claim }];
  });
}

const STORES = ['s3', 'gcs', 'oss', 'azure', 'hdfs', 'artifactory'] as const;

/** Artifacts whose place is the same in every run. */
function artifactsOf(template: YamlNode, source: SourceText): StoreUse[] {
  return (['inputs', 'outputs'] as const).flatMap((side) =>
    entriesOf(valueAt(template, side, 'artifacts')).flatMap((artifact): StoreUse[] => {
      const store = STORES.find((each) => findValue(artifact, each) !== undefined);
      const place = store === undefined ? undefined : findValue(artifact, store);
      const key =
        wordNode(place, 'key') ??
        wordNode(place, 'blob') ??
        wordNode(place, 'path') ??
        wordNode(place, 'url');
      if (key === undefined) return [];
      const path = wordAt(artifact, 'path');
      const access = side === 'inputs' ? 'read' : 'write';
      return [
        { key: toText(key, source), access, paths: path === undefined ? [] : [path], source, span: key },
      ];
    }),
  );
}

function surfaceOf(parts: JobParts, steps: readonly Step[], containers: readonly YamlNode[]): JobSurface {
  const { node, spec, source, context } = parts;
  const resolve = resolverOf(context);
  const volumes = [...entriesOf(findValue(node, 'volumes')), ...entriesOf(findValue(spec, 'volumes'))];
  const mounted = new Set(
    containers.flatMap((each) =>
      entriesOf(findValue(each, 'volumeMounts')).map((mount) => wordAt(mount, 'name')),
    ),
  );
  const used = volumes.filter((volume) => mounted.has(wordAt(volume, 'name')));
  const privileges = [
    ...containers.flatMap((each) => readContainerPrivileges(each, source)),
    ...[node, spec].flatMap((each) => readContainerPrivileges(each, source)),
    ...readPodPrivileges(spec, undefined, source),
    ...used.flatMap((each) => readPodPrivileges(undefined, each, source)),
    ...[node, spec].flatMap((each) => patchPrivileges(each, source)),
  ];
  const credentials = [
    ...containers.flatMap((each) => readEnvCredentials(each, source)),
    ...used.flatMap((each) => readVolumeCredentials(each, containers, source)),
    ...accountOf(node, spec, source),
    ...context.credentials,
  ];
  return {
    starts: context.starts,
    insertions: insertionsOf(steps, settingsOf(node, containers, source), resolve),
    foreignVariables: foreignVariables(steps, resolve),
    credentials: distinctCredentials(credentials),
    privileges,
    caches: claimsOf(used, containers, source),
    artifacts: artifactsOf(node, source),
    approvals: context.approvals,
    deploysTo: parts.deploysTo,
    persistedToken: undefined,
  };
}

/** A template that does work as a job: the containers of one pod. */
export function readTemplateJob(parts: JobParts): Job {
  const { pipeline, id, key, node, source } = parts;
  const { main, beside } = containersOf(node);
  const images = [...main, ...beside].flatMap((each): ImageUse[] => {
    const image = readContainerImage(each, source, readArgoExpressions);
    return image === undefined ? [] : [image];
  });
  const [container, ...services] = images;
  const steps: Step[] = [];
  const job: Job = {
    pipeline,
    id,
    key,
    node,
    name: undefined,
    needs: [],
    guard: undefined,
    runner: undefined,
    environment: undefined,
    permissions: undefined,
    env: [],
    container,
    services,
    matrix: [],
    outputs: [],
    steps,
    call: undefined,
  };
  steps.push(...main.map((each, index) => readStep(each, index, job, source)));
  return Object.assign(job, { surface: surfaceOf(parts, steps, [...main, ...beside]) });
}
