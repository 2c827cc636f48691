import type { ForeignValue } from '../surface.ts';
import type { Actor } from '../trigger.ts';

interface Row {
  readonly path: RegExp;
  readonly what: string;
  readonly writtenBy: Actor;
}

/*
 * Pipeline values that are free text. CircleCI builds the pull requests of forks as `pull/<number>`, so the name of a
 * branch comes from somebody who may push. Messages of commits come from outside with what is merged: that of a merge
 * names the branch of the fork, and that of a squash is the title of the pull request.
 */
const ROWS: readonly Row[] = [
  {
    path: /^pipeline\.(?:git\.branch|trigger_parameters\.(?:gitlab|git|github_app)\.branch)$/,
    what: 'the name of the branch',
    writtenBy: 'member',
  },
  {
    path: /^pipeline\.(?:git\.tag|trigger_parameters\.(?:gitlab|git|github_app)\.tag)$/,
    what: 'the name of the tag',
    writtenBy: 'member',
  },
  {
    path: /^pipeline\.(?:git\.commit\.(?:subject|body|message|author_name|author_email)|trigger_parameters\.(?:gitlab|github_app)\.commit_(?:title|message|author_name|author_email))$/,
    what: 'the message of the commit',
    writtenBy: 'contributor-with-approval',
  },
  {
    path: /^pipeline\.event\.(?:github|bitbucket|gitlab)\.(?:pull_request|merge_request)\.(?:title|body|description)$/,
    what: 'the text of the pull request',
    writtenBy: 'anyone',
  },
  {
    path: /^pipeline\.(?:event\.github\.pull_request\.head\.(?:ref|label)|trigger_parameters\.(?:gitlab|github_app)\.(?:ref|merge_request_source_branch|pull_request_head_ref))$/,
    what: 'the name of the branch of the pull request',
    writtenBy: 'anyone',
  },
  {
    path: /^pipeline\.event\.github\.(?:comment|issue|review|discussion|commit_comment)\.(?:title|body)$/,
    what: 'a text that anybody may write',
    writtenBy: 'anyone',
  },
  {
    path: /^pipeline\.trigger_parameters\.webhook\.body(?:\..+)?$/,
    what: 'what is sent to the webhook',
    writtenBy: 'caller',
  },
];

/** A value of the pipeline that somebody else writes; undefined for what cannot carry code. */
export function foreignValueOf(path: string): ForeignValue | undefined {
  const row = ROWS.find((each) => each.path.test(path));
  return row === undefined ? undefined : { name: path, what: row.what, writtenBy: row.writtenBy };
}

/** Variables that every job has. User and repository names cannot hold anything but letters, digits and `-_.`. */
export const builtInForeignVariables: ReadonlyMap<string, ForeignValue> = new Map(
  [
    { name: 'CIRCLE_BRANCH', what: 'the name of the branch', writtenBy: 'member' } as const,
    { name: 'CIRCLE_TAG', what: 'the name of the tag', writtenBy: 'member' } as const,
  ].map((each) => [each.name, each]),
);
