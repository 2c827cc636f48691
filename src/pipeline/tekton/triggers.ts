import { entriesOf } from '../kubernetes/containers.ts';
import { type Flow, type Resolve, worstFlowIn, passOn } from '../kubernetes/flow.ts';
import { type Manifest, valueAt, wordAt, wordNode } from '../kubernetes/manifest.ts';
import { isOutsidersEvent, namesForeignCode, webhookValue, writerOf } from '../kubernetes/webhook-values.ts';
import type { SourceText } from '../source.ts';
import type { Start } from '../surface.ts';
import { expressionText } from '../text.ts';
import type { Actor } from '../trigger.ts';
import { findValue, scalarsOf } from '../yaml/access.ts';
import type { YamlNode } from '../yaml/node.ts';
import { toText } from './expressions.ts';

const PROVIDERS: readonly string[] = ['github', 'gitlab', 'bitbucket', 'slack'];
const TEXT_MAX = 10_000;
const PARAMS_MAX = 200;

/** What stands between a webhook and a template. */
interface Gate {
  readonly events: readonly string[];
  /** A sender without the shared secret is turned away. */
  readonly isVerified: boolean;
  readonly filter: string;
  readonly overlays: ReadonlyMap<string, string>;
  readonly onlyOwners: boolean;
}

/** `params: [{ name, value }]` of an interceptor, or the fields of its older form. */
function settingOf(interceptor: YamlNode, provider: string, name: string): YamlNode | undefined {
  const params = entriesOf(findValue(interceptor, 'params'));
  const param = params.find((each) => wordAt(each, 'name') === name);
  return findValue(param, 'value') ?? valueAt(interceptor, provider, name);
}

export function providerOf(interceptor: YamlNode): string | undefined {
  const named = wordAt(interceptor, 'ref', 'name');
  return named ?? [...PROVIDERS, 'cel', 'webhook'].find((each) => findValue(interceptor, each) !== undefined);
}

/** A check of the sender: a secret of the provider’s, or a program of the owner’s own. */
export function verifiesSender(interceptor: YamlNode): boolean {
  const provider = providerOf(interceptor);
  if (provider === undefined) return false;
  if (provider === 'cel') {
    const filter = scalarsOf(settingOf(interceptor, 'cel', 'filter'))[0]?.value ?? '';
    return /\bcompareSecret\b/.test(filter.slice(0, TEXT_MAX));
  }
  if (!PROVIDERS.includes(provider)) return true;
  return settingOf(interceptor, provider, 'secretRef') !== undefined;
}

function readGate(interceptors: readonly YamlNode[]): Gate {
  const overlays = new Map<string, string>();
  const [events, filters]: [string[], string[]] = [[], []];
  for (const interceptor of interceptors) {
    const provider = providerOf(interceptor) ?? '';
    events.push(...scalarsOf(settingOf(interceptor, provider, 'eventTypes')).map(({ value }) => value));
    filters.push(...scalarsOf(settingOf(interceptor, provider, 'filter')).map(({ value }) => value));
    for (const overlay of entriesOf(settingOf(interceptor, provider, 'overlays'))) {
      const [key, expression] = [wordAt(overlay, 'key'), wordAt(overlay, 'expression')];
      if (key !== undefined) overlays.set(key.toLowerCase(), (expression ?? '').slice(0, TEXT_MAX));
    }
  }
  return {
    events,
    isVerified: interceptors.some(verifiesSender),
    filter: filters.join('\n').slice(0, TEXT_MAX),
    overlays,
    onlyOwners: interceptors.some((each) => settingOf(each, 'github', 'githubOwners') !== undefined),
  };
}

const BODY_PATH = /\bbody\.([\w.]{1,150})/g;

function valueOfBody(path: string, gate: Gate, outsiders: Actor): Flow | undefined {
  const known = webhookValue(path);
  if (known !== undefined) {
    return { name: `body.${path}`, what: known.what, writtenBy: writerOf(known, outsiders), hops: [] };
  }
  if (gate.events.length > 0) return undefined;
  return isNamedByProvider(path)
    ? undefined
    : {
        name: `body.${path}`,
        what: 'a field of the webhook',
        writtenBy: gate.isVerified ? 'member' : 'anyone',
        hops: [],
      };
}

/** Fields of the providers’ events that hold no free text: hashes, numbers, addresses, names of accounts. */
function isNamedByProvider(path: string): boolean {
  return /^(?:pull_?request|repository|head_commit|commits|sender|issue|project|user|organization|installation|after|before|action|number|object_attributes|checkout_sha|pusher|push|actor|compare)\b/.test(
    path,
  );
}

