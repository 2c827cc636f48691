import { expect, it } from 'vitest';
import { findingsOf } from '../../testing/scan-text.ts';

const findingsIn = (run: string) =>
  findingsOf('ad-hoc-package', `on: push\njobs:\n  a:\n    steps:\n      - run: |\n          ${run}\n`);
const check = (run: string) =>
  findingsIn(run)
    .filter(({ persona }) => persona !== 'auditor')
    .map(({ message }) => message);

it.each([
  ['npm i -g typescript', 'npm i takes the newest typescript'],
  ['npm install typescript@5 --global', 'npm install takes the newest typescript@5'],
  ['npm install --no-save left-pad', 'npm install takes the newest left-pad'],
  ['pnpm add -g @scope/name', 'pnpm add takes the newest @scope/name'],
  ['yarn global add a b c d e', 'yarn global add takes the newest a, b, c and 2 more'],
  ['python -m pip install -U build twine', 'pip install takes the newest build, twine'],
  ['pipx install poetry', 'pipx install takes the newest poetry'],
  ['sudo gem install jekyll', 'gem install takes the newest jekyll'],
  [
    'go install golang.org/x/tools/cmd/goimports@latest',
    'go install takes the newest golang.org/x/tools/cmd/goimports@latest',
  ],
  ['cargo install cargo-audit --locked', 'cargo install takes the newest cargo-audit'],
])('sees %s', (run, message) => {
  expect(check(run)).toEqual([message]);
});

it.each([
  'npm install',
  'npm ci',
  'npm install ./packages/left-pad',
  'npm install --prefix web',
  'npm i --registry https://packages.example.com',
  'npm i -g typescript@5.9.2',
  'pip install .',
  'pip install -e ".[dev]"',
  'pip install -r requirements.txt coverage',
  'pip install ruff==0.9.1 && make',
  'pip install --upgrade pip setuptools',
  'pip install ./dist/name-1.0-py3-none-any.whl',
  'pip install "$PACKAGE"',
  'npm i -g deno@${{ steps.build.outputs.version }}',
  'pip install -i https://index.example.com/simple ruff==1.0.0',
  'gem install jekyll -v 4.3.3',
  'go install ./cmd/tool',
  'go install example.com/tool@v1.2.3',
  'cargo install --path .',
  'cargo install cargo-audit@0.21.0',
  'cargo install cargo-audit --version 0.21.0',
  'echo "pip install name"',
  'node -e "console.log(\'npm install works\')"',
  'pip install . 2>&1 | tee log',
])('says nothing about %s', (run) => {
  expect(check(run)).toEqual([]);
});

it.each([
  ['npm install -g typescript@5.9.2', 'npm install takes the newest of what typescript@5.9.2 depends on'],
  ['npm i yarn@$VERSION', 'npm i takes the newest of what yarn@$VERSION depends on'],
  ['npm i yarn@${{ inputs.yarn }}', 'npm i takes the newest of what yarn@… depends on'],
  ['gem install rake -v 13.0.6', 'gem install takes the newest of what rake depends on'],
  ['gem install rake:13.0.6', 'gem install takes the newest of what rake:13.0.6 depends on'],
  ['pip install ruff==0.9.1', 'pip install takes the newest of what ruff==0.9.1 depends on'],
])('tells auditors what stays open in %s', (run, message) => {
  expect(findingsIn(run).map((each) => [each.persona, each.message])).toEqual([['auditor', message]]);
});

it.each([
  'pip install --require-hashes -r r.txt',
  'cargo install a@1.0.0',
  'go install example.com/t@v1.2.3',
])('says nothing at all about %s', (run) => {
  expect(findingsIn(run)).toEqual([]);
});

it('looks into scripts of GitLab, and says a shared line once', () => {
  const text =
    '# --- .gitlab-ci.yml\n.a:\n  script: [pip install tox]\none: { extends: .a }\ntwo: { extends: .a }\n';
  expect(findingsOf('ad-hoc-package', text).map(({ message }) => message)).toEqual([
    'pip install takes the newest tox',
  ]);
});
