import { needsOfRestPath } from './api-needs.ts';
import { needsOfGh, wordsOf } from './gh-needs.ts';
import type { TokenOwner } from './job-token.ts';
import { readScopes, type ScopeAccess } from './need.ts';

/** What is known around a command. */
export interface CommandSituation {
  /** Whose token `gh` works with. */
  readonly gh: TokenOwner;
  /** Whether any variable of the step is the job’s token, or the script has it pasted in. */
  readonly handed: boolean;
  /** Whether some variable has a token or a key that is not the job’s. */
  readonly otherToken: boolean;
  /** Whether checkout left the job’s token behind for `git`. */
  readonly persisted: boolean;
  /** Whether an earlier step of the job logged in with the job’s token. */
  readonly loggedIn: boolean;
}

/** `undefined`: gets the token, and nobody knows what for. `none`: nothing that is known uses the token. */
export type CommandNeeds = readonly ScopeAccess[] | undefined | 'none';

const GIT_PUSH = /^git\s+(?:-[cC]\s+\S{1,200}\s+|--?\S{1,200}\s+){0,9}push\b/;
const GIT_READ =
  /^git\s+(?:-[cC]\s+\S{1,200}\s+|--?\S{1,200}\s+){0,9}(?:clone|fetch|pull|ls-remote|submodule\s+update)\b/;
const ANY_GIT = /^git\b/;
const PUSHES_PAGES =
  /^(?:(?:python3?\s+-m\s+|poetry\s+run\s+|uv\s+run\s+)?mkdocs\s+gh-deploy|(?:\S+\s+)?mike\s+deploy\b(?=.*\s(?:--push|-p)\b)|(?:npx\s+(?:--?\S+\s+)?)?gh-pages\s)/;
const PACKAGES =
  /^(?:(?:\.\/)?mvnw?\b.{0,300}\bdeploy\b|(?:\.\/)?gradlew?\b.{0,300}\bpublish|dotnet\s+nuget\s+push|nuget\s+push|gem\s+push|(?:npm|pnpm|yarn|yarn\s+npm)\s+publish|lerna\s+publish|sbt\b.{0,200}\bpublish)/;
const NPM_PUBLISH = /^(?:npm|pnpm)\s+publish\b/;
const IMAGE_PUSH =
  /^(?:docker|podman|buildah|nerdctl|helm|oras|skopeo|crane|ko)\b.{0,200}\b(?:push|copy|publish|build)\b/;
