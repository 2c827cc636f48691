import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { exampleIdentity, exampleRequest } from '../credential-provider.fakes.ts';
import { encodeForAwsName, encodeForAwsTag, encodeForSubject, shorten } from './encoding.ts';
import { SUBJECT_BYTES_MAX, subjectOf } from './subject.ts';
import { compileTemplate, templateFieldNames, TemplateText } from './template.ts';

const text = fc.string({ unit: 'grapheme', maxLength: 60 });

describe('encodings', () => {
  it.each([
    ['subjects', encodeForSubject, /^[A-Za-z0-9._%-]*$/],
    ['AWS names', encodeForAwsName, /^[\w=,.@-]*$/],
    ['AWS tags', encodeForAwsTag, /^[\w .:/=@-]*$/],
  ])('of %s let only their characters through and keep different values apart', (_, encode, allowed) => {
    fc.assert(
      fc.property(text, text, (one, other) => {
        expect(encode(one)).toMatch(allowed);
        expect(encode(one) === encode(other)).toBe(one === other);
      }),
      { numRuns: 500 },
    );
  });

  it.each([
    [encodeForSubject, '/', '%2F'],
    [encodeForSubject, 'x~', 'x%7E'],
    [encodeForAwsName, '[', '=5B'],
    [encodeForAwsName, '+', '=2B'],
    [encodeForAwsTag, ',', '=2C'],
    [encodeForAwsTag, '+', '=2B'],
  ])(
    'escape what could pass for an escape or for the mark of a shortened text: %#',
    (encode, value, escaped) => {
      expect(encode(value)).toBe(escaped);
      expect(encode(escaped)).not.toBe(escaped);
    },
  );

  it('of subjects can be undone by anybody', () => {
    fc.assert(fc.property(text, (value) => decodeURIComponent(encodeForSubject(value)) === value));
  });

  it('shorten to the limit and keep different texts apart', () => {
    const long = fc.string({ unit: fc.constantFrom('a', 'b'), minLength: 100, maxLength: 140 });
    fc.assert(
      fc.property(long, long, (one, other) => {
        expect(shorten(one, 127, '~').length).toBeLessThanOrEqual(127);
        expect(shorten(one, 127, '~') === shorten(other, 127, '~')).toBe(one === other);
      }),
    );
  });
});

function subjectFor(environment: string, project = '456'): string {
  return subjectOf(
    exampleRequest(
      {},
      { identity: { ...exampleIdentity, project: { id: project }, environment: { name: environment } } },
    ),
    undefined,
  );
}

describe('subjects', () => {
  it('cannot be made to look like those of another project or environment', () => {
    fc.assert(
      fc.property(
        text.filter(Boolean),
        text.filter(Boolean),
        text.filter(Boolean),
        text.filter(Boolean),
        (a, b, c, d) => {
          expect(subjectFor(a, b) === subjectFor(c, d)).toBe(a === c && b === d);
          expect(Buffer.byteLength(subjectFor(a, b))).toBeLessThanOrEqual(SUBJECT_BYTES_MAX);
        },
      ),
      { numRuns: 500 },
    );
    expect(subjectFor('x', '1:environment:production')).toBe(
      'provider:github:org:123456:project:1%3Aenvironment%3Aproduction:environment:x',
    );
    expect(subjectFor('*')).toMatch(/:environment:%2A$/);
  });

  it('end in a digest when they are too long, also after a name chosen to equal one', () => {
    const shortened = subjectFor('x'.repeat(300));
    expect(shortened).toMatch(/^provider:github:org:123456:project:456:environment:x+~[0-9a-f]{32}$/);
    const imitation = shortened.slice('provider:github:org:123456:project:456:environment:'.length);
    expect(subjectFor(imitation)).not.toBe(shortened);
  });

  it('name a workload without a project by its own subject', () => {
    const { project: _, ...identity } = exampleIdentity;
    expect(subjectOf(exampleRequest({}, { identity }), undefined)).toBe(
      'provider:github:subject:repo%3Aacme%2Fshop%3Aenvironment%3Aproduction',
    );
  });
});

describe('templates', () => {
  it('render what fields are given and keep the rest as it is', () => {
    const template = compileTemplate('a:${provider}:$x:{y}:${resource}');
    expect(template.render(exampleRequest({}), (value) => value)).toBe('a:github:$x:{y}:shop');
  });

  it('know each field by its name', () => {
    for (const name of templateFieldNames) {
      expect(TemplateText.safeParse(`\${${name}}`).success, name).toBe(true);
    }
    expect(TemplateText.safeParse('${project.ID}').error?.issues[0]?.message).toContain('project.id');
  });

  it('refuse an empty value like an absent one', () => {
    const identity = { ...exampleIdentity, run: { id: '' } };
    const render = () =>
      compileTemplate('${run.id}').render(exampleRequest({}, { identity }), (value) => value);
    expect(render).toThrow(expect.objectContaining({ code: 'credential_value_missing' }));
  });

  it('never let a value be read as a template', () => {
    const identity = { ...exampleIdentity, run: { id: '${org.id}' } };
    const template = compileTemplate('${run.id}');
    expect(template.render(exampleRequest({}, { identity }), (value) => value)).toBe('${org.id}');
  });

  it('are accepted by the schema exactly when they compile', () => {
    const pieces = fc.constantFrom('${', '}', '$', '{', 'run.id', '${run.id}', '${nope}', 'x', ' ');
    fc.assert(
      fc.property(fc.array(pieces, { minLength: 1, maxLength: 8 }), (parts) => {
        const source = parts.join('');
        if (TemplateText.safeParse(source).success) expect(compileTemplate(source).source).toBe(source);
        else expect(() => compileTemplate(source)).toThrow(TypeError);
      }),
      { numRuns: 500 },
    );
  });
});
