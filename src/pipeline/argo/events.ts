import { entriesOf } from '../kubernetes/containers.ts';
import { type Flow, passOn } from '../kubernetes/flow.ts';
import { type Manifest, valueAt, wordAt, wordNode } from '../kubernetes/manifest.ts';
import { isOutsidersEvent, namesForeignCode, webhookValue } from '../kubernetes/webhook-values.ts';
import type { Start } from '../surface.ts';
import type { Actor } from '../trigger.ts';
import { asMapping, findValue, pairsOf, scalarsOf } from '../yaml/access.ts';
import type { ScalarNode, YamlNode } from '../yaml/node.ts';
import type { Triggered } from './manifests.ts';

/** Sources that anybody can send to who reaches their address. */
const WEBHOOKS = new Set([
  'github',
  'gitlab',
  'bitbucket',
  'bitbucketserver',
  'gitea',
  'webhook',
  'slack',
  'stripe',
  'generic',
]);
/** Where each of them has the secret that tells its own messages from others’. */
const SECRETS = [
  'webhookSecret',
  'authSecret',
  'secretToken',
  'signingSecret',
  'webhookSecretRef',
  'bitbucketserverSecret',
];

/** One entry of an event source. */
export interface Source {
  readonly type: string;
  readonly name: string;
  readonly key: ScalarNode;
  readonly node: YamlNode;
  readonly isVerified: boolean;
  readonly events: string;
}

export function sourcesOf({ spec }: Manifest): Source[] {
  return pairsOf(spec).flatMap(([type, entries]) =>
    WEBHOOKS.has(type.value)
      ? pairsOf(entries).map(([name, node]) => ({
          type: type.value,
          name: name.value,
          key: name,
          node,
          isVerified: SECRETS.some((key) => findValue(node, key) !== undefined),
          events: scalarsOf(findValue(node, 'events'))
            .map(({ value }) => value)
            .join('\n')
            .slice(0, 5000),
        }))
      : [],
  );
}

/** What starts a workflow from outside, and what it hands over, by `workflow.parameters.<name>`. */
export interface Handed {
  readonly starts: readonly Start[];
  readonly flows: ReadonlyMap<string, Flow>;
}

const MEMBERS_ONLY = /author_association|head\.repo\.fork/;
const MAIN = /refs\/(?:heads\/(?:main|master|release|prod)|tags)/;

/** By the events that the sources ask for; where they are not told, by what is read from the message. */
function startsOf(sources: readonly Source[], keys: string, filters: string): Start[] {
  const events = sources.map((each) => each.events).join('\n');
  const isTold = /[a-z]/i.test(events) && !/(?:^|\n)\*(?:\n|$)/.test(events);
  const text = isTold ? events : `${keys}\n${filters}`;
  const shared = { authority: 'full', setting: undefined } as const;
  const starts: Start[] = [];
  if (isOutsidersEvent(text)) {
    const actor = MEMBERS_ONLY.test(filters) ? 'member' : 'anyone';
    const code = namesForeignCode(keys) ? 'head' : 'base';
    const what = /comment|note/i.test(text)
      ? 'a comment'
      : /issue/i.test(text)
        ? 'an issue'
        : 'a pull request';
    starts.push({ ...shared, what, actor, code, production: false });
  }
  if (/\bpush|\btag|\brelease|body\.(?:ref|head_commit|after|checkout_sha)\b/i.test(text)) {
    starts.push({
      ...shared,
      what: 'a push',
      actor: 'member',
      code: 'pushed',
      production: MAIN.test(filters),
    });
  }
  if (starts.length > 0) return starts;
  const isOpen = sources.some((each) => !each.isVerified);
  return [
    { ...shared, what: 'an event', actor: isOpen ? 'anyone' : 'member', code: 'base', production: false },
  ];
}

function flowOfKey(key: string, starts: readonly Start[], isGeneric: boolean): Flow | undefined {
  const [, path] =
    /^(?:body|payload)\.(.{1,200})$/s.exec(key.toLowerCase().replaceAll(/\.\d+(?=\.|$)/g, '.*')) ?? [];
  if (path === undefined) return undefined;
  const known = webhookValue(path);
  const outsiders: Actor = starts.some(({ actor }) => actor === 'anyone') ? 'anyone' : 'member';
  if (known === undefined && !isGeneric) return undefined;
  return {
    name: key.slice(0, 100),
    what: known?.what ?? 'a field of the webhook',
    writtenBy: known === undefined || known.byOutsiders ? outsiders : 'member',
    hops: [],
  };
}

