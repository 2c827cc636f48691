import type { Job, Platform, Script } from '#pipeline/model.ts';
import type { Insertion } from '#pipeline/surface.ts';
import type { Text } from '#pipeline/text.ts';
import { asMapping, asSequence, findEntry, keyText } from '#pipeline/yaml/access.ts';
import type { MappingEntry, MappingNode, YamlNode } from '#pipeline/yaml/node.ts';
import type { EditDraft, FixDraft } from '../../rule.ts';
import { type QuotedShell, quotingAt, readVariable } from '../../shared/shell-quoting.ts';
import { variableFor } from '../../shared/surface-values.ts';

/** Scripts are read anew for each insertion in them. */
const SCRIPT_CHARACTERS_MAX = 20_000;
const INSERTIONS_MAX = 20;

interface Environment {
  readonly key: string;
  readonly form: 'mapping' | 'list';
}

/** Where a step of the platform keeps its variables. */
const ENVIRONMENTS: Readonly<Partial<Record<Platform, Environment>>> = {
  azure: { key: 'env', form: 'mapping' },
  circleci: { key: 'environment', form: 'mapping' },
  tekton: { key: 'env', form: 'list' },
  argo: { key: 'env', form: 'list' },
};

interface Holder {
  readonly mapping: MappingNode;
  readonly entry: MappingEntry;
}

/** The mapping in which the script stands by its key: the step itself, or `run:` in it. */
function findHolder(node: MappingNode, text: Text): Holder | undefined {
  const inner = node.entries.flatMap(({ value }) => asMapping(value) ?? []);
  for (const mapping of [node, ...inner]) {
    const entry = mapping.entries.find(({ value }) => value === text.node);
    if (entry !== undefined) return { mapping, entry };
  }
  return undefined;
}

/** Undefined where another program reads the script, or nothing says which shell does. */
function shellOf({ shell }: Script, { entry }: Holder, job: Job): QuotedShell | undefined {
  const { platform } = job.pipeline;
  const key = keyText(entry);
  if (platform === 'azure' && key === 'bash') return 'posix';
  if (platform === 'azure' && (key === 'pwsh' || key === 'powershell')) return 'powershell';
  if (platform === 'azure') {
    const images = job.runner?.labels ?? [];
    const known = images.length > 0 && images.every(({ value }) => /^(?:ubuntu|macos)-/i.test(value));
    return key === 'script' && known ? 'posix' : undefined;
  }
  return shell === undefined || /(?:^|\/)(?:ba|da|z)?sh\b/.test(shell.value) ? 'posix' : undefined;
}

function columnOf(at: number, { source }: Text): string {
  return ' '.repeat(source.position(at).column - 1);
}

/** Adds the variable in front of those that are there. */
function extendEnvironment(value: YamlNode, declared: string, text: Text): EditDraft | undefined {
  const first = asMapping(value)?.entries[0]?.key ?? asSequence(value)?.items[0];
  if (first === undefined || value.kind === 'alias' || value.kind === 'scalar' || value.flow)
    return undefined;
  const { start } = first;
  const inList = value.kind === 'sequence';
  if (inList && text.source.slice({ start: start - 2, end: start }) !== '- ') return undefined;
  const indent = columnOf(start, text);
  const replacement = `${declared.replaceAll('\n', `\n${indent}`)}\n${inList ? `${indent.slice(2)}- ` : indent}`;
  return { start, end: start, replacement, source: text.source };
}

function declare(
  holder: Holder,
  { key, form }: Environment,
  declared: string,
  text: Text,
): EditDraft | undefined {
  const present = findEntry(holder.mapping, key);
  if (present !== undefined) return extendEnvironment(present.value, declared, text);
  if (holder.mapping.flow) return undefined;
  const { start } = holder.entry.key;
  const indent = columnOf(start, text);
  const lines = declared
    .split('\n')
    .map((line, index) => `${form === 'list' && index > 0 ? '  ' : ''}${line}`);
  const body = lines.map((line, index) => `${indent}  ${form === 'list' && index === 0 ? '- ' : ''}${line}`);
  return { start, end: start, replacement: `${key}:\n${body.join('\n')}\n${indent}`, source: text.source };
}

/** What the platform pastes is no quote and no comment of the script, however it looks. */
function withoutInsertions({ value, expressions }: Text, same: readonly Insertion[]): string {
  const spans = [...same, ...expressions.map(({ outer }) => outer)];
  return spans.reduce(
    (script, { start, end }) => script.slice(0, start) + 'x'.repeat(end - start) + script.slice(end),
    value,
  );
}

function isTaken(name: string, { value }: Text, job: Job): boolean {
  const variables = [...job.pipeline.env, ...job.env, ...job.steps.flatMap(({ env }) => env)];
  const used = [`$${name}`, `{${name}`, `env:${name}`, `${name}=`].some((each) => value.includes(each));
  return used || variables.some((each) => each.name === name);
}

/** Hands the value to the script as a variable; only where it is certain how every place of it is read. */
export function environmentFix(same: readonly Insertion[], job: Job): FixDraft | undefined {
  const [first] = same;
  const environment = ENVIRONMENTS[job.pipeline.platform];
  if (first === undefined || environment === undefined || same.length > INSERTIONS_MAX) return undefined;
  const { text } = first;
  const step = job.steps.find(({ work }) => work.kind === 'script' && work.text.node === text.node);
  const isExact = text.node.style === 'literal' || (text.node.style === 'plain' && text.node.exact);
  if (step?.work.kind !== 'script' || !isExact || text.value.length > SCRIPT_CHARACTERS_MAX) return undefined;
  const written = text.value.slice(first.start, first.end);
  const holder = findHolder(step.node, text);
  const shell = holder === undefined ? undefined : shellOf(step.work, holder, job);
  const name = variableFor(first);
  if (holder === undefined || shell === undefined || /["\\\n]/.test(written) || isTaken(name, text, job))
    return undefined;
  const declared =
    environment.form === 'list' ? `name: ${name}\nvalue: "${written}"` : `${name}: "${written}"`;
  const declaration = declare(holder, environment, declared, text);
  const script = withoutInsertions(text, same);
  const uses = same.map(({ start, end }): EditDraft | undefined => {
    const quoting = text.value.slice(start, end) === written ? quotingAt(script, start, shell) : undefined;
    if (quoting === undefined) return undefined;
    return { ...text.span(start, end), replacement: readVariable(name, quoting, shell), source: text.source };
  });
  const edits = [declaration, ...uses];
  if (!edits.every((edit) => edit !== undefined)) return undefined;
  return { title: `hand it over as the variable ${name}`, safety: 'unsafe', edits };
}
