import { expect, it } from 'vitest';
import { findingsOf } from '../../testing/scan-text.ts';

const check = (run: string) =>
  findingsOf('ad-hoc-package', `on: push\njobs:\n  a:\n    steps:\n      - run: |\n          ${run}\n`).map(
    ({ message }) => message,
  );

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
