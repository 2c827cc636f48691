import { compileRule } from '../compiled-rule.ts';
import { FileScanner } from '../file-scanner.ts';
import { rulePack } from '../rule-pack.ts';
import type { SecretHit } from '../secret-hit.ts';

const scanner = new FileScanner(rulePack.map(compileRule), (id) => [id]);

/** What the whole pack finds in a text, before a tokenizer weighs it. */
export function scanText(text: string, file = 'src/a.ts'): SecretHit[] {
  return scanner.scan(Buffer.from(text), file);
}
