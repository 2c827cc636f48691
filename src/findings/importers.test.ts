import { describe, expect, test } from 'vitest';
import { describeImporter } from './importer.contract.ts';
import { importers } from './importers.generated.ts';

describe('the registry of importers', () => {
  test('names every importer once', () => {
    const ids = importers.map(({ id }) => id);
    expect(new Set(ids).size).toBe(ids.length);
    expect(ids.length).toBeGreaterThan(1);
  });
});

for (const importer of importers) describeImporter(importer);
