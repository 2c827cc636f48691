import { readFile } from 'node:fs/promises';

const PREFIX_CHARS = 16;

interface Needle {
  name: string;
  text: string;
}

/** Knows every secret of a run, and finds them where none may be: as they are, and in the usual encodings. */
export class Canary {
  readonly #byPrefix = new Map<string, Needle[]>();
  #count = 0;

  get count(): number {
    return this.#count;
  }

  add(name: string, secret: string): void {
    if (secret.length < PREFIX_CHARS) throw new Error(`${name} is too short to be told from chance`);
    this.#count += 1;
    const bytes = Buffer.from(secret);
    const forms = [secret, encodeURIComponent(secret), bytes.toString('base64url'), bytes.toString('hex')];
    for (const text of new Set([...forms, bytes.toString('base64')])) this.#addNeedle({ name, text });
  }

  /** A JWT is as good as its signature; header and claims stand in the record on purpose. */
  addToken(name: string, token: string): void {
    this.add(name, token.slice(token.lastIndexOf('.') + 1));
  }

  /** Bytes that are no text, such as a key. */
  addBytes(name: string, bytes: Buffer): void {
    this.#count += 1;
    for (const encoding of ['latin1', 'base64', 'base64url', 'hex'] as const) {
      this.#addNeedle({ name, text: bytes.toString(encoding) });
    }
  }

  /** Names of the secrets that stand in the text: one pass, however many are known. */
  find(text: string): string[] {
    const found = new Set<string>();
    for (let start = 0; start + PREFIX_CHARS <= text.length; start += 1) {
      for (const needle of this.#byPrefix.get(text.slice(start, start + PREFIX_CHARS)) ?? []) {
        if (text.startsWith(needle.text, start)) found.add(needle.name);
      }
    }
    return [...found];
  }

  /** Raw bytes of the file; a file that is not there holds nothing. */
  async findInFile(path: string): Promise<string[]> {
    try {
      return this.find(await readFile(path, 'latin1'));
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'ENOENT') return [];
      throw error;
    }
  }

  #addNeedle(needle: Needle): void {
    const prefix = needle.text.slice(0, PREFIX_CHARS);
    const known = this.#byPrefix.get(prefix);
    if (known === undefined) this.#byPrefix.set(prefix, [needle]);
    else known.push(needle);
  }
}
