import type { Text } from '#pipeline/text.ts';
import type { Rule } from '../../rule.ts';
import { gitlabVariables } from '../../shared/gitlab-configurations.ts';
import { hasKnownForm, looksRandom, OF_A_SERVICE } from '../../shared/random-value.ts';

const SECRET =
  /(?:^|_)(?:PASSWORD|PASSWD|PASSPHRASE|SECRET|TOKEN|API_?KEY|PRIVATE_?KEY|ACCESS_?KEY|SECRET_?KEY)$/;
/** Alone on its line, where the excerpt of a report hides the value. */
function standsAlone({ source, node }: Text, name: string): boolean {
  const line = source.line(source.position(node.start).line).trimStart();
  return line.startsWith(name) || line.startsWith(`"${name}"`) || line.startsWith(`'${name}'`);
}

export const rule: Rule = {
  id: 'gitlab-hardcoded-credential',
  title: 'A credential stands among the variables of the file',
  severity: 'high',
  confidence: 'medium',
  persona: 'regular',
  platforms: ['gitlab'],
  standards: { cicdSec: ['CICD-SEC-6'], cwe: ['CWE-798', 'CWE-259'], cis: ['1.5.1', '2.3.8'] },
  description:
    'Looks for variables with the name of a secret (`…_TOKEN`, `…_PASSWORD`, `…_API_KEY`) whose value stands in the file and looks random. Known forms of tokens are found by `hardcoded-secret`.',
  why: 'Everybody who can read the repository has it, also those of a fork or an old clone, and it stays in the history after it was removed. Nothing masks it in logs.',
  remedy:
    'Change it where it was issued, and store the new one as a masked, protected variable with an environment, or have it issued for each job with `id_tokens:`.',
  references: ['https://docs.gitlab.com/ci/variables/#cicd-variable-security'],
  aliases: [],

  repository(repository, context) {
    for (const { name, value, job } of gitlabVariables(repository)) {
      if (!SECRET.test(name) || OF_A_SERVICE.test(name) || !looksRandom(value.value)) continue;
      if (hasKnownForm(value.value)) continue;
      if (!standsAlone(value, name)) continue;
      const where = job === undefined ? 'every job' : `"${job.id.slice(0, 60)}"`;
      context.reportIn(value.source, {
        at: { start: value.node.start, end: value.node.start + 1 },
        message: `the value of ${name.slice(0, 60)} stands in the file, for ${where} and for everybody who can read it`,
        key: name,
      });
    }
  },
};
