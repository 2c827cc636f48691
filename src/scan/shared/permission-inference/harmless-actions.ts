/**
 * Actions that need no scope of the job’s token: they install something, keep caches and artifacts (which have a
 * token of their own), or read what everybody can read. State: 2026-11.
 */
export const HARMLESS_ACTIONS: ReadonlySet<string> = new Set(
  `
actions/cache actions/cache/restore actions/cache/save actions/upload-artifact actions/upload-artifact/merge
actions/upload-pages-artifact actions/setup-node actions/setup-python actions/setup-go actions/setup-java
actions/setup-dotnet actions/setup-ruby actions/setup-haskell actions/setup-elixir actions/create-github-app-token
actions/hello-world-javascript-action actions/attest-verify
astral-sh/setup-uv astral-sh/ruff-action denoland/setup-deno oven-sh/setup-bun pnpm/action-setup pdm-project/setup-pdm
ruby/setup-ruby ruby/setup-ruby-pkgs shivammathur/setup-php erlef/setup-beam haskell-actions/setup julia-actions/setup-julia
julia-actions/cache julia-actions/julia-buildpkg julia-actions/julia-runtest r-lib/actions/setup-r r-lib/actions/setup-pandoc
r-lib/actions/setup-r-dependencies dart-lang/setup-dart subosito/flutter-action swift-actions/setup-swift
maxim-lobanov/setup-xcode android-actions/setup-android reactivecircus/android-emulator-runner mlugg/setup-zig
goto-bus-stop/setup-zig ocaml/setup-ocaml coursier/setup-action coursier/cache-action sbt/setup-sbt
olafurpg/setup-scala graalvm/setup-graalvm deluan/setup-clojure scala-steward-org/scala-steward-action
dtolnay/rust-toolchain actions-rs/toolchain actions-rs/cargo actions-rust-lang/setup-rust-toolchain dsherret/rust-toolchain-file
moonrepo/setup-rust moonrepo/setup-toolchain swatinem/rust-cache taiki-e/install-action taiki-e/cache-cargo-install-action
taiki-e/setup-cross-toolchain-action houseabsolute/actions-rust-cross embarkstudios/cargo-deny-action baptiste0928/cargo-install
cargo-bins/cargo-binstall mozilla-actions/sccache-action hendrikmuhs/ccache-action pyo3/maturin-action pypa/cibuildwheel
hynek/build-and-inspect-python-package snok/install-poetry abatilo/actions-poetry conda-incubator/setup-miniconda
mamba-org/setup-micromamba prefix-dev/setup-pixi deadsnakes/action j178/prek-action pre-commit/action tox-dev/action
psf/black crate-ci/typos codespell-project/actions-codespell rojopolis/spellcheck-github-actions streetsidesoftware/cspell-action
docker/setup-buildx-action docker/setup-qemu-action docker/build-push-action docker/metadata-action docker/bake-action
docker/setup-docker-action docker/setup-compose-action docker/scout-action depot/setup-action depot/build-push-action
redhat-actions/buildah-build redhat-actions/buildah-action ko-build/setup-ko regclient/actions/regctl-installer imjasonh/setup-crane
sigstore/cosign-installer sigstore/gh-action-sigstore-python/install slsa-framework/slsa-verifier/actions/installer
anchore/sbom-action/download-syft anchore/scan-action/download-grype aquasecurity/setup-trivy
azure/setup-helm azure/setup-kubectl azure/aks-set-context azure/k8s-deploy azure/webapps-deploy azure/cli azure/powershell
azure/k8s-set-context azure/container-scan helm/kind-action helm/chart-testing-action engineerd/setup-kind
google-github-actions/setup-gcloud google-github-actions/get-gke-credentials google-github-actions/deploy-cloudrun
google-github-actions/get-secretmanager-secrets aws-actions/amazon-ecr-login aws-actions/setup-sam
aws-actions/amazon-ecs-deploy-task-definition aws-actions/amazon-ecs-render-task-definition aws-actions/aws-secretsmanager-get-secrets
aws-actions/aws-cloudformation-github-deploy digitalocean/action-doctl superfly/flyctl-actions/setup-flyctl
hashicorp/setup-terraform hashicorp/setup-packer terraform-linters/setup-tflint opentofu/setup-opentofu ariga/setup-atlas
1password/load-secrets-action 1password/load-secrets-action/configure infisical/secrets-action
cachix/install-nix-action cachix/cachix-action determinatesystems/nix-installer-action determinatesystems/magic-nix-cache-action
msys2/setup-msys2 microsoft/setup-msbuild ilammy/msvc-dev-cmd nuget/setup-nuget seanmiddleditch/gha-setup-ninja
lukka/get-cmake lukka/run-cmake jwlawson/actions-setup-cmake jurplel/install-qt-action cygwin/cygwin-install-action
awalsh128/cache-apt-pkgs-action jlumbroso/free-disk-space easimon/maximize-build-space insightsengineering/disk-space-reclaimer
arduino/setup-protoc bufbuild/buf-setup-action bufbuild/setup-buf-action arduino/setup-task go-task/setup-task extractions/setup-just
jdx/mise-action asdf-vm/actions/setup asdf-vm/actions/install volta-cli/action homebrew/actions/setup-homebrew
gradle/wrapper-validation-action gradle/actions/wrapper-validation s4u/maven-settings-action
supercharge/mongodb-github-action supercharge/redis-github-action ankane/setup-postgres
cypress-io/github-action browser-actions/setup-chrome nanasess/setup-chromedriver coactions/setup-xvfb
gabrielbb/xvfb-action gabrielfalcao/pyenv-action uraimo/run-on-arch-action vmactions/freebsd-vm cross-platform-actions/action
mikefarah/yq dcarbone/install-jq-action
rlespinasse/github-slug-action frabert/replace-string-action mad9000/actions-find-and-replace-string
martinbeentjes/npm-get-version-action madhead/semver-utils ASzc/change-string-case-action mathiasvr/command-output
juliangruber/read-file-action re-actors/alls-green kenchan0130/actions-system-info crazy-max/ghaction-import-gpg
crazy-max/ghaction-setup-docker crazy-max/ghaction-upx crazy-max/ghaction-dump-context webfactory/ssh-agent shimataro/ssh-key-action
appleboy/ssh-action appleboy/scp-action easingthemes/ssh-deploy samkirkland/ftp-deploy-action apple-actions/import-codesign-certs
slackapi/slack-github-action 8398a7/action-slack rtcamp/action-slack-notify act10ns/slack ravsamhq/notify-slack-action
sarisia/actions-status-discord ilshidur/action-discord tsickert/discord-webhook dawidd6/action-send-mail appleboy/telegram-action
tibdex/github-app-token getsentry/action-github-app-token mxschmitt/action-tmate lhotari/action-upterm
ludeeus/action-shellcheck bewuethr/shellcheck-action hadolint/hadolint-action jbergstroem/hadolint-gh-action
ibiqlik/action-yamllint karancode/yamllint-github-action avto-dev/markdown-lint davidanson/markdownlint-cli2-action
nosborn/github-action-markdown-cli wagoid/commitlint-github-action dominikh/staticcheck-action golang/govulncheck-action
snyk/actions/node snyk/actions/docker snyk/actions/setup snyk/actions/python snyk/actions/golang snyk/actions/maven
snyk/actions/gradle snyk/actions/iac snyk/actions/php snyk/actions/ruby snyk/actions/dotnet snyk/actions/scala
home-assistant/actions/helpers/git-init home-assistant/actions/helpers/version home-assistant/actions/hassfest
geekyeggo/delete-artifact github/gh-aw-actions/setup rharkor/caching-for-turbo tespkg/actions-cache/restore
tespkg/actions-cache step-security/actions-cache/restore step-security/git-restore-mtime-action chetan/git-restore-mtime-action
gacts/gitleaks appleboy/lambda-action codecov/test-results-action codeclimate/action paambaati/codeclimate-action
codacy/codacy-analysis-cli-action kubescape/github-action sap/project-piper-action atlassian/gajira-create
atlassian/gajira-login supabase/setup-cli chainguard-dev/actions/kind-diag gaurav-nelson/github-action-markdown-link-check
`
    .toLowerCase()
    .split(/\s+/)
    .filter(Boolean),
);
