import { describe, expect, test } from 'vitest';
import { readOwnSample } from '../../testing/read-own-sample.ts';
import { importer } from './importer.ts';

describe('tflint --format json', () => {
  const { findings, warnings } = readOwnSample(importer, 'sample.json');

  test('names are written with slashes, and calls of a module are other places', () => {
    expect(findings[0]).toMatchObject({
      ruleId: 'aws_instance_invalid_type',
      place: { file: 'modules/web/main.tf', line: 4, column: 19, endColumn: 28 },
      otherPlaces: [{ file: 'main.tf', line: 11 }],
    });
  });

  test('levels are about plans that fail, so none is high', () => {
    expect(findings.map(({ severity, severityText }) => [severity, severityText])).toEqual([
      ['medium', 'error'],
      ['low', 'warning'],
    ]);
  });

  test('what --fix has mended is decided', () => {
    expect(findings[1]?.decision).toEqual({ state: 'fixed', reason: 'mended by `tflint --fix`' });
  });

  test('an error of TFLint is a warning', () => {
    expect(warnings).toEqual([{ at: 'errors[0]', message: 'TFLint failed: Failed to load configurations' }]);
  });
});
