import type { ActionUse, Job, Script, Step, Variable } from '#pipeline/model.ts';
import type { Span } from '#pipeline/source.ts';
import type { Rule } from '../../rule.ts';
import { type SecretUse, secretsIn, secretVariablesAt } from '../../shared/secret-use.ts';
import { shellLinesOf } from '../../shared/shell-lines.ts';
import { registries, type Registry } from './registries.ts';

const ADDRESS = /https?:\/\/([a-z0-9.-]{1,253})/gi;

function inputOf(inputs: readonly Variable[], name: string): Variable | undefined {
  return inputs.find((each) => each.name.toLowerCase() === name);
}

/** Addresses that say where a step publishes: a private registry has its own rules. */
function goesElsewhere(target: Registry, texts: readonly string[]): boolean {
  const hosts = texts.flatMap((text) => [...text.matchAll(ADDRESS)].map(([, host]) => host ?? ''));
  return hosts.length > 0 && !hosts.some((host) => target.hosts.test(host.toLowerCase()));
}

/** Addresses of the registry that a set-up step before this one put into the configuration. */
function configuredAddresses(job: Job): string[] {
  return job.steps.flatMap(({ work }) => {
    const address = work.kind === 'action' ? inputOf(work.inputs, 'registry-url')?.value?.value : undefined;
    return address === undefined ? [] : [address];
  });
}

function findVariable(target: Registry, step: Step): SecretUse | undefined {
  return secretVariablesAt(step).find(({ name }) => target.variable.test(name.toUpperCase()))?.use;
}

interface Publication {
  readonly target: Registry;
  readonly at: Span;
  readonly token: SecretUse;
}

/** Secrets that the line itself names, or that its variables hold. */
function findToken(line: string, target: Registry, step: Step, { text }: Script): SecretUse | undefined {
  const written = secretsIn(text).find(({ expression: { outer } }) =>
    line.includes(text.value.slice(outer.start, outer.end)),
  );
  return findVariable(target, step) ?? written;
}

const REHEARSAL = /\s(?:--dry-run|-n)(?=\s|$)/;

function findInScript(step: Step, script: Script, target: Registry): Publication | undefined {
  for (const line of shellLinesOf(script.text)) {
    const match = target.command.exec(line.code);
    if (match === null || REHEARSAL.test(line.code)) continue;
    if (goesElsewhere(target, [script.text.value, ...configuredAddresses(step.job)])) return undefined;
    const token = findToken(line.code, target, step, script);
    if (token === undefined) continue;
    return { target, token, at: line.locate(match.index, match.index + match[0].length) };
  }
  return undefined;
}

function findInAction(step: Step, use: ActionUse, target: Registry): Publication | undefined {
  const { repository } = use.reference;
  if (!Object.hasOwn(target.actions, repository)) return undefined;
  const input = target.actions[repository];
  const given = input === undefined ? undefined : secretsIn(inputOf(use.inputs, input)?.value)[0];
  const token = given ?? findVariable(target, step);
  const addresses = ['repository-url', 'repository_url', 'registry', 'gem-server'].flatMap(
    (name) => inputOf(use.inputs, name)?.value?.value ?? [],
  );
  if (token === undefined || goesElsewhere(target, [...addresses, ...configuredAddresses(step.job)])) {
    return undefined;
  }
  return { target, token, at: use.text.node };
}

function findPublication(step: Step, target: Registry): Publication | undefined {
  const { work } = step;
  if (work.kind === 'action') return findInAction(step, work, target);
  return work.kind === 'script' ? findInScript(step, work, target) : undefined;
}

export const rule: Rule = {
  id: 'static-registry-token',
  title: 'A package is published with a stored token',
  severity: 'low',
  confidence: 'high',
  persona: 'regular',
  platforms: ['github'],
  standards: { cicdSec: ['CICD-SEC-6', 'CICD-SEC-9'], cwe: ['CWE-798', 'CWE-262'], cis: ['4.2.3'] },
  description:
    'Looks for publishing to PyPI, npm, Cargo, RubyGems and NuGet with a token out of the secrets.',
  why: 'Whoever gets the token publishes under your name from anywhere, as often as they like. Those registries can accept the identity of one workflow instead, for which nothing has to be stored.',
  remedy: 'Register this workflow as a trusted publisher, and delete the token.',
  references: ['https://repos.openssf.org/trusted-publishers-for-all-package-repositories'],
  incident: {
    name: 'Nx (s1ngularity)',
    date: '2025-08',
    what: 'A stored token of npm was taken from a workflow, and releases that searched machines for secrets were published with it.',
  },
  aliases: ['zizmor/use-trusted-publishing'],

  step(step, context) {
    for (const target of registries) {
      const found = findPublication(step, target);
      if (found === undefined) continue;
      const { at, token } = found;
      const named = token.name === '' ? 'a stored token' : `the stored token ${token.name}`;
      context.report({
        at,
        message: `${named} publishes to ${target.name}, which could trust this workflow instead`,
        remedy: `Give the job \`id-token: write\` and an environment, ${target.instead}. Then delete the token.`,
        related: [{ at: token.span, label: 'the token' }],
      });
    }
  },
};
