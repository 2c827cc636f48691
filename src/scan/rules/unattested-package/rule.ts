import { effectivePermissions } from '#pipeline/permissions.ts';
import type { ActionUse, Job, Script, Step } from '#pipeline/model.ts';
import type { Span } from '#pipeline/source.ts';
import type { Rule, RuleContext } from '../../rule.ts';

const PUBLISHES =
  /(?:^|[;&|(]|\bthen\b|\bdo\b)\s*(?:\w+=\S*\s+|npx\s+)*(?:npm|pnpm)\s+(?:[-\w]+\s+){0,4}?publish\b(?![-:])/;
const PRIVATE = /--registry[= ]|--dry-run|--provenance\b(?!=false)|\brun\s+publish/;
const PUBLIC_NPM = /registry\.npmjs\.org/;

/** Another registry: provenance is a thing of the public one. */
function usesOtherRegistry(job: Job): boolean {
  return job.steps.some(({ work }) => {
    if (work.kind !== 'action') return false;
    const url = work.inputs.find(({ name }) => name === 'registry-url')?.value?.value;
    return url !== undefined && !PUBLIC_NPM.test(url);
  });
}

function asksByEnvironment(step: Step): boolean {
  return [...step.env, ...step.job.env, ...step.job.pipeline.env].some(
    ({ name, value }) => name.toUpperCase() === 'NPM_CONFIG_PROVENANCE' && value?.value !== 'false',
  );
}

function findInScript(script: Script): Span | undefined {
  if (!script.text.value.includes('publish')) return undefined;
  const { text } = script;
  for (const line of text.value.replaceAll('\\\n', '  ').matchAll(/[^\n]+/g)) {
    if (/^\s*(?:#|echo\b)/.test(line[0]) || line[0].length > 4_000 || PRIVATE.test(line[0])) continue;
    const match = PUBLISHES.exec(line[0]);
    if (match === null) continue;
    const start = line.index + match.index + match[0].search(/p?npm\s/);
    return text.span(start, line.index + match.index + match[0].length);
  }
  return undefined;
}

function findInAction(use: ActionUse): Span | undefined {
  if (use.reference.repository !== 'js-devtools/npm-publish') return undefined;
  const input = (wanted: string) => use.inputs.find(({ name }) => name === wanted)?.value?.value;
  if (input('provenance') === 'true' || input('dry-run') === 'true') return undefined;
  const registry = input('registry');
  return registry === undefined || PUBLIC_NPM.test(registry) ? use.text.node : undefined;
}

function check(step: Step, context: RuleContext): void {
  const { work, job } = step;
  if (work.kind === 'other') return;
  const at = work.kind === 'script' ? findInScript(work) : findInAction(work);
  if (at === undefined || asksByEnvironment(step) || usesOtherRegistry(job)) return;
  // With an identity token and no other one, npm publishes as a trusted publisher, and attests by itself.
  const token = /NODE_AUTH_TOKEN|NPM_TOKEN|_authToken/i.test(job.pipeline.source.slice(job.node));
  const identity = effectivePermissions(job).access('id-token') === 'write';
  if (identity && !token) return;
  context.report({
    at,
    message: identity
      ? `the job ${job.id} publishes a package without provenance`
      : `the job ${job.id} publishes a package and has no identity to attest where it was built`,
  });
}

export const rule: Rule = {
  id: 'unattested-package',
  title: 'A package is published without provenance',
  severity: 'low',
  confidence: 'medium',
  persona: 'pedantic',
  platforms: ['github'],
  needs: ['publish'],
  onlyForGithub: true,
  standards: { cicdSec: ['CICD-SEC-9'], cwe: ['CWE-353'], cis: ['2.4.6', '4.1.1'] },
  description:
    'Looks for npm packages that are published to the public registry without provenance: no trusted publishing, no `--provenance`, or no `id-token: write` for it.',
  why: 'Whoever has the token publishes from anywhere, and nobody can tell that from a release: provenance ties a package to the repository, the commit and the run that built it.',
  remedy:
    'Register the workflow as a trusted publisher of the package, give the job `permissions: { id-token: write }` and take the token away; or add `--provenance`.',
  references: [
    'https://docs.npmjs.com/trusted-publishers',
    'https://docs.npmjs.com/generating-provenance-statements',
  ],
  incident: {
    name: 'Nx (s1ngularity)',
    date: '2025-08',
    what: 'Versions that no workflow had built were published with a stolen token; they had no provenance, and nothing asked for it.',
  },
  aliases: ['codeql/actions/missing-provenance-flag'],

  step(step, context) {
    if (step.job.pipeline.kind === 'workflow') check(step, context);
  },
};
