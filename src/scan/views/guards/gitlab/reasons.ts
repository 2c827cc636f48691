import type { ExpressionNode } from '#pipeline/expression.ts';
import type { GitlabJob } from '#pipeline/gitlab/model.ts';
import { NAME_CHARS_MAX, shorten } from '../judged-guard.ts';
import type { Reason } from '../reasons.ts';
import { clausesOf, nodesOf, writeCondition } from './conditions.ts';

const PART_CHARS_MAX = 100;

/** What a variable says and does not say; the first that fits. */
const WORTH: readonly (readonly [variable: RegExp, why: string])[] = [
  [
    /^CI_COMMIT_REF_PROTECTED$/,
    'true on protected refs alone, as protected variables are; who may push there is a setting',
  ],
  [
    /^CI_MERGE_REQUEST_LABELS$/,
    'a label is put on by anybody with the Reporter role, and stays when new commits come',
  ],
  [/^CI_MERGE_REQUEST_APPROVED$/, 'an approval; whether it falls when new commits come is a setting'],
  [
    /^CI_MERGE_REQUEST_(?:SOURCE_)?PROJECT_(?:PATH|ID|URL)$/,
    'tells forks from branches of the project, which developers make',
  ],
  [
    /^CI_MERGE_REQUEST_(?:SOURCE|TARGET)_BRANCH_NAME$/,
    'whoever opens the merge request chooses its branches; nothing of it is merged yet',
  ],
  [/^CI_MERGE_REQUEST_(?:TITLE|DESCRIPTION|MILESTONE|ASSIGNEES)$/, 'its author chooses the text'],
  [/^CI_MERGE_REQUEST_/, 'says what kind of pipeline it is, not who started it'],
  [/^CI_COMMIT_TAG$/, 'developers push tags, unless tags are protected, which is a setting'],
  [
    /^CI_COMMIT_(?:BRANCH|REF_NAME|REF_SLUG)$/,
    'the default branch is protected unless somebody changed that; of others, settings say who may push',
  ],
  [/^CI_COMMIT_(?:MESSAGE|TITLE|DESCRIPTION|AUTHOR)$/, 'whoever makes the commit writes it'],
  [/^GITLAB_USER_/, 'whoever started the pipeline, who need not have written the code'],
  [/^CI_PIPELINE_SOURCE$/, 'says how the run started, not who did it'],
  [/^CI_PROJECT_|^CI_SERVER_/, 'tells the project from its copies, and stops nobody in it'],
  [/^CI_/, 'the platform says it, of the run and not of who started it'],
  [
    /./,
    'a variable: of the project, of the file, or of whoever starts a run by hand where the settings let them',
  ],
];

function worthOf(node: ExpressionNode): Reason[] {
  if (node.kind !== 'binary' || node.operator === '&&' || node.operator === '||') return [];
  const variable = [node.left, node.right].find((each) => each.kind === 'context');
  if (variable?.kind !== 'context') return [];
  const why = WORTH.find(([pattern]) => pattern.test(variable.name))?.[1];
  return why === undefined ? [] : [{ part: shorten(writeCondition(node), PART_CHARS_MAX), why }];
}

/** A variable that only has to be there. */
function worthOfBare(node: ExpressionNode): Reason[] {
  const parts =
    node.kind === 'binary' && (node.operator === '&&' || node.operator === '||')
      ? [node.left, node.right]
      : [];
  return parts.flatMap((each) => (each.kind === 'context' ? worthOfName(each.name) : []));
}

function worthOfName(name: string): Reason[] {
  const why = WORTH.find(([pattern]) => pattern.test(name))?.[1];
  return why === undefined ? [] : [{ part: shorten(`$${name}`, PART_CHARS_MAX), why }];
}

function isManual({ when, rules }: GitlabJob): boolean {
  return (
    when === 'manual' || (rules.kind === 'rules' && rules.clauses.some((clause) => clause.when === 'manual'))
  );
}

function worthOfWords({ rules }: GitlabJob): Reason[] {
  if (rules.kind !== 'legacy' || rules.only.length === 0) return [];
  return [
    {
      part: shorten(`only: ${rules.only.join(', ')}`, PART_CHARS_MAX),
      why: 'names refs and ways to start; who may push to a ref is a setting',
    },
  ];
}

/** Parts that are worth the same are said together. */
function joinAlike(reasons: readonly Reason[]): readonly Reason[] {
  return [...Map.groupBy(reasons, ({ why }) => why)].map(([why, same]) => {
    const parts = [...new Set(same.map(({ part }) => part))];
    const more = parts.length > 1 ? ` (and ${parts.length - 1} more like it)` : '';
    return { part: parts[0] ?? '', why: `${why}${more}` };
  });
}

/** What each part of a job’s rules is worth, and what is not in the file. */
export function reasonsFor(job: GitlabJob): readonly Reason[] {
  const clauses = clausesOf(job);
  const nodes = nodesOf(clauses);
  const whole = clauses.flatMap(({ if: node }) => (node?.kind === 'context' ? worthOfName(node.name) : []));
  const environment = job.environment?.name.value;
  return joinAlike([
    ...(isManual(job)
      ? [
          {
            part: 'when: manual',
            why: 'whoever may push to the branch may press the button, too: it asks, and stops nobody',
          },
        ]
      : []),
    ...nodes.flatMap((node) => [...worthOf(node), ...worthOfBare(node)]),
    ...whole,
    ...worthOfWords(job),
    ...(clauses.some(({ asksForFiles }) => asksForFiles !== undefined)
      ? [{ part: 'changes:', why: 'whoever makes the change decides which files it touches' }]
      : []),
    ...(environment === undefined
      ? []
      : [
          {
            part: `environment: ${environment.slice(0, NAME_CHARS_MAX)}`,
            why: 'a protected environment lets deploy whom it names, with approvals where they are set; both are settings that no file shows',
          },
        ]),
  ]);
}