/** `body.a.b`, also out of `{{ .Input.body.a.b }}`. */
function keyOf(parameter: YamlNode): ReturnType<typeof wordNode> {
  const key = wordNode(parameter, 'src', 'dataKey');
  if (key !== undefined) return key;
  const template = wordNode(parameter, 'src', 'dataTemplate');
  const [, path] = /\.Input\.([\w.]{1,200})/.exec(template?.value.slice(0, 2000) ?? '') ?? [];
  return template === undefined || path === undefined
    ? undefined
    : { ...template, value: path, exact: false };
}

const ARGUMENT = /^spec\.(?:workflowSpec\.)?arguments\.parameters\.(\d{1,4})\.value$/;

function nameOfArgument({ workflow }: Triggered, dest: string): string | undefined {
  const index = ARGUMENT.exec(dest)?.[1];
  if (index === undefined) return undefined;
  return wordAt(entriesOf(valueAt(workflow.spec, 'arguments', 'parameters'))[Number(index)], 'name');
}

/** What a sensor gives a workflow, with what is known of its sources. */
export function readTriggered(
  sensor: Manifest,
  triggered: Triggered,
  findSource: (eventSource: string, name: string) => Source | undefined,
): Handed {
  const { source } = sensor;
  const dependencies = entriesOf(findValue(sensor.spec, 'dependencies'));
  const sources = dependencies.flatMap(
    (each) => findSource(wordAt(each, 'eventSourceName') ?? '', wordAt(each, 'eventName') ?? '') ?? [],
  );
  const keys = triggered.parameters
    .map((each) => keyOf(each)?.value ?? '')
    .join('\n')
    .slice(0, 10_000);
  const filters = dependencies
    .flatMap((each) => {
      const filter = findValue(each, 'filters');
      return asMapping(filter) === undefined ? [] : [source.slice(filter ?? { start: 0, end: 0 })];
    })
    .join('\n')
    .slice(0, 10_000);
  const starts = startsOf(sources, keys, filters);
  const isGeneric = sources.some(({ type }) => type === 'webhook');
  const flows = new Map<string, Flow>();
  for (const parameter of triggered.parameters) {
    const name = nameOfArgument(triggered, wordAt(parameter, 'dest') ?? '');
    const key = keyOf(parameter);
    const flow = key === undefined ? undefined : flowOfKey(key.value, starts, isGeneric);
    if (name === undefined || key === undefined || flow === undefined) continue;
    const hop = { source, span: key, label: `becomes the parameter ${name.slice(0, 60)} of the workflow` };
    flows.set(`workflow.parameters.${name.toLowerCase()}`, passOn(flow, hop));
  }
  return { starts, flows };
}

/** What a binding of events submits a template with: `valueFrom: { event: payload.name }`. */
export function readEventBinding({ spec, source }: Manifest): Handed {
  const params = entriesOf(valueAt(spec, 'submit', 'arguments', 'parameters'));
  const events = params
    .map((each) => wordAt(each, 'valueFrom', 'event') ?? '')
    .join('\n')
    .slice(0, 10_000);
  const selector = (wordAt(spec, 'event', 'selector') ?? '').slice(0, 10_000);
  // Argo asks for the token of an account, or for the secret of the webhook.
  const known = startsOf([], events.replaceAll('payload.', 'body.'), selector);
  const flows = new Map<string, Flow>();
  for (const param of params) {
    const [name, event] = [wordNode(param, 'name'), wordNode(param, 'valueFrom', 'event')];
    const flow = event === undefined ? undefined : flowOfKey(event.value, known, true);
    if (name === undefined || event === undefined || flow === undefined) continue;
    const hop = {
      source,
      span: event,
      label: `becomes the parameter ${name.value.slice(0, 60)} of the workflow`,
    };
    flows.set(`workflow.parameters.${name.value.toLowerCase()}`, passOn(flow, hop));
  }
  return { starts: known, flows };
}
