import { isObject, objectAt, positionAt, textAt, valueAt } from '../../json-fields.ts';
import type { SecretSighting } from '../../merge-secrets.ts';
import { createRedactor } from '../../report-secret.ts';

export function isVersion3(item: unknown): boolean {
  return textAt(item, 'DetectorName') !== undefined && valueAt(item, 'SourceMetadata') !== undefined;
}

/** The one entry of `SourceMetadata.Data`: `Git`, `Filesystem`, `Github`, `Docker`, `S3`… */
function sourceOf(item: unknown): { readonly type: string; readonly data: unknown } {
  const [entry] = Object.entries(objectAt(item, 'SourceMetadata', 'Data') ?? {});
  return { type: entry?.[0] ?? 'unknown', data: entry?.[1] };
}

/** `Redacted` is part of the secret for many detectors, so it goes with the others. */
function secretsOf(item: unknown): (string | undefined)[] {
  const shown = objectAt(item, 'StructuredData');
  return [
    textAt(item, 'Raw'),
    textAt(item, 'RawV2'),
    textAt(item, 'Redacted'),
    ...Object.values(shown ?? {}).filter((each) => typeof each === 'string'),
  ];
}

export function sightingOfVersion3(item: unknown): SecretSighting {
  const { type, data } = sourceOf(item);
  const detector = textAt(item, 'DetectorName');
  const secrets = secretsOf(item);
  const redact = createRedactor(secrets);
  const verified = valueAt(item, 'Verified') === true;
  const file = textAt(data, 'file') ?? textAt(data, 'path');
  const line = positionAt(data, 'line');
  const timeMs = Date.parse((textAt(data, 'timestamp') ?? '').replace(/( [+-]\d{4}) [+-]\d{4}$/, '$1'));
  const extra = valueAt(item, 'ExtraData');
  const guide = textAt(extra, 'rotation_guide');
  const link = textAt(data, 'link');
  return {
    key: JSON.stringify([detector, file, line, secrets[0], textAt(data, 'repository')]),
    timeMs: Number.isNaN(timeMs) ? undefined : timeMs,
    draft: {
      tool: 'trufflehog',
      kind: 'secret',
      ruleId: detector,
      title: redact(`${detector} credential in ${file ?? type}`),
      description: redact(textAt(item, 'DetectorDescription')),
      // A credential that was tried and works is open to whoever reads this file.
      severity: verified ? 'critical' : 'high',
      confidence: verified ? 'high' : 'medium',
      verified: verified ? true : undefined,
      cwe: [798],
      place: {
        file: redact(file),
        line,
        commit: textAt(data, 'commit'),
        image: textAt(data, 'image'),
        url: file === undefined ? redact(link) : undefined,
      },
      remedy: guide === undefined ? undefined : `Rotate it: ${guide}`,
      references: [redact(link), guide].filter((each) => each !== undefined),
      attributes: {
        source: type,
        repository: redact(textAt(data, 'repository')),
        author: redact(textAt(data, 'email')),
        decoder: textAt(item, 'DecoderName'),
        account: isObject(extra) ? redact(textAt(extra, 'account')) : undefined,
      },
    },
  };
}
