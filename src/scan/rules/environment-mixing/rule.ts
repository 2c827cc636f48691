import type { Persona, Severity } from '#findings/severity.ts';
import { isStored, type Ranked, rank } from '../../shared/rank-things.ts';
import { type Thing, type ThingUse, thingsOf, zoneOf } from '../../shared/segmentation.ts';
import type { RepositoryContext, Rule } from '../../rule.ts';

/** From here on it is worth a change of its own, whatever else there is to do. */
const WEIGHT_MIN = 8;

const WORDS: Readonly<Record<Thing['kind'], string>> = {
  secret: 'the secret',
  'secret-group': 'the secrets of',
  connection: 'the connection',
  role: 'the',
  runner: 'the build agent',
  cache: 'the cache',
  image: 'the image',
  environment: 'the environment',
};

interface Mixing extends Ranked {
  /** Deploys or publishes with it. */
  readonly production: ThingUse;
  /** Has it when somebody else starts it. */
  readonly other: ThingUse;
}

function findMixing(thing: Thing): Mixing | undefined {
  const ranked = rank(thing);
  if (ranked === undefined || ranked.zone === 'by hand' || thing.stake.weight < WEIGHT_MIN) return undefined;
  const production = thing.uses.find(({ acts, zones }) => acts !== undefined && zones.has('production'));
  const others = thing.uses.filter(({ zones, runsForeignCode }) => {
    return ranked.zone === 'outsiders' ? runsForeignCode && zones.has('outsiders') : zones.has('development');
  });
  const other = others.find(({ job }) => job !== production?.job) ?? others[0];
  if (production === undefined || other === undefined) return undefined;
  return { ...ranked, production, other };
}

interface Verdict {
  readonly severity: Severity;
  readonly persona: Persona;
}

/** What a member may do is for people who look closely, unless it is a key to what runs that a mere test holds. */
function judge({ thing, zone, other, production }: Mixing): Verdict {
  // Where one job does both, the rules about untrusted code have said it, except of the machine.
  const isSure = other.starts.some((each) => zoneOf(each) === 'outsiders' && each.setting === undefined);
  const isNew = (other.job !== production.job || thing.kind === 'runner') && isSure;
  if (zone === 'outsiders') {
    // Where a setting outside of the files decides, nobody can see that they get in.
    const isSure = other.starts.some((start) => zoneOf(start) === zone && start.setting === undefined);
    return { severity: 'high', persona: isNew && isSure ? 'regular' : 'pedantic' };
  }
  const isKey = isStored(thing) || thing.kind === 'role';
  const isTest = other.job !== production.job && other.acts === undefined;
  const opensWhatRuns = thing.stake.kind === 'cloud' || thing.stake.kind === 'deploy';
  if (isKey && isTest && opensWhatRuns) return { severity: 'medium', persona: 'regular' };
  return { severity: 'low', persona: isKey ? 'pedantic' : 'auditor' };
}

function report(mixing: Mixing, context: RepositoryContext): void {
  const { thing, zone, other, production } = mixing;
  const start = other.starts.find((each) => zoneOf(each) === zone)?.what ?? 'somebody else';
  const name = thing.name.slice(0, 60);
  const acts = production.acts?.slice(0, 40) ?? '';
  const verb = acts.startsWith('pushes ') ? acts : `runs ${acts}`;
  const who =
    other.job === production.job ? `"${other.job.id.slice(0, 40)}"` : `"${other.job.id.slice(0, 40)}", too`;
  context.reportIn(other.source, {
    at: other.span,
    message: `${WORDS[thing.kind]} ${name}, with which "${production.job.id.slice(0, 40)}" ${verb}, is there for ${start} in ${who}`,
    ...judge(mixing),
    confidence: zone === 'outsiders' ? 'high' : 'medium',
    related: [{ at: production.span, source: production.source, label: `production: ${acts}` }],
    key: `${thing.kind} ${thing.name}`,
  });
}

export const rule: Rule = {
  id: 'environment-mixing',
  title: 'What production uses is there for development, too',
  severity: 'medium',
  confidence: 'medium',
  persona: 'regular',
  platforms: [
    'github',
    'gitlab',
    'azure',
    'circleci',
    'jenkins',
    'bitbucket',
    'tekton',
    'argo',
    'woodpecker',
  ],
  standards: { cicdSec: ['CICD-SEC-5', 'CICD-SEC-1'], cwe: ['CWE-653', 'CWE-668'], cis: ['5.1.3', '2.4.1'] },
  description:
    'Looks, over all pipelines of a repository, for a credential, cloud role or build agent with which a job deploys or publishes and that is also there when an outsider, a pull request or a branch of a member starts a job. Everybody sees it when code of outsiders reaches it, and when a test of a branch holds a key to a cloud or to what runs.',
  why: 'Whoever gets a change into a test that runs before review has what deploys: the review, the protected branch and the approval in front of production are walked around.',
  remedy:
    'Keep the credential in an environment (protected variable, restricted context, checked service connection) that only `main` and release tags may use, and give tests one of their own that can do less. `vouchgate inspect segmentation` lists all of them, with the change for each.',
  references: [
    'https://docs.github.com/en/actions/how-tos/deploy/configure-and-manage-deployments/manage-environments',
    'https://docs.gitlab.com/ci/environments/protected_environments/',
  ],
  aliases: ['taudit/cross_workflow_authority_chain'],

  repository(repository, context) {
    const mixings = thingsOf(repository).flatMap((thing) => findMixing(thing) ?? []);
    // One place says it once, about what is worth most there.
    const places = Map.groupBy(mixings, ({ other, production }) =>
      [other.job.id, other.source.file, production.job.id].join('\n'),
    );
    for (const same of places.values()) {
      const [worst] = same.toSorted((left, right) => right.score - left.score);
      if (worst !== undefined) report(worst, context);
    }
  },
};
