/** Workflows of a shop, written for tests of the gate. */
export const DEPLOY = '.github/workflows/deploy.yml';

const PINNED = 'actions/checkout@11bd71901bbe5b1630ceea73d27597364c9af683';

export const cleanWorkflow = `on: { push: { branches: [main] } }
permissions: { contents: read }
jobs:
  deploy:
    runs-on: ubuntu-24.04
    steps:
      - uses: ${PINNED} # v4.2.2
        with: { persist-credentials: false }
      - run: make deploy
`;

/** A stranger's pull request runs with the secrets of the base: how many a repository was taken over. */
export const poisonedWorkflow = `on:
  push: { branches: [main] }
  pull_request_target: {}
permissions: { contents: write }
jobs:
  deploy:
    runs-on: ubuntu-24.04
    steps:
      - uses: ${PINNED} # v4.2.2
        with: { ref: '\${{ github.event.pull_request.head.sha }}' }
      - run: npm install && npm test
        env: { TOKEN: '\${{ secrets.DEPLOY_TOKEN }}' }
`;
