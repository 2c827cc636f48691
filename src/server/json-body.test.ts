import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseJsonBody } from './json-body.ts';
import { RequestProblem } from './request-problem.ts';

function faultOf(body: Buffer): RequestProblem {
  try {
    parseJsonBody(body);
  } catch (error) {
    if (error instanceof RequestProblem) return error;
    throw error;
  }
  throw new Error('was accepted');
}

describe('parseJsonBody', () => {
  it('reads JSON', () => {
    fc.assert(
      fc.property(fc.jsonValue({ maxDepth: 8 }), (value) => {
        const text = JSON.stringify(value);
        expect(parseJsonBody(Buffer.from(text))).toEqual(JSON.parse(text));
      }),
    );
  });

  it('refuses everything else as malformed, and never fails otherwise', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 64 }), (bytes) => {
        try {
          parseJsonBody(Buffer.from(bytes));
        } catch (error) {
          expect(error).toBeInstanceOf(RequestProblem);
        }
      }),
    );
  });

  it('refuses bytes that are not UTF-8', () => {
    expect(faultOf(Buffer.from([0x22, 0xff, 0x22])).message).toBe('The body is not UTF-8.');
  });

  it('refuses deep nesting before it is built, and is not fooled by brackets in strings', () => {
    const deep = '['.repeat(33) + ']'.repeat(33);
    expect(faultOf(Buffer.from(deep)).message).toMatch(/nested/);
    expect(parseJsonBody(Buffer.from(`["${'['.repeat(100)}\\"${'{'.repeat(100)}"]`))).toHaveLength(1);
  });

  it('repeats nothing of what was sent, not even in the cause', () => {
    const problem = faultOf(Buffer.from('{"value": canary-4711}'));
    expect(problem.cause).toBe(undefined);
    expect(`${problem.message}${problem.stack}${JSON.stringify(problem)}`).not.toContain('canary');
  });
});
