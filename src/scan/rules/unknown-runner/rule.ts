import type { Job } from '#pipeline/model.ts';
import { expressionText, type Text } from '#pipeline/text.ts';
import type { Rule, RuleContext } from '../../rule.ts';
import { HOSTED_LABELS, SELF_HOSTED_LABELS } from '../../shared/hosted-runners.ts';
import { isForOtherServer } from '../../shared/other-servers.ts';
import { findNearest } from '../../shared/nearest-word.ts';

const HOSTED = new Set(HOSTED_LABELS);
const OWN = new Set(SELF_HOSTED_LABELS);
/** Another rule knows on which day they went. */
const RETIRED = /^(?:ubuntu-(?:1\d|20)\.04|macos-1[0-3](?:[.-].*)?|windows-20(?:16|19))$/;
const LOOKS_HOSTED = /^(?:ubuntu|windows|macos)-/;

/** Labels of a job, also those that come out of its matrix. */
function labelsOf(job: Job): readonly Text[] {
  const labels = job.runner?.labels ?? [];
  const names = new Set(
    labels.flatMap(({ expressions }) =>
      expressions.flatMap((each) => /^matrix\.([\w.-]{1,80})$/.exec(expressionText(each))?.[1] ?? []),
    ),
  );
  const values = job.matrix.flatMap(({ name, value }) =>
    value !== undefined && names.has(name) ? [value] : [],
  );
  return [...labels, ...values].filter(({ isConstant, value }) => isConstant && value !== '');
}

/** A hosted label that differs in letters only: `ubuntu-lastest`, and not a larger runner with a size in its name. */
function findMeant(label: string): string | undefined {
  const nearest = findNearest(label, HOSTED_LABELS);
  const digits = (text: string): string => text.replaceAll(/\D+/g, ' ').trim();
  const close = nearest !== undefined && Math.abs(nearest.length - label.length) <= 2;
  return close && digits(nearest) === digits(label) ? nearest : undefined;
}

function checkLabel(job: Job, label: Text, context: RuleContext): void {
  const name = label.value.trim().toLowerCase();
  if (HOSTED.has(name) || OWN.has(name) || RETIRED.test(name)) return;
  const shown = label.value.trim().slice(0, 60);
  const meant = findMeant(name);
  const key = `${job.id} ${name}`;
  if (meant !== undefined) {
    context.report({
      at: label.node,
      message: `no hosted runner has the label "${shown}"; did you mean "${meant}"?`,
      key,
      fixes: [
        {
          title: `write "${meant}"`,
          safety: 'unsafe',
          edits: [{ start: label.node.contentStart, end: label.node.contentEnd, replacement: meant }],
        },
      ],
    });
    return;
  }
  // A larger runner or one of somebody's own can have any name.
  const hosted = LOOKS_HOSTED.test(name);
  context.report({
    at: label.node,
    message: hosted
      ? `GitHub has no standard runner with the label "${shown}"`
      : `the label "${shown}" is none of a hosted runner, and the job does not say that it is self-hosted`,
    severity: hosted ? 'low' : 'info',
    confidence: 'low',
    persona: 'auditor',
    remedy:
      'Make sure that a runner with this label exists, and who may register one: whoever can, gets the job.',
    key,
  });
}

const SYSTEM = /^(ubuntu|linux|windows|macos)(?:-|$)/;
const ARCHITECTURES = new Set(['x64', 'arm', 'arm64']);

/** What a machine can be only once; undefined for labels that can stand beside any other. */
function traitOf(label: string): { readonly kind: string; readonly value: string } | undefined {
  if (HOSTED.has(label)) return { kind: 'system', value: label };
  if (ARCHITECTURES.has(label)) return { kind: 'architecture', value: label };
  const system = SYSTEM.exec(label)?.[1];
  return system === undefined ? undefined : { kind: 'system', value: label };
}

/** All labels of a list have to be on one machine. */
function checkConflicts(job: Job, context: RuleContext): void {
  const seen = new Map<string, string>();
  for (const label of job.runner?.labels ?? []) {
    const trait = label.isConstant ? traitOf(label.value.toLowerCase()) : undefined;
    if (trait === undefined) continue;
    const before = seen.get(trait.kind);
    if (before !== undefined && before !== trait.value) {
      context.report({
        at: label.node,
        message: `no runner is "${before}" and "${trait.value}" at once, so that the job ${job.id} waits for ever`,
        remedy: 'Labels of a list have to be on one machine; a matrix runs the job on each of several.',
        key: `${job.id} ${before} ${trait.value}`,
      });
      return;
    }
    seen.set(trait.kind, trait.value);
  }
}

export const rule: Rule = {
  id: 'unknown-runner',
  title: 'A runner that does not exist',
  severity: 'medium',
  confidence: 'high',
  persona: 'regular',
  platforms: ['github'],
  standards: { cicdSec: ['CICD-SEC-7'], cwe: ['CWE-1286'], cis: ['2.1.3'] },
  description:
    'Looks for labels under `runs-on` that are a misspelt hosted runner, and for lists of labels that no machine can have together.',
  why: 'The job waits until a runner with that label comes, a day at most, and a check that does not run stops nobody. Whoever may register a runner can register one under the misspelt name, and gets the job with its secrets.',
  remedy: 'Write the label of a hosted runner, or put `self-hosted` in front of the labels of your own.',
  references: [
    'https://docs.github.com/en/actions/reference/runners/github-hosted-runners',
    'https://docs.github.com/en/actions/how-tos/write-workflows/choose-where-workflows-run/choose-the-runner-for-a-job',
  ],
  aliases: ['actionlint/runner-label', 'octoscan/runner-label'],

  job(job, context) {
    if (job.pipeline.kind !== 'workflow' || job.runner === undefined) return;
    if (isForOtherServer(job.pipeline)) return;
    checkConflicts(job, context);
    if (job.runner.hosting === 'self-hosted' || job.runner.group !== undefined) return;
    const seen = new Set<string>();
    for (const label of labelsOf(job)) {
      if (seen.has(label.value)) continue;
      seen.add(label.value);
      checkLabel(job, label, context);
    }
  },
};
