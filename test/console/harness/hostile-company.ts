import { gzipSync } from 'node:zlib';
import { claimsOf } from '#cli/demo/company/job-claims.ts';
import { companyRepositories, type CompanyRepository } from '#cli/demo/company/company-repositories.ts';
import { systemClock } from '#core/clock.ts';
import { DEFINITIONS_SCHEMA } from '#inventory/definition-upload.ts';
import type { ConsoleSite } from './console-site.ts';
import type { Visitor } from './visitor.ts';

/** Runs when any of it becomes markup or script: the probe is looked for on every page. */
const PROBE = 'globalThis.__x=(globalThis.__x||0)+1';

/** What an attacker writes where text of theirs is shown. */
export const PAYLOADS: readonly string[] = [
  `<img src=x onerror="${PROBE}">`,
  `"><script>${PROBE}</script>`,
  `'-(${PROBE})-'`,
  `\${${PROBE}}{{constructor.constructor('${PROBE}')()}}`,
  `<svg/onload=${PROBE}>`,
  `\u202egnp.exe\u202c\u0007\u001b[2J`,
];
const [IMAGE = '', SCRIPT = '', QUOTE = '', TEMPLATE = '', VECTOR = '', TURNED = ''] = PAYLOADS;
const LINK = `javascript:${PROBE}//`;

const WORKFLOW = `name: ${JSON.stringify(IMAGE)}
on:
  pull_request_target:
permissions: write-all
jobs:
  "${'a'.repeat(40)}":
    name: ${JSON.stringify(SCRIPT)}
    runs-on: ${JSON.stringify(VECTOR)}
    environment: ${JSON.stringify(TEMPLATE)}
    steps:
      - name: ${JSON.stringify(QUOTE)}
        uses: actions/checkout@v4
        with: { ref: "\${{ github.event.pull_request.head.sha }}" }
      - run: |
          echo "\${{ github.event.pull_request.title }}" ${IMAGE}
        env:
          KEY: \${{ secrets.${'K'.repeat(60)} }}
`;

function sarif(): object {
  const rule = {
    id: SCRIPT,
    name: IMAGE,
    shortDescription: { text: VECTOR },
    helpUri: LINK,
    help: { markdown: `[x](${LINK}) ${IMAGE}` },
  };
  const result = (text: string, index: number) => ({
    ruleId: SCRIPT,
    level: 'error',
    message: { text: `${text} [click](${LINK})`, markdown: `**${text}** [x](${LINK})` },
    locations: [
      {
        physicalLocation: {
          artifactLocation: { uri: `src/${index}-${text.replaceAll('/', '')}.js` },
          region: { startLine: index + 1, snippet: { text } },
        },
      },
    ],
  });
  const results = PAYLOADS.map(result);
  return {
    version: '2.1.0',
    runs: [{ tool: { driver: { name: `semgrep ${IMAGE}`, informationUri: LINK, rules: [rule] } }, results }],
  };
}

/** A job whose every name is an attack, by a platform that signs whatever its users are called. */
async function askAs(site: ConsoleSite, repository: CompanyRepository, payload: string): Promise<void> {
  const commit = { repository, branch: payload, atMs: 0, author: payload, message: payload, files: [] };
  const job = {
    repository,
    commit,
    workflow: 'deploy',
    trigger: 'push',
    ref: `refs/heads/${payload}`,
    environment: payload,
    resource: 'shop-staging',
    run: 1,
  };
  const claims = {
    ...claimsOf(job, 'a'.repeat(40), systemClock),
    workflow: payload,
    runner_environment: payload,
  };
  const token = site.issuers.github.issueToken({ ...claims, aud: site.url });
  await fetch(`${site.url}/oauth2/token`, {
    method: 'POST',
    body: new URLSearchParams({
      grant_type: 'urn:ietf:params:oauth:grant-type:token-exchange',
      subject_token: token,
      subject_token_type: 'urn:ietf:params:oauth:token-type:jwt',
      audience: payload === IMAGE ? payload : 'shop-staging',
    }),
  });
}

/** Fills every field that somebody else writes with attacks: jobs, definitions, reports and decisions of people. */
export async function fillWithAttacks(site: ConsoleSite, owner: Visitor): Promise<void> {
  const [shop] = companyRepositories;
  if (shop === undefined) throw new Error('the company has no repository');
  for (const payload of PAYLOADS) {
    await askAs(site, shop, payload);
    await askAs(site, { ...shop, name: `acme/${payload}`, id: `9${PAYLOADS.indexOf(payload)}` }, payload);
  }
  const definitions = {
    schema: DEFINITIONS_SCHEMA,
    files: [{ file: `.github/workflows/${VECTOR.replaceAll('/', '')}.yml`, text: WORKFLOW }],
  };
  const repository = `acme/${IMAGE.replaceAll(/[^\w.-]/g, '-')}`;
  await send(
    owner,
    `/v1/inspections?${new URLSearchParams({ repository, commit: 'b'.repeat(40), branch: 'main' }).toString()}`,
    definitions,
  );
  await send(
    owner,
    `/v1/reports?${new URLSearchParams({ repository: 'acme/shop', name: `${IMAGE}.sarif`, branch: SCRIPT }).toString()}`,
    sarif(),
  );
  await send(
    owner,
    `/v1/reports?${new URLSearchParams({ repository: `acme/${TURNED}`, name: 'report.sarif' }).toString()}`,
    sarif(),
    [400, 422],
  );
}

/** As the console sends it. A name that is refused is as good an answer as one that is shown as text. */
async function send(
  owner: Visitor,
  path: string,
  body: object,
  refusals: readonly number[] = [],
): Promise<void> {
  const answer = await owner.context.request.post(path, {
    headers: {
      'vouchgate-request': '1',
      'sec-fetch-site': 'same-origin',
      'content-type': 'application/octet-stream',
      'content-encoding': 'gzip',
    },
    data: gzipSync(JSON.stringify(body)),
  });
  if (!answer.ok() && !refusals.includes(answer.status()))
    throw new Error(`${path} answered ${answer.status()}: ${await answer.text()}`);
}
