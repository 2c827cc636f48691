import { describe, expect, it } from 'vitest';
import { DEFINITIONS_SCHEMA, readUpload } from './definition-upload.ts';

const bodyOf = (files: unknown, schema = DEFINITIONS_SCHEMA) =>
  Buffer.from(JSON.stringify({ schema, files }));

describe('uploaded definitions', () => {
  it('are read as they are', () => {
    const files = [{ file: '.github/workflows/ci.yml', text: 'on: push\n' }];
    expect(readUpload(bodyOf(files))).toEqual(files);
    expect(readUpload(bodyOf([]))).toEqual([]);
  });

  it.each([
    ['no JSON', Buffer.from('{')],
    ['no UTF-8', Buffer.from([0x22, 0xff, 0x22])],
    ['another schema', bodyOf([], 'vouchgate-definitions/2')],
    ['no list', bodyOf({})],
    ['a name that leads out', bodyOf([{ file: '../x.yml', text: '' }])],
    ['a name in the middle that leads out', bodyOf([{ file: 'a/../../x.yml', text: '' }])],
    ['an absolute name', bodyOf([{ file: '/etc/passwd', text: '' }])],
    ['an empty part', bodyOf([{ file: 'a//b.yml', text: '' }])],
    ['a control character', bodyOf([{ file: 'a\u001b.yml', text: '' }])],
    ['a character that reorders the name', bodyOf([{ file: 'a\u202elmy.b', text: '' }])],
    ['half a character', bodyOf([{ file: 'a\ud800.yml', text: '' }])],
    ['a text that is none', bodyOf([{ file: 'a.yml', text: 1 }])],
    ['something more', bodyOf([{ file: 'a.yml', text: '', mode: 1 }])],
    ['too many files', bodyOf(Array.from({ length: 2_001 }, (_, at) => ({ file: `${at}.yml`, text: '' })))],
    ['a file that is too long', bodyOf([{ file: 'a.yml', text: 'a'.repeat(2_000_001) }])],
  ])('are refused with %s', (_what, bytes) => {
    expect(() => readUpload(bytes)).toThrow(expect.objectContaining({ code: 'definitions_invalid' }));
  });

  it('are refused when there are too many characters in all', () => {
    const files = Array.from({ length: 9 }, (_, at) => ({ file: `${at}.yml`, text: 'a'.repeat(2_000_000) }));
    expect(() => readUpload(bodyOf(files))).toThrow(
      expect.objectContaining({ code: 'definitions_too_large' }),
    );
  });

  it('have one text for each name, the last', () => {
    const files = ['a', 'b'].map((text) => ({ file: 'x.yml', text }));
    expect(readUpload(bodyOf(files))).toEqual([{ file: 'x.yml', text: 'b' }]);
  });
});
