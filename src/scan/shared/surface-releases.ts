import { commandsOfText, withoutPrefixes } from '#pipeline/shell-commands.ts';
import { memoize } from '#pipeline/memoize.ts';
import type { Script } from '#pipeline/model.ts';
import type { Place } from '#pipeline/surface.ts';
import { type SurfaceJob, scriptsOf } from './surface-jobs.ts';

/** Commands that hand something over to others, who install or run it. */
const PUBLISHES =
  /^(?:(?:npm|pnpm|bun|lerna|cargo|poetry|uv|pdm|flit|hatch)\s+publish|yarn\s+(?:npm\s+)?publish|(?:python3?\s+-m\s+)?twine\s+upload|gem\s+push|(?:docker|podman|buildah|nerdctl|crane|skopeo|helm)\s+(?:push|copy)|docker\s+buildx\s+build\b[^\n]{0,500}\s--push|(?:gh|glab)\s+release\s+(?:create|upload)|goreleaser\s+(?:release\b|$)|dotnet\s+nuget\s+push|mvnw?\b[^\n]{0,300}\sdeploy\b|\.\/mvnw\b[^\n]{0,300}\sdeploy\b|(?:\.\/)?gradlew?\b[^\n]{0,300}\spublish(?!\w{0,40}MavenLocal)\w{0,40}|\/kaniko\/executor)/;
const REHEARSES = /\s--(?:dry-?run|snapshot|skip-publish|no-push)\b/;
const PROGRAMS = /publish|upload|push|copy|release|deploy|kaniko/;

/** Where something is signed, or told where it came from. */
const SIGNS =
  /\b(?:cosign|notation|gpg2?\s[^\n]{0,200}(?:--(?:detach-|clear-?)?sign|\s-[a-z]{0,3}s[a-z]{0,2})|slsa-|in-toto|witness\s+run|sigstore|signify|minisign|rekor-cli|jarsigner|signtool|codesign|nuget\s+sign|npm\s+publish\b[^\n]{0,200}--provenance|attest|tekton-chains|chains\.tekton\.dev|signing)\b|DOCKER_CONTENT_TRUST\b|--provenance\b|\bsign(?:ing)?[-_]?(?:image|artifact|package)s?\b/i;

export interface Release extends Place {
  /** The command, shortened. */
  readonly what: string;
}

const releasesIn = memoize((script: Script): readonly Release[] => {
  const { text } = script;
  if (!PROGRAMS.test(text.value)) return [];
  return commandsOfText(text).flatMap((command) => {
    const { code, start } = withoutPrefixes(command);
    const match = REHEARSES.test(code) ? null : PUBLISHES.exec(code);
    if (match === null) return [];
    const what = match[0].replaceAll(/\s+/g, ' ').slice(0, 60);
    return [{ source: text.source, span: text.span(start, start + match[0].length), what }];
  });
});

/** What a job publishes, as far as commands of its scripts say so. */
export function releasesOf(job: SurfaceJob): readonly Release[] {
  return scriptsOf(job).flatMap(({ script }) => releasesIn(script));
}

const FILE_CHARACTERS_MAX = 500_000;

/** Whether a definition signs anything, in whatever place: a task, a plugin, a variable. */
export function signsSomething(text: string): boolean {
  return SIGNS.test(text.slice(0, FILE_CHARACTERS_MAX));
}

/** Programs and services that look for weaknesses: in code, packages, images, definitions, secrets, running programs. */
const TESTS =
  /\b(?:semgrep|codeql|sonar(?:qube|cloud|-scanner|scanner)?|bandit|gosec|brakeman|checkmarx|veracode|fortify|spotbugs|snyk|trivy|grype|clair|anchore|dependency-?check|dependency-?track|npm\s+audit|pnpm\s+audit|yarn\s+(?:npm\s+)?audit|pip-audit|safety\s+(?:check|scan)|cargo\s+(?:audit|deny)|govulncheck|osv-scanner|bundle(?:r)?[-\s]audit|retire(?:js)?|whitesource|mend\.io|blackduck|synopsys|gitleaks|trufflehog|detect-secrets|ggshield|checkov|tfsec|kics|terrascan|kubesec|hadolint|dockle|owasp|zap(?:roxy)?|nuclei|credscan|microsoftsecuritydevops|advancedsecurity|componentgovernance|mobsf|prismacloud|twistcli|aquasec\w*|horusec|security[-_ ]?scan|vouchgate)\b/i;

/** Whether a definition names a security test of any kind. */
export function testsSecurity(text: string): boolean {
  return TESTS.test(text.slice(0, FILE_CHARACTERS_MAX));
}
