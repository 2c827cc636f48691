import type { CredentialKindId } from '../../../shared/static-credentials.ts';
import type { SourceText } from '#pipeline/source.ts';
import type { TextEdit } from '../../../fix/apply-edits.ts';
import type { StoredCredential, StoredUse } from '../recognise/stored-use.ts';
import { newlineOf } from './mapping-edits.ts';
import { NeedsHand } from './needs-hand.ts';

interface TokenFile {
  /** The variable in which programs look for the path of the token. */
  readonly variable: string;
  /** Id of the credential of the kind “OpenID Connect id token as file”. */
  readonly credential: string;
  /** Variables beside it: what to be, and that there is no secret. */
  readonly also: readonly (readonly [name: string, value: string])[];
  /** Only what this variable held can be a token. */
  readonly holder: RegExp;
}

const TOKEN_FILES: Readonly<Partial<Record<CredentialKindId, TokenFile>>> = {
  aws: {
    variable: 'AWS_WEB_IDENTITY_TOKEN_FILE',
    credential: 'aws-identity-token',
    also: [['AWS_ROLE_ARN', 'arn:aws:iam::111122223333:role/ROLE']],
    holder: /^AWS_SECRET_ACCESS_KEY$/,
  },
  azure: {
    variable: 'ARM_OIDC_TOKEN_FILE_PATH',
    credential: 'azure-identity-token',
    also: [['ARM_USE_OIDC', 'true']],
    holder: /^ARM_CLIENT_SECRET$/,
  },
};

const ENTRY = /^\s*(\w{1,100})\s*=\s*credentials\s*\([^()\n]{1,200}\)\s*$/;
const COMPANION = /^\s*AWS_(?:ACCESS_KEY_ID|SESSION_TOKEN)\s*=\s*credentials\s*\([^()\n]{1,200}\)\s*$/;
/** One binding of a list, written on one line. */
const BINDING =
  /\[\s*\$class\s*:\s*['"]AmazonWebServicesCredentialsBinding['"][^\][\n]{0,400}\]|\baws\s*\([^()\n]{0,400}\)/g;
/** Around a line, its companions stand in the same block. */
const LINES_AROUND = 6;

function lineSpan(source: SourceText, line: number): { start: number; end: number } {
  return { start: source.lineStart(line), end: source.lineStart(line + 1) };
}

/** `NAME = credentials('id')` of an `environment` block becomes the path of a token. */
function changeEntry(source: SourceText, line: number, file: TokenFile): TextEdit[] {
  const text = source.line(line);
  const [pad = ''] = /^\s*/.exec(text) ?? [];
  const newline = newlineOf(source);
  const lines = [
    `${pad}${file.variable} = credentials('${file.credential}')`,
    ...file.also.map(([name, value]) => `${pad}${name} = '${value}'`),
  ];
  const edits: TextEdit[] = [
    { ...lineSpan(source, line), replacement: lines.map((each) => `${each}${newline}`).join('') },
  ];
  for (
    let near = Math.max(1, line - LINES_AROUND);
    near <= Math.min(source.lineCount, line + LINES_AROUND);
    near += 1
  )
    if (near !== line && COMPANION.test(source.line(near)))
      edits.push({ ...lineSpan(source, near), replacement: '' });
  return edits;
}

function changeBinding(source: SourceText, { span }: StoredUse, line: number, file: TokenFile): TextEdit[] {
  const { start } = lineSpan(source, line);
  for (const match of source.line(line).matchAll(BINDING)) {
    const from = start + match.index;
    const to = from + match[0].length;
    if (span.start < from || span.end > to) continue;
    return [
      {
        start: from,
        end: to,
        replacement: `file(credentialsId: '${file.credential}', variable: '${file.variable}')`,
      },
    ];
  }
  throw new NeedsHand('the binding is written in a way that is not changed here');
}

/** The build is given a token of its own in the place of the key. @throws {NeedsHand} */
export function patchJenkins({ kind, uses, job }: StoredCredential): readonly TextEdit[] {
  const file = TOKEN_FILES[kind.id];
  if (file === undefined) throw new NeedsHand('no way without a stored value is known');
  const scripts = job.pipeline.jobs.flatMap(({ steps }) =>
    steps.flatMap(({ work }) => (work.kind === 'script' ? [work.text.value] : [])),
  );
  if (scripts.some((text) => uses.some(({ holder }) => holder !== '' && text.includes(holder))))
    throw new NeedsHand('the script itself handles the value');
  return uses.flatMap((use) => {
    if (!file.holder.test(use.holder))
      throw new NeedsHand('the variable that holds it is not the one that programs look for');
    const { line } = use.source.position(use.span.start);
    if (use.source !== job.pipeline.source) throw new NeedsHand('it is bound in another file');
    return ENTRY.test(use.source.line(line))
      ? changeEntry(use.source, line, file)
      : changeBinding(use.source, use, line, file);
  });
}
