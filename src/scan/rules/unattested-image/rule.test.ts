import { expect, it } from 'vitest';
import { briefly, findingsOf } from '../../testing/scan-text.ts';

const check = (...steps: string[]) =>
  briefly(
    findingsOf(
      'unattested-image',
      `on: push\njobs:\n  a:\n    runs-on: x\n    steps:\n${steps.map((step) => `      - ${step}\n`).join('')}`,
    ),
  );
const BUILD = 'docker/build-push-action@v6';

it('sees images that are pushed', () => {
  expect(check('run: docker push a/b')).toEqual(['6 low auditor']);
  expect(check(`{ uses: ${BUILD}, with: { push: true } }`)).toEqual(['6 low auditor']);
  expect(check(`{ uses: ${BUILD}, with: { push: true, provenance: false } }`)).toEqual(['6 low pedantic']);
});

it('is content without a push, and with a signature', () => {
  expect(check(`{ uses: ${BUILD}, with: { push: false } }`)).toEqual([]);
  expect(check(`{ uses: ${BUILD} }`)).toEqual([]);
  expect(check('run: echo docker push')).toEqual([]);
  expect(check('run: docker push a/b', 'run: cosign sign a/b')).toEqual([]);
  expect(check('run: docker push a/b', 'uses: actions/attest@v3')).toEqual([]);
});
