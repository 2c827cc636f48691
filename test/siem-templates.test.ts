import { describe, expect, test } from 'vitest';
import { AuditEventType } from '#audit/event.ts';
import { toDocument } from '#audit/mapping/document.ts';
import { readProjectFile } from '../tools/source/project-files.ts';

type Json = Readonly<Record<string, unknown>>;

function readJson(name: string): Json {
  return JSON.parse(readProjectFile(`templates/siem/${name}`)) as Json;
}

function at(value: unknown, ...path: string[]): unknown {
  return path.reduce((inner: unknown, key) => Reflect.get(Object(inner), key), value);
}

/** Dotted paths of everything that is no object. */
function leavesOf(value: Json, prefix = ''): string[] {
  return Object.entries(value).flatMap(([name, inner]) =>
    typeof inner === 'object' && inner !== null && !Array.isArray(inner)
      ? leavesOf({ ...inner }, `${prefix}${name}.`)
      : [`${prefix}${name}`],
  );
}

/** Dotted paths of the fields that a mapping knows. */
function fieldsOf(properties: unknown, prefix = ''): string[] {
  return Object.entries({ ...Object(properties) }).flatMap(([name, field]) => {
    const inner = at(field, 'properties');
    return inner === undefined ? [`${prefix}${name}`] : fieldsOf(inner, `${prefix}${name}.`);
  });
}

const body = {
  identity: {
    platform: 'github-actions',
    issuer: 'https://token.example',
    project: { path: 'acme/shop' },
    ref: { full: 'refs/heads/main' },
    actor: { login: 'mona' },
  },
  denial: { code: 'no_permit' },
  sourceIp: '203.0.113.7',
};

describe('the templates for SIEMs', () => {
  test.each(['elasticsearch', 'opensearch'])(
    'the index template of %s knows every field that is sent',
    (product) => {
      const template = readJson(`${product}-index-template.json`);
      expect(template['data_stream']).toEqual({});
      const known = new Set(fieldsOf(at(template, 'template', 'mappings', 'properties')));
      for (const type of AuditEventType.options) {
        const document = toDocument(
          'ecs',
          {
            sequence: 1,
            id: 'evt_1',
            timeMs: 1,
            type,
            actor: { kind: 'workload', id: 'x' },
            decision: 'd',
            resource: 'r',
            lease: 'l',
            body,
          },
          { origin: 'log.example', index: 0 },
        );
        expect(leavesOf(document).filter((field) => !known.has(field))).toEqual([]);
      }
    },
  );

  test('the life cycle that the index template names is there', () => {
    expect(at(readJson('elasticsearch-index-template.json'), 'template', 'settings')).toEqual({
      'index.lifecycle.name': 'vouchgate-audit',
    });
    expect(Object.keys(Object(at(readJson('elasticsearch-lifecycle.json'), 'policy', 'phases')))).toContain(
      'delete',
    );
    expect(at(readJson('opensearch-lifecycle.json'), 'policy', 'default_state')).toBe('hot');
  });

  test('the saved objects look at fields that are sent, and name only each other', () => {
    const lines = readProjectFile('templates/siem/dashboards.ndjson').trimEnd().split('\n');
    const objects = lines.map((line) => JSON.parse(line) as Json);
    const ids = new Set(objects.map(({ id }) => id));
    const known = fieldsOf(
      at(readJson('elasticsearch-index-template.json'), 'template', 'mappings', 'properties'),
    );
    for (const object of objects) {
      for (const reference of Object(object['references']) as Json[]) expect(ids).toContain(reference['id']);
      const text = at(object, 'attributes', 'visState');
      const state = JSON.parse(typeof text === 'string' ? text : '{}') as { aggs?: Json[] };
      for (const agg of state.aggs ?? []) {
        const field = at(agg, 'params', 'field');
        if (field !== undefined) expect(known).toContain(field);
      }
      const columns = at(object, 'attributes', 'columns');
      if (Array.isArray(columns)) for (const column of columns) expect(known).toContain(column);
    }
    expect(objects.map(({ type }) => type)).toContain('dashboard');
  });
});