function resolverOf(gate: Gate, outsiders: Actor): Resolve {
  return (path, expression) => {
    if (path.startsWith('body.')) {
      const flow = valueOfBody(path.slice('body.'.length), gate, outsiders);
      // As it is written; paths are compared in lower case.
      return flow && { ...flow, name: expressionText(expression).slice(0, 100) };
    }
    const overlay = path.startsWith('extensions.')
      ? gate.overlays.get(path.slice('extensions.'.length))
      : undefined;
    for (const [, field = ''] of overlay?.matchAll(BODY_PATH) ?? []) {
      const flow = valueOfBody(
        field.toLowerCase().replace(/\.(?:split|replace|truncate|lowerascii|startswith)$/, ''),
        gate,
        outsiders,
      );
      if (flow !== undefined) return flow;
    }
    return undefined;
  };
}

const MEMBERS_ONLY = /author_association|head\.repo\.full_name\s*==|head\.repo\.fork\s*==\s*false/;
const MAIN = /refs\/(?:heads\/(?:main|master|release|prod)|tags)|["'](?:main|master)["']/;

function startsOf(gate: Gate, bindings: string): Start[] {
  const said = [...gate.events, gate.filter].join('\n');
  const known = /push|pull_?request|merge.request|issue|comment|note hook|tag|release/i.test(said);
  const text = known ? said : bindings;
  const shared = { authority: 'full', setting: undefined } as const;
  const starts: Start[] = [];
  if (isOutsidersEvent(text)) {
    const actor = gate.onlyOwners || MEMBERS_ONLY.test(gate.filter) ? 'member' : 'anyone';
    const code = namesForeignCode(`${bindings}\n${[...gate.overlays.values()].join('\n')}`) ? 'head' : 'base';
    const what = /comment|note/i.test(text)
      ? 'a comment'
      : /issue/i.test(text)
        ? 'an issue'
        : 'a pull request';
    starts.push({ ...shared, what, actor, code, production: false });
  }
  if (/\bpush\b|push hook|\btag|\brelease|body\.(?:ref|head_commit|after)\b/i.test(text)) {
    const production = MAIN.test(gate.filter);
    starts.push({ ...shared, what: 'a push', actor: 'member', code: 'pushed', production });
  }
  if (starts.length > 0) return starts;
  const actor = gate.isVerified ? 'member' : 'anyone';
  return [{ ...shared, what: 'a webhook', actor, code: 'base', production: false }];
}

/** What a trigger hands to a template. */
export interface Handed {
  readonly template: string;
  /** Set when the template stands in the trigger itself. */
  readonly templateSpec: YamlNode | undefined;
  readonly source: SourceText;
  readonly starts: readonly Start[];
  /** By `tt.params.<name>`. */
  readonly flows: ReadonlyMap<string, Flow>;
}

function readBindings(
  bindings: readonly YamlNode[],
  find: (name: string) => Manifest | undefined,
  source: SourceText,
): { param: YamlNode; source: SourceText }[] {
  return bindings.flatMap((binding) => {
    if (findValue(binding, 'value') !== undefined) return [{ param: binding, source }];
    const inline = entriesOf(valueAt(binding, 'spec', 'params'));
    const found = find(wordAt(binding, 'ref') ?? wordAt(binding, 'name') ?? '');
    const params = entriesOf(findValue(found?.spec, 'params'));
    return [
      ...inline.map((param) => ({ param, source })),
      ...(found === undefined ? [] : params.map((param) => ({ param, source: found.source }))),
    ];
  });
}

/** What one trigger of a listener starts, and with what. */
export function readTrigger(
  trigger: YamlNode,
  source: SourceText,
  findBinding: (name: string) => Manifest | undefined,
  outer: readonly YamlNode[] = [],
): Handed {
  const gate = readGate([...outer, ...entriesOf(findValue(trigger, 'interceptors'))]);
  const bindings = entriesOf(findValue(trigger, 'bindings'));
  const params = readBindings(bindings, findBinding, source).slice(0, PARAMS_MAX);
  const values = params.map(({ param }) => wordAt(param, 'value') ?? '').join('\n');
  const starts = startsOf(gate, values.slice(0, TEXT_MAX));
  const outsiders = starts.some(({ actor }) => actor === 'anyone') ? 'anyone' : 'member';
  const resolve = resolverOf(gate, outsiders);
  const flows = new Map<string, Flow>();
  for (const each of params) {
    const [name, value] = [wordNode(each.param, 'name'), wordNode(each.param, 'value')];
    if (name === undefined || value === undefined) continue;
    const flow = worstFlowIn(toText(value, each.source), resolve);
    if (flow === undefined) continue;
    const hop = {
      source: each.source,
      span: value,
      label: `becomes ${name.value.slice(0, 60)} of the template`,
    };
    flows.set(`tt.params.${name.value.toLowerCase()}`, passOn(flow, hop));
  }
  const template = findValue(trigger, 'template');
  return {
    template: wordAt(template, 'ref') ?? wordAt(template, 'name') ?? '',
    templateSpec: findValue(template, 'spec'),
    source,
    starts,
    flows,
  };
}
