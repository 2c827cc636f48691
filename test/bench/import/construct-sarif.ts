const RULES = 120;

/** A SARIF file such as a code scanner writes for a large repository; the same on every call. */
export function constructSarif(results: number): string {
  const rules = Array.from({ length: RULES }, (_, index) => ({
    id: `acme/rule-${index}`,
    shortDescription: { text: `Rule ${index} of the shop` },
    fullDescription: { text: 'Input of a user reaches a query without being checked. '.repeat(4) },
    help: { text: 'Use a parameterised query.' },
    defaultConfiguration: { level: index % 3 === 0 ? 'error' : 'warning' },
    properties: { tags: ['security', 'external/cwe/cwe-089'], 'security-severity': '7.5' },
  }));
  const list = Array.from({ length: results }, (_, index) => ({
    ruleId: `acme/rule-${index % RULES}`,
    ruleIndex: index % RULES,
    level: 'warning',
    message: {
      text: `Value ${index} flows from a request into a query of module ${index % 97}, and nobody looks at it on the way there.`,
    },
    locations: [
      {
        physicalLocation: {
          artifactLocation: {
            uri: `src/module-${index % 97}/file-${index % 1_009}.ts`,
            uriBaseId: '%SRCROOT%',
          },
          region: { startLine: 1 + (index % 2_000), startColumn: 5, endColumn: 30 },
          contextRegion: {
            startLine: 1 + (index % 2_000),
            snippet: { text: `const row = query(input${index}, { limit: 100 });` },
          },
        },
      },
    ],
    partialFingerprints: { primaryLocationLineHash: `${(index * 2_654_435_761).toString(16)}:1` },
  }));
  const driver = { name: 'AcmeScan', version: '3.1.0', rules };
  return JSON.stringify({ version: '2.1.0', runs: [{ tool: { driver }, results: list }] });
}
