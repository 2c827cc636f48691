import { gradeFinding } from '../../graph/attack.ts';
import type { ToldCrossing } from '../../graph/attack-analysis.ts';
import type { Report, RepositoryContext, Rule } from '../../rule.ts';

const MESSAGE_CHARS_MAX = 190;

const REMEDIES: Readonly<Record<ToldCrossing['crossing']['kind'], string>> = {
  artifact:
    'Take files only of runs that members cause (`event: push`, a `run-id` of this repository), unpack them into `${{ runner.temp }}`, and run nothing of them; or let the later job build anew from the reviewed commit.',
  cache:
    'Leave the cache out of jobs that publish or have secrets, and mend the job that outsiders take over: its finding stands beside this one.',
  dispatch:
    'Hand over numbers and commits only, never titles, bodies or branch names; in the started workflow read inputs from `env:` as quoted variables, `"$NAME"`.',
  output:
    'Read the output as a variable, `env: { VALUE: ${{ needs.<job>.outputs.<name> }} }` and `"$VALUE"`, and refuse what is not one of the values that you expect.',
  runner:
    'Give pull requests machines of their own: other labels or a group of their own, made for one job and thrown away after it (`--ephemeral`).',
};

/** A chain is worth everybody's time when its end is; one that ends at comments and labels is for tidy people. */
function verdictOf({
  crossing,
  reach,
  attack,
}: ToldCrossing): Pick<Report, 'confidence' | 'severity' | 'persona'> {
  const strong = reach.strength === 'project' || reach.strength === 'unknown';
  return {
    confidence: crossing.certain ? 'high' : 'medium',
    severity: gradeFinding({ severity: rule.severity, certain: crossing.certain }, reach.strength, attack),
    persona: strong ? 'regular' : 'pedantic',
  };
}

function report(told: ToldCrossing, context: RepositoryContext): void {
  const { crossing, path, attack } = told;
  context.reportIn(crossing.source, {
    at: crossing.span,
    message: crossing.message.slice(0, MESSAGE_CHARS_MAX),
    ...verdictOf(told),
    remedy: REMEDIES[crossing.kind],
    path,
    attack,
    key: `${crossing.kind} ${crossing.from.root.file} ${crossing.to.pipeline.file} ${crossing.to.id}`,
  });
}

export const rule: Rule = {
  id: 'attack-path',
  title: 'A way of outsiders leads from one job into another',
  severity: 'high',
  confidence: 'medium',
  persona: 'regular',
  platforms: ['github'],
  standards: { cicdSec: ['CICD-SEC-4', 'CICD-SEC-9'], cwe: ['CWE-829', 'CWE-501'], cis: ['2.3.1', '2.4.2'] },
  description:
    'Follows the code of outsiders from the job that runs it to others that trust that job: by artifacts, caches, outputs, machines, and workflows that a script starts. Reports where no single rule does; other findings get the same chain as their path.',
  why: 'Each job looks harmless by itself: one has no rights, the other runs no code of outsiders. Together they are one program that outsiders write and that has the rights of the project.',
  remedy:
    'Break the chain at the place that is marked: what comes from a job that outsiders reach is data there, to be checked, and never code.',
  references: [
    'https://securitylab.github.com/resources/github-actions-preventing-pwn-requests/',
    'https://docs.github.com/en/actions/reference/security/secure-use',
    'https://github.com/advisories/GHSA-5xr6-xhww-33m4',
  ],
  aliases: ['codeql/actions/artifact-poisoning/critical', 'gato-x/dispatch-toctou'],

  conclude(attacks, context) {
    const seen = new Set<string>();
    for (const told of attacks.unreported) {
      const { kind, source, span } = told.crossing;
      const key = `${kind} ${source.file} ${span.start}`;
      if (seen.has(key)) continue;
      seen.add(key);
      report(told, context);
    }
  },
};
