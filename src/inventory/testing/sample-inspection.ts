import { rules } from '#scan/rules.generated.ts';
import type { DefinitionFile } from '../definition-upload.ts';
import { inspectRepository, type InspectionOutcome } from '../inspect-repository.ts';
import type { InspectionPoint, InventoryRecord } from '../ports.ts';
import { summariseInspection } from '../summarise-inspection.ts';

export const SAMPLE_MS = Date.parse('2026-11-01T12:00:00Z');

/** A pipeline that outsiders start with everything that the project has. */
export const PREVIEW = `name: Preview
on:
  pull_request_target:
permissions: write-all
jobs:
  preview:
    runs-on: ubuntu-latest
    steps:
      - run: echo "\${{ github.event.pull_request.title }}"
      - run: aws s3 sync dist s3://acme-preview
        env:
          AWS_ACCESS_KEY_ID: \${{ secrets.AWS_ACCESS_KEY_ID }}
          AWS_SECRET_ACCESS_KEY: \${{ secrets.AWS_SECRET_ACCESS_KEY }}
`;

export const RELEASE = `name: Release
on:
  push:
    branches: [main]
permissions:
  contents: read
jobs:
  publish:
    runs-on: ubuntu-latest
    steps:
      - uses: some-org/setup@main
      - run: npm publish
        env:
          NODE_AUTH_TOKEN: \${{ secrets.NPM_TOKEN }}
`;

export const SAMPLE_FILES: readonly DefinitionFile[] = [
  { file: '.github/workflows/preview.yml', text: PREVIEW },
  { file: '.github/workflows/release.yml', text: RELEASE },
];

export function inspectSample(
  files: readonly DefinitionFile[] = SAMPLE_FILES,
  repository = 'acme/shop',
): InspectionOutcome {
  const request = { repository, branch: 'main', files, asOfMs: SAMPLE_MS, toolVersion: '0.0.0' };
  return inspectRepository(request, rules);
}

export function samplePoint(change: Partial<InspectionPoint> = {}): InspectionPoint {
  return {
    id: 'ins_01JBTXQ4G6M7W8Z9V0R2K3N5PA',
    repository: 'acme/shop',
    branch: 'main',
    commit: '0123456789abcdef0123456789abcdef01234567',
    atMs: SAMPLE_MS,
    by: 'mia',
    ...change,
  };
}

/** What is kept of {@link inspectSample}, under another name or at another time. */
export function sampleRecord(
  change: Partial<InspectionPoint> = {},
  files: readonly DefinitionFile[] = SAMPLE_FILES,
): InventoryRecord {
  const point = samplePoint(change);
  return summariseInspection(point, inspectSample(files, point.repository).inspected);
}
