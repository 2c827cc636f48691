/** Files that hold secrets by what they are; examples and public halves are none. */
const SECRET_FILES: readonly (readonly [pattern: RegExp, what: string])[] = [
  [/(?:^|\/)id_(?:rsa|dsa|ecdsa|ed25519)$/, 'a private key'],
  [/\.(?:p12|pfx|jks|keystore)$/, 'a store of keys'],
  [/(?:^|\/)(?:\.kube\/config|kubeconfig(?:\.ya?ml)?)$/, 'access to a cluster'],
  [/(?:^|\/)[\w*-]*\.tfstate(?:\.backup)?$/, 'the state of Terraform, with its secrets'],
  [
    /(?:^|\/)(?:\.npmrc|\.pypirc|\.netrc|\.git-credentials|\.docker\/config\.json|\.aws\/credentials)$/,
    'logins',
  ],
];

const PATTERN_CHARACTERS_MAX = 200;

function clean(pattern: string): string {
  return pattern
    .trim()
    .replace(/^(?:\.\/|~\/project\/)/, '')
    .replace(/\/$/, '');
}

/** What a file is, when its name alone says that it holds secrets. */
export function describeSecretFile(pattern: string): string | undefined {
  const file = clean(pattern.slice(0, PATTERN_CHARACTERS_MAX));
  return SECRET_FILES.find(([each]) => each.test(file))?.[1];
}

/** `*` and `**` stand for any characters. Goes back to the last star only, so it never takes more than n × m steps. */
function matchesStars(text: string, pattern: string): boolean {
  let [at, next, star, from] = [0, 0, -1, 0];
  while (at < text.length) {
    if (pattern[next] === '*') {
      [star, from] = [next, at];
      next += 1;
    } else if (pattern[next] === text[at]) {
      at += 1;
      next += 1;
    } else if (star !== -1) {
      from += 1;
      [at, next] = [from, star + 1];
    } else return false;
  }
  return /^\**$/.test(pattern.slice(next));
}

/** Whether an artifact takes a file along: by its name, by its folder, or by a pattern. */
export function takesAlong(pattern: string, file: string): boolean {
  const cleaned = clean(pattern);
  if (cleaned.length > PATTERN_CHARACTERS_MAX || file.length > PATTERN_CHARACTERS_MAX) return false;
  if (cleaned === '.' || cleaned === file || file.startsWith(`${cleaned}/`)) return true;
  return cleaned.includes('*') && matchesStars(file, cleaned.replaceAll(/\*{2}\/|\*{2,}/g, '*'));
}
