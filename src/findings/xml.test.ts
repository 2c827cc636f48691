import { describe, expect, test } from 'vitest';
import { ImportError } from './import-error.ts';
import { elementAt, elementsOf, parseXml, textAt } from './xml.ts';

function refusalOf(text: string): string | undefined {
  try {
    parseXml(text);
    return undefined;
  } catch (error) {
    if (error instanceof ImportError) return error.code;
    throw error;
  }
}

describe('reading XML', () => {
  test('names are without prefixes, and CDATA is text', () => {
    const root = parseXml('<r:a x="1"><b> one </b><r:b><![CDATA[<two>]]></r:b></r:a>');
    expect(root.name).toBe('a');
    expect(elementsOf(root, 'b').map(({ text }) => text)).toEqual([' one ', '<two>']);
    expect(textAt(root, 'b')).toBe('one');
    expect(elementAt(root, 'b', 'c')).toBeUndefined();
  });

  test('a document type that names elements or a file is passed over, as Burp and Nikto write it', () => {
    expect(
      parseXml('<!DOCTYPE a [<!ELEMENT a (b*)><!ATTLIST a x CDATA "">]><a x="1"/>').attributes['x'],
    ).toBe('1');
    expect(parseXml('<!DOCTYPE a SYSTEM "http://127.0.0.1:1/a.dtd"><a/>').name).toBe('a');
  });

  test('entities that a document declares are refused: they read files, or grow without end', () => {
    expect(refusalOf('<!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">]><a>&x;</a>')).toBe(
      'report_refused',
    );
    expect(refusalOf('<!DOCTYPE a [<!ENTITY l "lol"><!ENTITY m "&l;&l;">]><a>&m;</a>')).toBe(
      'report_refused',
    );
    expect(refusalOf('<!DOCTYPE a [<!entity % p SYSTEM "http://127.0.0.1/x">%p;]><a/>')).toBe(
      'report_refused',
    );
  });

  test('an entity that nobody declared is no XML', () => {
    expect(refusalOf('<a>&nbsp;</a>')).toBe('report_unreadable');
  });

  test('endless depth is refused, and what is cut off is told', () => {
    expect(refusalOf('<a>'.repeat(1_000))).toBe('report_refused');
    expect(refusalOf('<a><b></a>')).toBe('report_unreadable');
    expect(refusalOf('<a>')).toBe('report_unreadable');
  });
});
