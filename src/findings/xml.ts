import { SaxesParser } from 'saxes';
import { messageOf } from '#core/errors.ts';
import { ImportError } from './import-error.ts';

/** An element with what reports need of it. Names are without their prefix. */
export interface XmlElement {
  readonly name: string;
  readonly attributes: Readonly<Record<string, string>>;
  readonly children: readonly XmlElement[];
  /** Its own text, CDATA too, without that of its children. */
  readonly text: string;
}

interface OpenElement extends XmlElement {
  readonly children: XmlElement[];
  text: string;
}

const DEPTH_MAX = 200;
const ELEMENTS_MAX = 5_000_000;
const CHUNK_CHARS = 65_536;

function refuse(what: string): ImportError {
  return new ImportError('report_refused', `this XML is refused: ${what}`, {
    remedy: 'Take the report as the tool wrote it; none of the tools that are read here needs this.',
  });
}

function localName(name: string): string {
  return name.slice(name.indexOf(':') + 1);
}

/**
 * Reads a whole document. Entities other than the five of XML itself do not exist here, and a document that declares
 * some is refused: "a billion laughs" has nothing to expand, and no file or address is ever read for it. A document
 * type that only names elements or an address is passed over, as Burp and Nikto write one into every report.
 *
 * @throws ImportError `report_refused` for a DOCTYPE that declares entities, or beyond {@link DEPTH_MAX} levels or
 *   {@link ELEMENTS_MAX} elements; `report_unreadable` when it is not well-formed
 */
export function parseXml(text: string): XmlElement {
  const parser = new SaxesParser({ xmlns: false, position: true });
  const open: OpenElement[] = [];
  let root: XmlElement | undefined;
  let elements = 0;
  parser.on('doctype', (doctype) => {
    if (/<!ENTITY/i.test(doctype)) throw refuse('its document type declares entities');
  });
  parser.on('opentag', ({ name, attributes }) => {
    elements += 1;
    if (open.length >= DEPTH_MAX) throw refuse(`it is nested deeper than ${DEPTH_MAX} levels`);
    if (elements > ELEMENTS_MAX) throw refuse(`it has more than ${ELEMENTS_MAX} elements`);
    const element: OpenElement = { name: localName(name), attributes, children: [], text: '' };
    open.at(-1)?.children.push(element);
    open.push(element);
  });
  const addText = (more: string) => {
    const current = open.at(-1);
    if (current !== undefined) current.text += more;
  };
  parser.on('text', addText);
  parser.on('cdata', addText);
  parser.on('closetag', () => {
    const closed = open.pop();
    if (open.length === 0) root = closed;
  });
  parser.on('error', (error) => {
    throw error;
  });
  try {
    for (let at = 0; at < text.length; at += CHUNK_CHARS) parser.write(text.slice(at, at + CHUNK_CHARS));
    parser.close();
  } catch (error) {
    if (error instanceof ImportError) throw error;
    throw new ImportError('report_unreadable', `this XML is not well-formed: ${messageOf(error)}`, {
      remedy: 'Export the report again; it may be cut off.',
      cause: error,
    });
  }
  if (root !== undefined) return root;
  throw new ImportError('report_unreadable', 'this XML has no element', {
    remedy: 'Export the report again.',
  });
}

/** Its children of that name. */
export function elementsOf(element: XmlElement | undefined, name: string): readonly XmlElement[] {
  return element?.children.filter((child) => child.name === name) ?? [];
}

/** The first child along the names, or nothing. */
export function elementAt(
  element: XmlElement | undefined,
  ...names: readonly string[]
): XmlElement | undefined {
  let found = element;
  for (const name of names) found = found?.children.find((child) => child.name === name);
  return found;
}

/** Trimmed text of the first child along the names; undefined when there is none or it is empty. */
export function textAt(element: XmlElement | undefined, ...names: readonly string[]): string | undefined {
  const text = elementAt(element, ...names)?.text.trim();
  return text === '' ? undefined : text;
}
