import { parseImageReference } from '#pipeline/reference.ts';
import type { ActionReference } from '#pipeline/reference.ts';
import type { Pipeline } from '#pipeline/model.ts';
import type { Text } from '#pipeline/text.ts';
import { asScalar, findValue } from '#pipeline/yaml/access.ts';
import type { ScalarNode } from '#pipeline/yaml/node.ts';
import type { Rule } from '../../rule.ts';

const IMAGE = 'docker://';

/** The image that a container action takes from a registry; a Dockerfile is part of the commit. */
function findMovingImage(pipeline: Pipeline): { node: ScalarNode; name: string } | undefined {
  const node = asScalar(findValue(findValue(pipeline.node, 'runs'), 'image'));
  if (node === undefined || !node.value.startsWith(IMAGE)) return undefined;
  const { name, pin } = parseImageReference(node.value.slice(IMAGE.length));
  return pin === 'tag' || pin === 'none' ? { node, name } : undefined;
}

/** By convention only the workflows beside it use such an action, at their own commit. */
function isForThisRepository({ file }: Pipeline): boolean {
  return file.startsWith('.github/');
}

function moves({ kind, pin }: ActionReference): boolean {
  return kind !== 'local' && (pin === 'tag' || pin === 'branch' || pin === 'none');
}

function movingUsesOf(pipeline: Pipeline): Text[] {
  return pipeline.jobs.flatMap(({ steps }) =>
    steps.flatMap(({ work }) => (work.kind === 'action' && moves(work.reference) ? [work.text] : [])),
  );
}

export const rule: Rule = {
  id: 'unpinnable-action',
  title: 'Who pins this action still gets what moves',
  severity: 'low',
  confidence: 'high',
  persona: 'pedantic',
  platforms: ['github'],
  standards: { cicdSec: ['CICD-SEC-3'], cwe: ['CWE-829', 'CWE-1357'], cis: ['3.1.1'] },
  description:
    'Looks at actions that others can use: a container action whose image is named by a tag, and a composite action that uses others by a tag or a branch.',
  why: 'Users pin the action to a commit and believe that they know what runs. The image or the inner action can be changed all the same, and none of their pins stops it.',
  remedy:
    'Pin what the action uses: images by digest (`docker://name:1.2.3@sha256:<64 hex>`), actions by their full commit. Users then get it with their own pin.',
  references: [
    'https://docs.github.com/en/actions/reference/workflows-and-actions/metadata-syntax#runsimage',
  ],
  aliases: ['poutine/unpinnable_action'],

  pipeline(pipeline, context) {
    if (pipeline.kind !== 'action' || isForThisRepository(pipeline)) return;
    const image = findMovingImage(pipeline);
    if (image !== undefined) {
      context.report({
        at: image.node,
        message: `this action runs the image ${image.name} by a tag, whichever commit of the action its users pin`,
      });
    }
    const moving = movingUsesOf(pipeline);
    if (moving.length === 0 || pipeline.runtime === undefined) return;
    context.report({
      at: pipeline.runtime.node,
      message: `${moving.length === 1 ? 'one use in this action moves' : `${moving.length} uses in this action move`}, whichever commit of the action its users pin`,
      related: moving.slice(0, 5).map(({ node }) => ({ at: node, label: 'can be moved' })),
      key: 'composite',
    });
  },
};
