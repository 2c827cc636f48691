import {
  draftReport,
  escapesItsLine,
  type FileInjection,
  findInjections,
  hasSuccessor,
} from '../../shared/file-injection.ts';
import type { Report, Rule } from '../../rule.ts';

type Verdict = Required<Pick<Report, 'message' | 'severity' | 'persona'>>;

/**
 * One line is the value that the author wanted, as long as no step behind reads the variable as code. Between quotes
 * nothing but the platform, which keeps titles to one line, sees to it that it stays one.
 */
function judgeValue({ carrier, privileged, taint, write, flow }: FileInjection): Verdict | undefined {
  if (!privileged || taint.shape !== 'text' || write.fenced) return undefined;
  const isQuoted = flow.effect === 'passes';
  const why = isQuoted ? '; nothing but its being one line keeps it from being two' : '';
  return {
    message: `${carrier} becomes the value of a variable of the steps behind${why}`,
    severity: 'low',
    persona: isQuoted ? 'pedantic' : 'auditor',
  };
}

/** Lines of its own are variables. */
function judgeLines({ carrier, privileged }: FileInjection, follows: boolean): Verdict {
  const lines = `${carrier} goes to GITHUB_ENV, where each of its lines is a variable for`;
  if (!follows)
    return { message: `${lines} a step that is added behind`, severity: 'low', persona: 'pedantic' };
  return {
    message: `${lines} the steps behind`,
    severity: privileged ? 'high' : 'low',
    persona: privileged ? 'regular' : 'pedantic',
  };
}

export const rule: Rule = {
  id: 'environment-injection',
  title: 'Outsiders set environment variables',
  severity: 'high',
  confidence: 'high',
  persona: 'regular',
  platforms: ['github'],
  needs: ['github_env', 'set-env'],
  standards: { cicdSec: ['CICD-SEC-4'], cwe: ['CWE-454', 'CWE-77'], cis: ['2.3.1'] },
  description:
    'Looks for scripts that write text with line breaks, or a file, of outsiders to `$GITHUB_ENV` while steps follow.',
  why: 'Each line of that file is a variable for all steps behind it. A body with a second line `BASH_ENV=…` or `LD_PRELOAD=…` makes the next step run a program of the writer’s, with the token and the secrets of the job.',
  remedy:
    'Hand the value over in `env:` of the step that needs it. Where it has to be the file, fence it: `D=$(openssl rand -hex 16)`, then `{ echo "BODY<<$D"; echo "$BODY"; echo "$D"; } >> "$GITHUB_ENV"`.',
  references: [
    'https://docs.github.com/en/actions/reference/workflows-and-actions/workflow-commands#setting-an-environment-variable',
    'https://www.synacktiv.com/publications/github-actions-exploitation-repo-jacking-and-environment-manipulation',
  ],
  incident: {
    name: 'Litestar (GHSL-2024-177)',
    date: '2024-08',
    what: 'A number was read from an artifact of a pull request and written to GITHUB_ENV with whatever else was in the file: it led to the secrets of the project.',
  },
  aliases: [
    'zizmor/github-env',
    'codeql/actions/envvar-injection/critical',
    'octoscan/dangerous-write',
    'kics/unsafe_env_write',
    'sisakulint/envvar-injection-critical',
  ],

  step(step, context) {
    const follows = hasSuccessor(step);
    for (const injection of findInjections(step, 'GITHUB_ENV', () => true, context)) {
      const { taint, flow, write } = injection;
      const escapes = escapesItsLine(taint, flow, write);
      const verdict = escapes ? judgeLines(injection, follows) : judgeValue(injection);
      if (verdict !== undefined) context.report({ ...draftReport(injection, 'GITHUB_ENV'), ...verdict });
    }
  },
};
