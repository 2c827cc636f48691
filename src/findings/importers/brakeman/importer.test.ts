import { expect, test } from 'vitest';
import { readOwnSample } from '../../testing/read-own-sample.ts';
import { importer } from './importer.ts';

test('a warning has its fingerprint, its method, and the controller that leads to it', () => {
  const { findings, warnings } = readOwnSample(importer, 'report.json');
  expect(findings[0]).toMatchObject({
    ruleId: 'SQL',
    severity: 'low',
    confidence: 'low',
    cwe: [89],
    place: { file: 'app/models/order.rb', line: 12, symbol: 'Order#find_one' },
    otherPlaces: [
      { file: 'app/controllers/orders_controller.rb', line: 15, symbol: 'OrdersController#show' },
    ],
    toolFingerprint: '0690cb1eacdd68356391afb20a53468b',
  });
  expect(warnings).toEqual([{ at: 'errors', message: 'could not parse app/views/x.erb' }]);
});

test('what brakeman.ignore lists is decided with its note', () => {
  const ignored = readOwnSample(importer, 'report.json').findings[1];
  expect(ignored).toMatchObject({
    severity: 'high',
    decision: { state: 'accepted', reason: 'only to our hosts' },
  });
});
