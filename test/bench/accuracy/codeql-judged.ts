/** A file where our rule speaks and CodeQL's query does not, and where we are right; each with its reason. */
interface JudgedFile {
  readonly family: string;
  /** The end of its path in the corpus. */
  readonly file: string;
  readonly reason: string;
}

const JUDGED: readonly JudgedFile[] = [
  {
    family: 'CodeInjection',
    file: 'CWE-094/.github/workflows/matrix.yml',
    reason:
      'Names of changed files go through an output and fromJSON into a matrix, and a script is nothing but that value.',
  },
  {
    family: 'CodeInjection',
    file: 'CWE-094/.github/workflows/test20.yml',
    reason: 'The branch of a pull request stands in a script, as in files next to it that have the label.',
  },
  {
    family: 'UntrustedCheckout',
    file: 'CWE-829/.github/workflows/untrusted_checkout_5.yml',
    reason: 'Its condition names the owner of the repository, which holds for every pull request to it.',
  },
  {
    family: 'UntrustedCheckoutTOCTOU',
    file: 'CWE-367/.github/workflows/label.yml',
    reason:
      'A branch is checked out after a label; it was written to show just that, and the branch can move.',
  },
];

/** Whether somebody looked at the file and found our finding to be true. */
export function isJudgedRight(family: string, file: string): boolean {
  return JUDGED.some((each) => each.family === family && file.endsWith(each.file));
}
