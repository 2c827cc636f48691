import { expect, it } from 'vitest';
import { briefly, findingsOf } from '../../testing/scan-text.ts';

const check = (on: string, step: string, permissions = '{}') =>
  briefly(
    findingsOf(
      'interactive-debug-session',
      `on: ${on}\npermissions: ${permissions}\njobs:\n  a:\n    runs-on: ubuntu-latest\n    steps:\n      - ${step}\n`,
    ),
  );

it('is worse where there is something to take', () => {
  expect(check('push', '{ uses: mxschmitt/action-tmate@v3 }')).toEqual(['7 medium regular']);
  expect(check('push', '{ uses: mxschmitt/action-tmate@v3 }', '{ contents: write }')).toEqual([
    '7 high regular',
  ]);
  expect(check('push', '{ run: "tmate -F" }')).toEqual(['7 medium regular']);
});

it('is mild when somebody starts it by hand, or nobody else gets in', () => {
  expect(check('workflow_dispatch', '{ uses: mxschmitt/action-tmate@v3 }')).toEqual(['7 low pedantic']);
  expect(
    check('[push, workflow_dispatch]', '{ uses: mxschmitt/action-tmate@v3, if: "${{ inputs.debug }}" }'),
  ).toEqual(['7 low pedantic']);
  expect(check('push', '{ uses: mxschmitt/action-tmate@v3, with: { limit-access-to-actor: true } }')).toEqual(
    ['7 low pedantic'],
  );
});
