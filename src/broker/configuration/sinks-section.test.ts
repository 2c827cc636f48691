import { describe, expect, it } from 'vitest';
import { loadConfiguration } from './load-configuration.ts';

async function load(sinks: string) {
  const text = `version: 1\nurl: https://vouchgate.acme.example\nsinks:\n${sinks}`;
  return loadConfiguration({ 'vouchgate.yaml': text });
}

async function problemsOf(sinks: string): Promise<string[]> {
  const loaded = await load(sinks);
  return loaded.ok ? [] : loaded.problems.map(({ line, message, remedy }) => `${line}: ${message} ${remedy}`);
}

describe('sinks', () => {
  it('are read with what all have and what their kind has', async () => {
    const loaded = await load(
      '  siem: { type: splunk-hec, url: "https://splunk.acme.example:8088/", token: { env: T }, schema: ocsf, delay: 5s }\n  copy: { type: file, path: /var/log/vouchgate/events.ndjson }\n',
    );
    expect(loaded.ok && loaded.configuration.sinks).toMatchObject([
      {
        name: 'siem',
        kind: { id: 'splunk-hec' },
        common: { schema: 'ocsf', start: 'beginning', delay: 5 },
        settings: {
          url: 'https://splunk.acme.example:8088',
          acknowledgement: false,
          acknowledgementTimeout: 120,
        },
      },
      {
        name: 'copy',
        kind: { id: 'file' },
        common: { start: 'beginning' },
        settings: { rotateAtMegabytes: 100 },
      },
    ]);
  });

  it('are none by default', async () => {
    const loaded = await loadConfiguration({
      'vouchgate.yaml': 'version: 1\nurl: https://vouchgate.acme.example\n',
    });
    expect(loaded.ok && loaded.configuration.sinks).toEqual([]);
  });

  it.each([
    [
      '  a: { type: splunk-hek }\n',
      '4: `sinks.a.type`: there is no kind `splunk-hek`. Did you mean `splunk-hec`?',
    ],
    ['  a: { type: __proto__ }\n', 'there is no kind `__proto__`'],
    ['  a: { type: file, path: relative }\n', 'must be an absolute path'],
    ['  a: { type: file, path: /x, flavour: hot }\n', 'Unknown key `sinks.a.flavour`'],
    [
      '  a: { type: webhook, url: "https://user:pw@h.example/", secrets: [{ env: A }] }\n',
      'must be an https URL without a user',
    ],
    ['  a: { type: datadog, apiKey: plain-text-key }\n', 'must be a reference'],
    ['  a: { type: elasticsearch, url: "https://e.example", username: u }\n', 'belong together'],
    [
      '  a: { type: s3, bucket: b, prefix: ../x/, accessKeyId: { env: A }, secretAccessKey: { env: B } }\n',
      '`sinks.a.bucket`',
    ],
    ['  Siem: { type: file, path: /x }\n', '`sinks.Siem`'],
  ])('that are wrong are refused with the line and what to do: %s', async (yaml, expected) => {
    expect((await problemsOf(yaml)).join('\n')).toContain(expected);
  });
});
