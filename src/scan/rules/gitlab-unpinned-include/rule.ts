import { includesOf } from '#pipeline/gitlab/include-paths.ts';
import { type Include, isGitlabPipeline } from '#pipeline/gitlab/model.ts';
import type { Confidence, Persona, Severity } from '#findings/severity.ts';
import type { Rule } from '../../rule.ts';

interface Verdict {
  readonly message: string;
  readonly severity: Severity;
  readonly persona: Persona;
  readonly confidence?: Confidence;
}

function judgeRemote({ text, pin }: Include): Verdict | undefined {
  if (text.value.includes('$')) return undefined;
  if (text.value.startsWith('http://')) {
    const message = `jobs come from ${text.value} without encryption: anybody on the way can change them`;
    return { message, severity: 'high', persona: 'regular' };
  }
  if (pin !== 'none') return undefined;
  const message = `jobs come from ${text.value} as it is at that moment, without a hash that holds it`;
  const versioned = /[/@-]v?\d+\.\d+(?:\.\d+)?[/@]/.test(text.value);
  return { message, severity: versioned ? 'medium' : 'high', persona: 'regular' };
}

function judgeProject({ text, pin, ref }: Include): Verdict | undefined {
  const name = text.value;
  // The same project, whose branch was named on purpose.
  if (name.startsWith('$CI_PROJECT_')) return undefined;
  if (pin === 'none') {
    const message = `jobs come from the newest commit of ${name}`;
    return { message, severity: 'medium', persona: 'regular' };
  }
  const at = `jobs come from ${name} at ${ref?.value ?? ''}`;
  if (pin === 'branch')
    return { message: `${at}, a branch that moves`, severity: 'medium', persona: 'regular' };
  if (pin === 'tag')
    return { message: `${at}, a tag that can be moved`, severity: 'low', persona: 'pedantic' };
  const variable = /\$\{?(CI_COMMIT_REF_NAME|CI_COMMIT_BRANCH|CI_MERGE_REQUEST_SOURCE_BRANCH_NAME)\b/.exec(
    ref?.value ?? '',
  )?.[1];
  if (variable === undefined) return undefined;
  // A branch of the same name in the other project is what teams do on purpose with their own.
  const message = `whoever names a branch here chooses the branch of ${name} that jobs come from (${variable})`;
  return { message, severity: 'low', persona: 'pedantic' };
}

function judgeComponent({ text, pin }: Include): Verdict | undefined {
  const name = text.value;
  if (pin === 'none')
    return { message: `the component ${name} is the newest release`, severity: 'medium', persona: 'regular' };
  const version = name.slice(name.lastIndexOf('@') + 1);
  if (pin === 'branch' && !/^\d/.test(version)) {
    return {
      message: `the component ${name} is taken from a branch`,
      severity: 'medium',
      persona: 'regular',
      confidence: 'medium',
    };
  }
  if (pin === 'branch' || pin === 'tag') {
    const message = `the component ${name} is taken by a version, which stands for what its owner releases as it`;
    return { message, severity: 'low', persona: 'pedantic' };
  }
  return undefined;
}

function judge(include: Include): Verdict | undefined {
  switch (include.kind) {
    case 'remote':
      return judgeRemote(include);
    case 'project':
      return judgeProject(include);
    case 'component':
      return judgeComponent(include);
    case 'local':
    case 'template':
      break;
  }
  return undefined;
}

export const rule: Rule = {
  id: 'gitlab-unpinned-include',
  title: 'Included jobs can change without a commit here',
  severity: 'medium',
  confidence: 'high',
  persona: 'regular',
  platforms: ['gitlab'],
  standards: { cicdSec: ['CICD-SEC-3'], cwe: ['CWE-829', 'CWE-494'], cis: ['2.3.1', '3.1.1'] },
  description:
    'Looks for `include:`, also of child pipelines in `trigger:`, of addresses without `integrity`, of projects without `ref` or at a branch, and of components at `~latest` or a branch.',
  why: 'Included jobs run with the variables, the runners and the job token of this project. Whoever can change the other side changes this pipeline, and nobody here reviews it.',
  remedy:
    'Name a commit: `ref: <40 hex>` for a project, `@<40 hex>` for a component, and `integrity: sha256-<base64>` for an address.',
  references: [
    'https://docs.gitlab.com/ci/yaml/#includeintegrity',
    'https://docs.gitlab.com/ci/pipelines/pipeline_security/',
  ],
  aliases: [],

  pipeline(pipeline, context) {
    if (!isGitlabPipeline(pipeline)) return;
    for (const include of includesOf(pipeline)) {
      const verdict = judge(include);
      if (verdict === undefined) continue;
      const { ref } = include;
      const place = ref !== undefined && include.pin !== 'none' ? ref : include.text;
      context.report({ at: place.node, ...verdict, key: `${include.text.value}@${ref?.value ?? ''}` });
    }
  },
};
