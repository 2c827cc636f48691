const VOID = new Set(['meta', 'input', '!doctype', '?xml']);
const TAG = /<(\/?)([?!]?[a-z][a-z0-9]*)((?:\s+[a-zA-Z][\w-]*(?:="[^"<]*")?)*)\s*([/?]?)>/y;
const ENTITY = /&(?:amp|lt|gt|quot|#39);/y;

function matchAt(pattern: RegExp, text: string, at: number): RegExpExecArray | null {
  pattern.lastIndex = at;
  return pattern.exec(text);
}

/** Reads markup as strictly as XML: names of the tags in order, or a throw at the first thing out of place. */
export function readMarkup(text: string): string[] {
  const open: string[] = [];
  const names: string[] = [];
  for (let at = 0; at < text.length; ) {
    const char = text[at];
    if (char === '<') {
      const tag = matchAt(TAG, text, at);
      if (tag === null) throw new Error(`no tag at ${at}: ${text.slice(at, at + 60)}`);
      const [all, closing, name = '', attributes = '', end] = tag;
      if (/&(?!(?:amp|lt|gt|quot|#39);)/.test(attributes))
        throw new Error(`an attribute is open: ${attributes}`);
      if (closing === '/') {
        if (open.pop() !== name) throw new Error(`</${name}> closes something else`);
      } else {
        names.push(name);
        if (end === '' && !VOID.has(name)) open.push(name);
      }
      at += all.length;
    } else if (char === '&') {
      const entity = matchAt(ENTITY, text, at);
      if (entity === null) throw new Error(`a bare & at ${at}: ${text.slice(at, at + 40)}`);
      at += entity[0].length;
    } else at += 1;
  }
  if (open.length > 0) throw new Error(`open at the end: ${open.join(', ')}`);
  return names;
}
