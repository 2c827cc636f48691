/**
 * Where a row of the table was held against what the action’s own repository says, in 2026-11: a file of its default
 * branch. Rows without an entry follow from what the action is known to call, and may be more than it needs.
 */
export const ACTION_SOURCES: Readonly<Record<string, readonly string[]>> = {
  'README.md': `
actions/checkout actions/stale actions/labeler actions/first-interaction actions/dependency-review-action
actions/deploy-pages actions/attest actions/download-artifact peter-evans/create-pull-request
peter-evans/create-or-update-comment peter-evans/repository-dispatch stefanzweifel/git-auto-commit-action
dawidd6/action-download-artifact tj-actions/changed-files softprops/action-gh-release dorny/test-reporter
release-drafter/release-drafter release-drafter/release-drafter/autolabeler googleapis/release-please-action
enricomi/publish-unit-test-result-action dependabot/fetch-metadata goreleaser/goreleaser-action
golangci/golangci-lint-action xt0rted/pull-request-comment-branch super-linter/super-linter
styfle/cancel-workflow-action ossf/scorecard-action fkirc/skip-duplicate-actions dorny/paths-filter
zizmorcore/zizmor-action marocchino/sticky-pull-request-comment thollander/actions-comment-pull-request
jamesives/github-pages-deploy-action peaceiris/actions-gh-pages dessant/lock-threads changesets/action
rubygems/release-gem mikepenz/action-junit-report mikepenz/release-changelog-builder-action ncipollo/release-action
hmarr/auto-approve-action cloudflare/wrangler-action anchore/sbom-action
py-cov-action/python-coverage-comment-action korthout/backport-action helm/chart-releaser-action
aws-actions/configure-aws-credentials google-github-actions/auth azure/login pypa/gh-action-pypi-publish
codecov/codecov-action github/codeql-action/analyze github/codeql-action/upload-sarif github/codeql-action/init
`
    .split(/\s+/)
    .filter(Boolean),
  'action.yml': ['actions/attest-build-provenance'],
  'docs/setup-gradle.md': ['gradle/actions/setup-gradle'],
  'docs/dependency-submission.md': ['gradle/actions/dependency-submission'],
  'src/comment/leaveCommitComment.ts': ['benchmark-action/github-action-benchmark'],
  // Its README names `pull-requests: write` for `wip`; the code posts a commit status.
  'src/index.js': ['amannn/action-semantic-pull-request'],
  '.github/workflows/deploy-preview.yml': ['firebaseextended/action-hosting-deploy'],
  // The scopes that its own jobs ask for.
  '.github/workflows/generator_generic_slsa3.yml': [
    'slsa-framework/slsa-github-generator/.github/workflows/generator_generic_slsa3.yml',
  ],
  '.github/workflows/generator_container_slsa3.yml': [
    'slsa-framework/slsa-github-generator/.github/workflows/generator_container_slsa3.yml',
  ],
  '.github/workflows/builder_go_slsa3.yml': [
    'slsa-framework/slsa-github-generator/.github/workflows/builder_go_slsa3.yml',
  ],
};
