import type { Rule } from '../../rule.ts';
import { surfacePlatforms } from '../../shared/surface-jobs.ts';
import { reportWorst } from '../../shared/surface-report.ts';
import { isPlaceholder, sourceMayHoldToken, tokenShapes } from '../../token-shapes.ts';
import { findOnSurfaces } from './surface.ts';

/** So much of it tells a reader which one is meant, and an attacker nothing. */
const SHOWN_CHARS = 4;

export const rule: Rule = {
  id: 'hardcoded-secret',
  title: 'A secret stands in the file',
  severity: 'critical',
  confidence: 'high',
  persona: 'regular',
  platforms: ['github', 'gitlab', ...surfacePlatforms],
  standards: { cicdSec: ['CICD-SEC-6'], cwe: ['CWE-798', 'CWE-540'], cis: ['1.5.1', '2.3.8'] },
  description:
    'Looks for tokens and keys with an unmistakable form in the text of definitions: of clouds, forges, registries and chats, and private keys; and, beside GitHub and GitLab, for variables with the name of a secret and a value that looks random.',
  why: 'Everybody who can read the repository has it, and it stays in the history after it was removed. Tokens that get public are tried within minutes.',
  remedy:
    'Revoke it where it was issued, then store a new one as a secret of an environment, or have a short-lived one issued for each run. Removing the line is not enough.',
  references: ['https://docs.github.com/en/code-security/concepts/secret-security/about-secret-scanning'],
  aliases: ['checkov/CKV_SECRET_2', 'checkov/CKV_SECRET_13'],

  repository(repository, context) {
    reportWorst(findOnSurfaces(repository), rule, context);
  },
  file({ source }, context) {
    if (!sourceMayHoldToken(source)) return;
    for (const { what, pattern } of tokenShapes) {
      for (const match of source.text.matchAll(pattern)) {
        if (isPlaceholder(match[0])) continue;
        const { index } = match;
        context.report({
          at: { start: index, end: index + SHOWN_CHARS },
          message: `${/^[aeiou]/i.test(what) ? 'an' : 'a'} ${what} stands in this file, for everybody who can read it`,
          key: `${what} ${match[0].slice(0, SHOWN_CHARS)}`,
        });
      }
    }
  },
};