const IMAGE_LOGIN = /^(?:docker|podman|buildah|helm\s+registry|oras|crane\s+auth|skopeo)\s+login\b/;
const IMAGE_PULL = /^(?:docker|podman|nerdctl)\s+(?:pull|run|compose\s+(?:pull|up|run))\b/;
const GORELEASER = /^(?:\S*\/)?goreleaser\s+(?:release\b(?!.*--snapshot))/;
const SEMANTIC_RELEASE = /^(?:npx\s+(?:--?\S+\s+){0,3})?semantic-release\b/;
const COSIGN = /^cosign\s+(?:sign|attest|sign-blob|attest-blob)\b(?!.*--key\b)/;
const IDENTITY = /ACTIONS_ID_TOKEN_REQUEST_(?:URL|TOKEN)/;
const CURL = /^(?:curl|wget|http|Invoke-(?:RestMethod|WebRequest))\b/i;
const CURL_METHOD =
  /(?:\s-X\s{0,3}|\s--request[\s=]|\s-[a-zA-Z]{1,8}X\s|\s-Method\s)["']?(GET|POST|PUT|PATCH|DELETE)\b/i;
const CURL_BODY = /\s(?:-d|-F|--data(?:-\w+)?|--form|-T|--upload-file|-Body)\b/;
const API_URL =
  /(?:https:\/\/(?:api|uploads)\.github\.com|\$\{?GITHUB_API_URL\}?|\$\{\{\s{0,5}github\.api_url\s{0,5}\}\})\/([^\s"'?]{1,300})/;
const PACKAGE_HOST = /\b[a-z]{1,20}\.pkg\.github\.com\b/;

/** Programs of the shell itself and of the system, which do nothing with a token that they happen to get. */
const PLAIN =
  /^(?:(?:echo|printf|cat|cd|ls|mkdir|rm|cp|mv|test|set|export|if|then|else|fi|for|done|do|while|sleep|exit|true|false|jq|yq|sed|awk|grep|egrep|head|tail|sort|uniq|tr|cut|wc|date|tar|zip|unzip|gzip|touch|chmod|find|xargs|tee|diff|read|local|return|break|continue|shift|case|esac|unset|source|which|command|type|env|pwd|basename|dirname|seq|shopt|trap|wait|kill|base64|sha256sum|openssl|apt-get|apt|brew|pip3?\s+install|npm\s+(?:ci|install|i)|yarn\s+install|pnpm\s+install|git|gh|docker|Write-(?:Host|Output))(?=$|[\s;])|\[|\$\w{1,80}\s{0,9}=|\w{1,80}=|[{}()]|-)/;

function apiCall(code: string): CommandNeeds {
  const path = API_URL.exec(code)?.[1];
  if (path === undefined) return 'none';
  const method = CURL_METHOD.exec(code)?.[1] ?? (CURL_BODY.test(code) ? 'POST' : 'GET');
  return path === 'graphql' ? undefined : needsOfRestPath(method, path);
}

function packagesOf(code: string, { handed, loggedIn, otherToken }: CommandSituation): CommandNeeds {
  const provenance = /--provenance\b/.test(code) ? 'id-token:w' : '';
  // The registry of the language itself, with a key of its own.
  const elsewhere = /api\.nuget\.org|www\.nuget\.org|registry\.npmjs\.org|rubygems\.org/.test(code);
  if (!elsewhere && (handed || (loggedIn && !otherToken))) return readScopes(`packages:w ${provenance}`);
  // Without any key, npm logs in with the identity of the job.
  if (NPM_PUBLISH.test(code) && !otherToken) return readScopes('id-token:w');
  return readScopes(provenance);
}

function imagesOf(code: string, { handed, loggedIn, otherToken }: CommandSituation): CommandNeeds {
  if (IMAGE_LOGIN.test(code)) {
    const own = handed && (PACKAGE_HOST.test(code) || /\bghcr\.io\b/.test(code) || !otherToken);
    return own ? readScopes('registry:w') : [];
  }
  if (IMAGE_PULL.test(code)) return loggedIn ? readScopes('packages:r') : [];
  return loggedIn && /\b(?:push|copy|publish)\b/.test(code) ? readScopes('packages:w') : [];
}

/** What one simple command needs of the job’s token. */
export function needsOfCommand(code: string, situation: CommandSituation): CommandNeeds {
  const { gh, handed, persisted } = situation;
  if (IDENTITY.test(code)) return readScopes('id-token:w');
  if (/^gh\s/.test(code)) return gh === 'own' ? needsOfGh(code) : 'none';
  if (GIT_PUSH.test(code)) return persisted || handed ? readScopes('contents:w') : [];
  if (GIT_READ.test(code)) return persisted ? readScopes('contents:r') : 'none';
  if (ANY_GIT.test(code)) return 'none';
  if (PUSHES_PAGES.test(code)) return persisted || handed ? readScopes('contents:w') : [];
  if (CURL.test(code)) {
    if (!handed) return 'none';
    if (PACKAGE_HOST.test(code))
      return readScopes(CURL_METHOD.test(code) || CURL_BODY.test(code) ? 'packages:w' : 'packages:r');
    return apiCall(code);
  }
  if (COSIGN.test(code)) return readScopes('id-token:w');
  if (PACKAGES.test(code)) return packagesOf(code, situation);
  if (IMAGE_LOGIN.test(code) || IMAGE_PUSH.test(code) || IMAGE_PULL.test(code))
    return imagesOf(code, situation);
  if (GORELEASER.test(code)) return handed ? readScopes('contents:w') : [];
  if (SEMANTIC_RELEASE.test(code)) return handed ? readScopes('contents:w issues:w pull-requests:w') : [];
  return 'none';
}

/** The names of what releases something by git, in one way or another. */
const PUSHES_BY_NAME = /(?:^|[\s/:_.-])(?:release|deploy|publish|bump|version|gh-pages)(?:[\s:_.-]|$)/i;
const OPAQUE =
  /^(?:make|just|task|npm\s+run|npx|yarn|pnpm|bun|lerna|nx|turbo|(?:ba|z)?sh\s|python3?\s|node\s|ruby\s|rake|bundle\s+exec|\.{1,2}\/|poetry\s+run|uv\s+run|cargo\s+(?:release|smart-release|workspaces)|cz\s)/;

/** A program of the project that could push with what checkout left behind, by its name. */
export function mayPush(code: string): boolean {
  return OPAQUE.test(code) && PUSHES_BY_NAME.test(code) && !/^(?:npm|pnpm|yarn)\s+publish\b/.test(code);
}

/** A program that gets the token, and is no program of the system. */
export function isProgram(code: string): boolean {
  return !PLAIN.test(code);
}

/** The first words, to name a command by. */
export function nameOfCommand(code: string): string {
  const words = wordsOf(code.slice(0, 200));
  const length = words[0] === 'gh' || words[0] === 'git' ? 3 : 2;
  const plain = words.slice(0, length).filter((word, index) => index < 1 || /^[\w:./-]{1,40}$/.test(word));
  return plain.join(' ').slice(0, 60);
}
