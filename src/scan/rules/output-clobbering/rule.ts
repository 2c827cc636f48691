import { findFileWrites } from '#pipeline/github/taint/command-files.ts';
import type { Step } from '#pipeline/model.ts';
import { draftReport, escapesItsLine, findInjections } from '../../shared/file-injection.ts';
import type { Rule } from '../../rule.ts';

/** Names that the step itself gives a value, on lines or as the head of a heredoc. */
function outputNames(step: Step): ReadonlySet<string> {
  return new Set(findFileWrites(step, 'GITHUB_OUTPUT').flatMap(({ name, within }) => name ?? within ?? []));
}

function escapeName(name: string): string {
  return name.replace(/[.*+?^${}()|[\]\\]/g, String.raw`\$&`);
}

/** Outputs that something reads; others of the step are worth nothing to an attacker. */
function readOutputs(step: Step): string[] {
  const { id, job } = step;
  if (id === undefined) return [];
  const text = job.pipeline.source.slice(job.node);
  return [...outputNames(step)].filter((name) =>
    new RegExp(String.raw`\bsteps\.${escapeName(id)}\.outputs\.${escapeName(name)}\b`, 'i').test(text),
  );
}

export const rule: Rule = {
  id: 'output-clobbering',
  title: 'Outsiders overwrite outputs of a step',
  severity: 'medium',
  confidence: 'high',
  persona: 'regular',
  platforms: ['github'],
  needs: ['github_output', 'set-output'],
  standards: { cicdSec: ['CICD-SEC-4'], cwe: ['CWE-74', 'CWE-93'], cis: ['2.3.1'] },
  description:
    'Looks for scripts that write text with line breaks, or a file, of outsiders to `$GITHUB_OUTPUT` next to another output that something reads.',
  why: 'Each line of that file is an output, and the last one of a name counts. A body with the lines `allowed=true` says what the step was to find out.',
  remedy:
    'Fence values with a delimiter that nobody can guess: `D=$(openssl rand -hex 16)`, then `{ echo "body<<$D"; echo "$BODY"; echo "$D"; } >> "$GITHUB_OUTPUT"`.',
  references: [
    'https://docs.github.com/en/actions/reference/workflows-and-actions/workflow-commands#multiline-strings',
  ],
  aliases: [
    'codeql/actions/output-clobbering/high',
    'octoscan/dangerous-write',
    'sisakulint/output-clobbering-critical',
  ],

  step(step, context) {
    const injections =
      step.id === undefined ? [] : findInjections(step, 'GITHUB_OUTPUT', escapesItsLine, context);
    const names = injections.length === 0 ? [] : readOutputs(step);
    for (const injection of injections) {
      const own = injection.write.name ?? injection.write.within;
      const other = names.find((name) => name !== own);
      if (other === undefined) continue;
      context.report({
        ...draftReport(injection, 'GITHUB_OUTPUT'),
        message: `${injection.carrier} goes to GITHUB_OUTPUT, and a line of it can overwrite the output ${other}`,
        severity: injection.privileged ? 'medium' : 'low',
        persona: injection.privileged ? 'regular' : 'pedantic',
      });
    }
  },
};
