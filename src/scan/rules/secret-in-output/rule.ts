import { pathOf, walkExpression } from '#pipeline/expression.ts';
import type { Job, Script, Step, Variable } from '#pipeline/model.ts';
import type { Span } from '#pipeline/source.ts';
import type { Text } from '#pipeline/text.ts';
import type { Rule, RuleContext } from '../../rule.ts';
import { inputOf } from '../../shared/foreign-code.ts';
import { surfacePlatforms } from '../../shared/surface-jobs.ts';
import { reportWorst } from '../../shared/surface-report.ts';
import { isCovered, WRITES } from './paths.ts';
import { findOnSurfaces } from './surface.ts';

/** The secret that a text holds; the job’s own token ends with the run, and counts for artifacts only. */
function secretIn(text: Text | undefined): string | undefined {
  for (const { parsed } of text?.expressions ?? []) {
    if (!parsed.ok) continue;
    for (const node of walkExpression(parsed.root)) {
      const name = /^secrets\.(.+)$/.exec(pathOf(node) ?? '')?.[1];
      if (name !== undefined) return name.toUpperCase();
    }
  }
  return undefined;
}

function reportOutputs(outputs: readonly Variable[], context: RuleContext): void {
  for (const { name, value } of outputs) {
    const secret = secretIn(value);
    if (value === undefined || secret === undefined) continue;
    context.report({
      at: value.node,
      message: `the output ${name} hands ${secret} on: outputs are kept with the run, and not masked in other jobs`,
      remedy: `Let the job that needs ${secret} read \`\${{ secrets.${secret} }}\` itself.`,
      severity: 'medium',
    });
  }
}

/** Variables of a step that hold a secret, and the secret. */
function secretVariables(step: Step): Map<string, string> {
  const all = [...step.job.pipeline.env, ...step.job.env, ...step.env];
  return new Map(
    all.flatMap(({ name, value }): [string, string][] => {
      const secret = secretIn(value);
      return secret === undefined ? [] : [[name, secret]];
    }),
  );
}

interface Written {
  readonly span: Span;
  readonly file: string;
  readonly secret: string;
}

function secretOfLine(line: string, at: number, script: Script, step: Step): string | undefined {
  const direct = script.text.expressions.find(
    ({ outer }) => outer.start >= at && outer.end <= at + line.length,
  );
  const written = direct === undefined ? undefined : /secrets\.(\w+)/.exec(line)?.[1];
  if (written !== undefined) return written.toUpperCase();
  const variables = secretVariables(step);
  const used = [...line.matchAll(/\$\{?(\w+)/g)].map(([, name]) => name ?? '');
  return used.map((name) => variables.get(name)).find((secret) => secret !== undefined);
}

/** Files of the workspace into which a script writes a secret. */
function* filesWithSecrets(step: Step): Generator<Written> {
  const { work } = step;
  if (work.kind !== 'script' || !/>|\btee\b/.test(work.text.value)) return;
  let at = 0;
  for (const line of work.text.value.split('\n', 2_000)) {
    const file = WRITES.exec(line.slice(0, 2_000))?.[1];
    const secret = file === undefined ? undefined : secretOfLine(line, at, work, step);
    const start = at + line.length - line.trimStart().length;
    if (file !== undefined && secret !== undefined) {
      yield { file, secret, span: work.text.span(start, at + line.length) };
    }
    at += line.length + 1;
  }
}

function findUpload(written: Written, job: Job, after: number): Text | undefined {
  for (const { work } of job.steps.slice(after)) {
    if (work.kind !== 'action' || !/^actions\/upload-(?:pages-)?artifact$/.test(work.reference.repository))
      continue;
    const path = work.inputs.find(({ name }) => name === 'path')?.value;
    const hidden = /(?:^|\/)\.(?!\/)/.test(written.file) && inputOf(work, 'include-hidden-files') !== 'true';
    const paths = path?.value.split('\n').map((each) => each.trim()) ?? [];
    const whole =
      paths.some((each) => each === '.' || each === './' || each === '*') && !/^[/~$]/.test(written.file);
    if (!hidden && (whole || paths.some((each) => isCovered(written.file, each)))) return path;
  }
  return undefined;
}

function reportFiles(step: Step, context: RuleContext): void {
  for (const written of filesWithSecrets(step)) {
    const upload = findUpload(written, step.job, step.index + 1);
    if (upload === undefined) continue;
    context.report({
      at: written.span,
      message: `${written.secret} is written to ${written.file.slice(0, 60)}, and an artifact takes the file along`,
      remedy: `Write ${written.secret} below \`$RUNNER_TEMP\`, or leave ${written.file} out of the artifact.`,
      related: [{ at: upload.node, label: 'what is uploaded' }],
    });
  }
}

export const rule: Rule = {
  id: 'secret-in-output',
  title: 'A secret leaves the job in an output or an artifact',
  severity: 'high',
  confidence: 'high',
  persona: 'regular',
  platforms: ['github', ...surfacePlatforms],
  needs: ['secrets'],
  standards: { cicdSec: ['CICD-SEC-6'], cwe: ['CWE-200', 'CWE-532'], cis: ['2.3.8', '2.4.2'] },
  description:
    'Looks for secrets in the outputs of jobs and workflows, and for files that a script writes a secret into and that are then uploaded.',
  why: 'Whoever can read the repository can download its artifacts, in a public repository everybody. Masks hide a secret in logs, not in files.',
  remedy: 'Keep secrets in the step that uses them.',
  references: [
    'https://docs.github.com/en/actions/reference/security/secure-use#use-secrets-for-sensitive-information',
  ],
  aliases: ['codeql/actions/secrets-in-artifacts', 'sisakulint/secrets-in-artifacts'],

  repository(repository, context) {
    reportWorst(findOnSurfaces(repository), rule, context);
  },
  pipeline(pipeline, context) {
    reportOutputs(pipeline.outputs, context);
  },
  job(job, context) {
    reportOutputs(job.outputs, context);
  },
  step(step, context) {
    if (step.job.pipeline.platform === 'github') reportFiles(step, context);
  },
};
