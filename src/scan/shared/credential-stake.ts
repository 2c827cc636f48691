/** What a stored value opens, by its name. */
export type StakeClass =
  | 'cloud'
  | 'deploy'
  | 'signing'
  | 'publish'
  | 'source'
  | 'data'
  | 'model'
  | 'other'
  | 'report'
  | 'name'
  /** No value, but a way in. */
  | 'machine'
  | 'image'
  | 'environment'
  | 'cache';

export interface Stake {
  readonly kind: StakeClass;
  /** For a reader: `a key of a cloud`. */
  readonly what: string;
  /** From 1, nothing to lose, to 10, everything. */
  readonly weight: number;
}

const STAKES: Readonly<Record<StakeClass, Stake>> = {
  cloud: { kind: 'cloud', what: 'access to a cloud', weight: 10 },
  deploy: { kind: 'deploy', what: 'access to what runs', weight: 9 },
  signing: { kind: 'signing', what: 'a key that signs', weight: 9 },
  publish: { kind: 'publish', what: 'a key that publishes', weight: 8 },
  source: { kind: 'source', what: 'access to source code', weight: 8 },
  data: { kind: 'data', what: 'access to data', weight: 7 },
  model: { kind: 'model', what: 'a key of a language model', weight: 5 },
  other: { kind: 'other', what: 'a secret', weight: 4 },
  report: { kind: 'report', what: 'a token for reports', weight: 2 },
  machine: { kind: 'machine', what: 'a machine that keeps what ran on it', weight: 9 },
  environment: { kind: 'environment', what: 'the way into production', weight: 9 },
  image: { kind: 'image', what: 'what others pull and run', weight: 8 },
  cache: { kind: 'cache', what: 'what later runs read', weight: 5 },
  name: { kind: 'name', what: 'no secret by its name', weight: 1 },
};

/** In lower case, between `_`; the first that fits decides. */
const WORDS: readonly (readonly [StakeClass, RegExp])[] = [
  [
    'report',
    /slack|discord|teams|telegram|mattermost|webhook|codecov|coveralls|sonar|snyk|codacy|codeclimate|percy|chromatic|argos|cypress|nx_|turbo|gradle_enterprise|develocity|gradle_cache|fossa|launchable|buildpulse|datadog|sentry|newrelic|new_relic|honeycomb|semgrep|gitguardian|socket_|deepsource|qodana|mergify|sauce|browserstack|benchmark|bencher|codspeed|algolia/,
  ],
  [
    'name',
    /(?:^|_)user(?:name)?(?:_|$)|(?:^|_)(?:role|arn|role_arn|account|account_id|client_id|tenant|tenant_id|subscription|subscription_id|project|project_id|region|user_name|email|mail|host|hostname|url|uri|bucket|domain|org|organization|name|cluster|zone|port|path|ids?|app_id|ip|address|endpoint|login|namespace)$/,
  ],
  [
    'signing',
    /gpg|pgp|signing|sign_|keystore|key_store|cosign|certificate|(?:^|_)cert(?:_|$)|p12|pfx|apple|notar|minisign|provisioning|codesign|key_alias|match_password|asc_|app_store/,
  ],
  [
    'cloud',
    /aws|azure|gcp|gcloud|google|gke|(?:^|_)arm_|digitalocean|do_token|cloudflare|(?:^|_)cf_|hetzner|hcloud|linode|scaleway|alibaba|aliyun|oci_|openstack|terraform|(?:^|_)tf_|pulumi|vault|service_account/,
  ],
  [
    'publish',
    /npm|pypi|twine|nuget|cargo|crates|(?:^|_)gem|rubygems|maven|ossrh|sonatype|docker|registry|quay|ghcr|harbor|jfrog|artifactory|nexus|cr_pat|marketplace|vsce|ovsx|chrome|hex_|packagist|publish|release|jsr|snap|dockerhub|mavencentral|homebrew|winget|play_store|cocoapods/,
  ],
  [
    'deploy',
    /ssh|deploy|vercel|netlify|heroku|(?:^|_)fly_|render|railway|firebase|server|(?:^|_)s?ftp|surge|supabase|kube|k8s|argocd|ansible|vps|prod|helm|rancher|portainer|tailscale|vpn|wireguard/,
  ],
  ['model', /openai|anthropic|claude|gemini|mistral|cohere|openrouter|groq|hugging|(?:^|_)hf_|llm|copilot/],
  [
    'data',
    /(?:^|_)db_|database|postgres|mysql|mongo|redis|(?:^|_)pg|sql|elastic|snowflake|backup|s3|storage/,
  ],
  [
    'source',
    /(?:^|_)gh_|github|gitlab|(?:^|_)git_|(?:^|_)pat(?:_|$)|bot|app_private_key|app_key|access_token|bitbucket|repo/,
  ],
];

const NAME_CHARACTERS_MAX = 200;

/** What is at stake with a stored value of this name. */
export function stakeOf(name: string): Stake {
  const words = name
    .slice(0, NAME_CHARACTERS_MAX)
    .replaceAll(/([a-z])([A-Z])/g, '$1_$2')
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, '_');
  return STAKES[WORDS.find(([, pattern]) => pattern.test(words))?.[0] ?? 'other'];
}

export function stakeOfClass(kind: StakeClass): Stake {
  return STAKES[kind];
}
