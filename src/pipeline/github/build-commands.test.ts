import { expect, it } from 'vitest';
import { readDefinitions } from '../read-file.ts';
import { SourceText } from '../source.ts';
import { findBuildCommands, whatActionRuns } from './build-commands.ts';

function stepOf(step: object) {
  const text = JSON.stringify({ on: 'push', jobs: { a: { 'runs-on': 'x', steps: [step] } } });
  const [definition] = readDefinitions(new SourceText('.github/workflows/a.yml', text)).definitions;
  return definition?.kind === 'pipeline' ? definition.pipeline.jobs[0]?.steps[0]?.work : undefined;
}

function run(script: string): string[] {
  const work = stepOf({ run: script });
  return work?.kind === 'script' ? findBuildCommands(work, 20).map(({ code }) => code) : [];
}

it.each([
  'npm ci',
  'npm --prefix web run build',
  'yarn',
  'npx eslint .',
  'pip install -r requirements.txt',
  'python -m pip install .',
  'pip install \\\n  -e .[dev]',
  'python scripts/run.py',
  'python3 -m pytest tests',
  'pytest -q',
  'make',
  'mvn -q help:evaluate',
  './gradlew build',
  '.\\build.ps1',
  'script/bootstrap',
  'bash ./ci/run.sh',
  'source .env',
  '. ci/env.sh',
  '"$GITHUB_WORKSPACE/run.sh"',
  '${{ github.workspace }}/run.sh',
  'go generate ./...',
  'go install ./cmd/x',
  'cargo build',
  'cargo install --path .',
  'docker build .',
  'docker compose up',
  'terraform -chdir=infra plan',
  'golangci-lint run',
  'mypy',
  'nix run .#check',
  'git submodule update --init',
  'bundle exec rake',
])('sees that %j runs something of the folder', (script) => {
  expect(run(script)).toHaveLength(1);
});

it.each([
  "find . -name '*.sh'",
  'cat ./README.md',
  'tar -xf archive.tar ./folder',
  'echo "npm ci; make"',
  'mkdir -p ../out',
  'git diff origin/main',
  'pip install black',
  'cargo --version',
  'go install example.org/tool@v1',
  'make --version',
  'bash -c "true"',
  'sh -s -- stable',
  'node -e "1"',
  'python -c "1"',
  'cat > x <<EOF\nmake\nEOF',
  'curl https://example.org/install.sh',
  '# npm ci',
  'docker run image make',
])('sees none in %j', (script) => {
  expect(run(script)).toEqual([]);
});

it('finds each command of a script', () => {
  expect(run('cd web && npm ci\nif ./check; then make test; fi')).toEqual(['npm ci', './check', 'make test']);
});

it('knows actions that run something of the folder, and what switches it on', () => {
  const runs = (step: object) => {
    const work = stepOf(step);
    return work?.kind === 'action' && whatActionRuns(work) !== undefined;
  };
  expect(runs({ uses: 'docker/build-push-action@v6' })).toBe(true);
  expect(runs({ uses: 'ruby/setup-ruby@v1', with: { 'bundler-cache': 'true' } })).toBe(true);
  expect(runs({ uses: 'ruby/setup-ruby@v1' })).toBe(false);
  expect(runs({ uses: 'github/codeql-action/autobuild@v3' })).toBe(true);
  expect(runs({ uses: 'github/codeql-action/init@v3' })).toBe(false);
  expect(runs({ uses: 'gradle/actions/setup-gradle@v4' })).toBe(false);
  expect(runs({ uses: 'actions/setup-node@v4' })).toBe(false);
});
