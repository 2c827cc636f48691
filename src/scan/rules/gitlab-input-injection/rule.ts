import { inputNameOf } from '#pipeline/gitlab/inputs.ts';
import type { InputDefinition } from '#pipeline/model.ts';
import type { Repository } from '#pipeline/repository.ts';
import { expressionText, locateExpression } from '#pipeline/text.ts';
import type { Rule } from '../../rule.ts';
import { gitlabScriptLines } from '../../shared/gitlab-configurations.ts';

/** Definitions stand in a document of their own in the same file. */
function findInput(repository: Repository, file: string, name: string): InputDefinition | undefined {
  return repository.pipelines
    .filter((pipeline) => pipeline.file === file)
    .flatMap(({ inputs }) => inputs)
    .find((input) => input.name === name);
}

export const rule: Rule = {
  id: 'gitlab-input-injection',
  title: 'An input becomes part of a script',
  severity: 'low',
  confidence: 'medium',
  persona: 'pedantic',
  platforms: ['gitlab'],
  standards: { cicdSec: ['CICD-SEC-4'], cwe: ['CWE-78', 'CWE-94'], cis: ['2.3.1'] },
  description:
    'Looks for `$[[ inputs.name ]]` with free text inside of scripts. Worse with `expand_vars`, which puts values of variables into the code.',
  why: 'GitLab puts the text into the file before anything reads it. Whoever gives the input, or with `expand_vars` whoever writes the variable that it names, writes shell code for the job.',
  remedy:
    'Hand it over as a variable, `variables: { NAME: $[[ inputs.name ]] }`, and use `"$NAME"`; or allow only known values with `options:`, or quote it with `| posix_escape`.',
  references: ['https://docs.gitlab.com/ci/inputs/'],
  aliases: ['poutine/injection'],

  repository(repository, context) {
    for (const { text } of gitlabScriptLines(repository)) {
      for (const expression of text.expressions) {
        const name = inputNameOf(expression);
        const inner = expressionText(expression);
        if (name === undefined || /\|\s*posix_escape\b/.test(inner)) continue;
        const type = findInput(repository, text.source.file, name)?.type ?? 'string';
        if (type !== 'string') continue;
        const expands = /\|\s*expand_vars\b/.test(inner);
        const how = expands ? ', with the values of variables that it names' : '';
        context.reportIn(text.source, {
          at: locateExpression(expression),
          message: `the input "${name}" becomes shell code${how}`.slice(0, 190),
          severity: expands ? 'medium' : 'low',
          persona: expands ? 'regular' : 'pedantic',
        });
      }
    }
  },
};
