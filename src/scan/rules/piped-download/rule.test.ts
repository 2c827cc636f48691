import { expect, it } from 'vitest';
import { briefly, findingsOf } from '../../testing/scan-text.ts';

const workflow = (run: string, env = '') =>
  `on: push\npermissions: {}\njobs:\n  a:\n    runs-on: ubuntu-latest\n    steps:\n      - run: |\n          ${run}\n${env}`;
const check = (run: string, env = '') => briefly(findingsOf('piped-download', workflow(run, env)));

it.each([
  'curl -fsSL https://get.example.com | sh',
  'curl https://get.example.com | sudo -E bash -',
  'wget -qO- https://get.example.com/x.sh | FOO=1 bash -s -- -y',
  'bash <(curl -s https://get.example.com/bash)',
  'bash -c "$(curl -fsSL https://get.example.com)"',
  'eval "$(curl -s "$URL")"',
  'source <(curl -s https://get.example.com)',
  'curl -sSL https://install.example.com | python3 -',
  'curl -sSL https://install.example.com |\\\n            python3',
  'irm https://get.example.com | iex',
  "iex ((New-Object Net.WebClient).DownloadString('https://x.example.com/i.ps1'))",
])('sees %s', (run) => {
  expect(check(run)).toHaveLength(1);
});

it.each([
  'curl -s https://api.example.com | jq .',
  'curl -s https://api.example.com | python3 -c "import json"',
  'curl -s https://api.example.com | python3 -m json.tool',
  'curl -sL https://raw.example.com/o/r/de0fac2e4500dabe0009e67214ff5f5447ce83dd/x.sh | bash',
  'curl -s http://localhost:8080/x.sh | bash',
  '# curl https://get.example.com | sh',
  'curl -o file https://x.example.com; cat names | bash',
  'curl -s https://x.example.com | tee sh.txt',
])('says nothing about %s', (run) => {
  expect(check(run)).toEqual([]);
});

it('is worse when the job has something to take', () => {
  const run = 'curl https://get.example.com | sh';
  expect(check(run)).toEqual(['8 low auditor']);
  expect(check(run, '        env:\n          A: ${{ secrets.A }}\n')).toEqual(['8 medium regular']);
  expect(check(run, '        env:\n          A: ${{ secrets.GITHUB_TOKEN }}\n')).toEqual(['8 low auditor']);
  expect(check(run, '    permissions: { id-token: write }\n')).toEqual(['8 medium regular']);
  expect(check(run, '    permissions: { contents: write }\n')).toEqual(['8 low regular']);
});

it('looks into scripts of GitLab, and says a shared line once', () => {
  const job = (more: string) =>
    `# --- .gitlab-ci.yml\n.a:\n  script: ["curl https://a.example/x | sh"]\none: { extends: .a${more} }\ntwo: { extends: .a }\n`;
  expect(briefly(findingsOf('piped-download', job('')))).toEqual(['2 low auditor']);
  expect(briefly(findingsOf('piped-download', job(', environment: live')))).toEqual(['2 medium regular']);
});
