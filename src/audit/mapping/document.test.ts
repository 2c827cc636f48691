import { describe, expect, it } from 'vitest';
import { AuditEventType, type RecordedEvent } from '../event.ts';
import { readDocument, readPlace, toDocument } from './document.ts';
import { eventMeanings } from './event-meaning.ts';
import { SchemaName } from './schema-name.ts';

const place = { origin: 'vouchgate.acme.example/log', index: 41 };
const denial: RecordedEvent = {
  sequence: 77,
  id: 'evt_01JBTXQ4G6M7W8Z9V0R2K3N5PA',
  timeMs: 1_800_000_000_123,
  type: 'decision.denied',
  actor: { kind: 'workload', id: 'github/456789' },
  decision: 'dec_1',
  resource: 'shop-db',
  body: {
    identity: {
      platform: 'github-actions',
      issuer: 'https://token.actions.githubusercontent.com',
      project: { path: 'acme/shop' },
      ref: { full: 'refs/heads/main' },
      actor: { login: 'mona' },
    },
    denial: { code: 'no_permit' },
    sourceIp: '203.0.113.7',
  },
};

describe('a document', () => {
  it('in ECS says who asked for what, from where, and why it was refused', () => {
    const { event, ...document } = toDocument('ecs', denial, place);
    const { original, ...described } = Object(event) as Record<string, unknown>;
    expect(JSON.parse(String(original))).toEqual((({ sequence: _sequence, ...rest }) => rest)(denial));
    expect({ ...document, event: described }).toMatchInlineSnapshot(`
      {
        "@timestamp": "2027-01-15T08:00:00.123Z",
        "ecs": {
          "version": "8.17.0",
        },
        "event": {
          "action": "decision.denied",
          "category": [
            "iam",
            "authentication",
          ],
          "dataset": "vouchgate.audit",
          "id": "evt_01JBTXQ4G6M7W8Z9V0R2K3N5PA",
          "kind": "event",
          "module": "vouchgate",
          "outcome": "failure",
          "provider": "vouchgate",
          "reason": "no_permit",
          "type": [
            "access",
          ],
        },
        "labels": {
          "actor_kind": "workload",
          "decision": "dec_1",
          "platform": "github-actions",
          "project": "acme/shop",
          "ref": "refs/heads/main",
          "resource": "shop-db",
        },
        "message": "decision.denied: access was denied (shop-db)",
        "related": {
          "ip": [
            "203.0.113.7",
          ],
          "user": [
            "mona",
          ],
        },
        "source": {
          "ip": "203.0.113.7",
        },
        "url": {
          "full": "https://token.actions.githubusercontent.com",
        },
        "user": {
          "id": "github/456789",
          "name": "mona",
        },
        "vouchgate": {
          "index": 41,
          "log": "vouchgate.acme.example/log",
          "schema": "ecs",
          "sequence": 77,
        },
      }
    `);
  });

  it('in OCSF has what its class requires', () => {
    const { raw_data: _raw, ...document } = toDocument('ocsf', denial, place);
    expect(document).toMatchInlineSnapshot(`
      {
        "activity_id": 3,
        "auth_protocol": "OIDC",
        "auth_protocol_id": 99,
        "category_uid": 3,
        "class_uid": 3002,
        "message": "access was denied",
        "metadata": {
          "correlation_uid": "dec_1",
          "event_code": "decision.denied",
          "product": {
            "name": "Vouchgate",
            "vendor_name": "Vouchgate",
          },
          "sequence": 77,
          "uid": "evt_01JBTXQ4G6M7W8Z9V0R2K3N5PA",
          "version": "1.8.0",
        },
        "service": {
          "name": "shop-db",
        },
        "session": {
          "uid": "dec_1",
        },
        "severity_id": 3,
        "src_endpoint": {
          "ip": "203.0.113.7",
        },
        "status_code": "no_permit",
        "status_id": 2,
        "time": 1800000000123,
        "type_uid": 300203,
        "unmapped": {
          "vouchgate": {
            "index": 41,
            "log": "vouchgate.acme.example/log",
            "schema": "ocsf",
            "sequence": 77,
          },
        },
        "user": {
          "name": "github/456789",
          "type_id": 4,
          "uid": "github/456789",
        },
      }
    `);
  });

  it.each(AuditEventType.options)('of %s has the base of OCSF and the categories of ECS', (type) => {
    const event = { ...denial, type };
    const ocsf = toDocument('ocsf', event, place);
    const base = ['activity_id', 'category_uid', 'class_uid', 'metadata', 'severity_id', 'time', 'type_uid'];
    for (const name of base) expect(ocsf).toHaveProperty(name);
    expect(ocsf['type_uid']).toBe(Number(ocsf['class_uid']) * 100 + Number(ocsf['activity_id']));
    // 99 is "Other": the name must say what it is.
    if (ocsf['activity_id'] === 99) expect(ocsf['activity_name']).toBeDefined();
    expect(eventMeanings[type].ecs.category.length).toBeGreaterThan(0);
  });

  it.each(SchemaName.options)('as %s is read back as the event that it was made of', (schema) => {
    const sent: unknown = JSON.parse(JSON.stringify(toDocument(schema, denial, place)));
    expect(readDocument(sent)).toMatchObject({ schema, ...place, event: denial });
    expect(readPlace(sent)).toEqual({ index: 41 });
  });

  it('is made of anything that can be recorded', () => {
    const hostile: RecordedEvent = {
      ...denial,
      timeMs: Number.MAX_SAFE_INTEGER,
      body: JSON.parse(
        '{"__proto__":{"x":1},"identity":{"constructor":1,"project":["x"],"ref":null},"denial":"text","sourceIp":"not an address; drop"}',
      ),
    };
    for (const schema of SchemaName.options) {
      const sent = JSON.stringify(toDocument(schema, hostile, place));
      expect(readDocument(JSON.parse(sent))?.event.body).toEqual(hostile.body);
      const { '@timestamp': _time, ...rest } = JSON.parse(sent) as Record<string, unknown>;
      expect(JSON.stringify(rest['source'] ?? rest['src_endpoint'] ?? {})).not.toContain('drop');
    }
    expect(Object.hasOwn(Object.prototype, 'x')).toBe(false);
  });

  it('is none when anything is wrong with it', () => {
    const sent = toDocument('ecs', denial, place);
    const stamp = Object(sent['vouchgate']) as Record<string, unknown>;
    const wrong: unknown[] = [
      undefined,
      'text',
      [],
      {},
      { vouchgate: stamp },
      { ...sent, vouchgate: { ...stamp, schema: 'other' } },
      { ...sent, vouchgate: { ...stamp, index: -1 } },
      { ...sent, vouchgate: { ...stamp, index: '41' } },
      { ...sent, event: { original: '{' } },
      { ...sent, event: { original: '{"id":"x"}' } },
    ];
    for (const value of wrong) expect(readDocument(value)).toBeUndefined();
  });
});
