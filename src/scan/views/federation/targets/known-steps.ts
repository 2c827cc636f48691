/**
 * Actions that patches write, at commits that were seen in use with that version. Where none was, the tag stands, and
 * the scan asks to pin it.
 */
export const knownActions = {
  aws: 'aws-actions/configure-aws-credentials@517a711dbcd0e402f90c77e7e2f81e849156e31d # v6.2.2',
  googleCloud: 'google-github-actions/auth@7c6bc770dae815cd3e89ee6cdf493a5fab2cc093 # v3.0.0',
  azure: 'azure/login@532459ea530d8321f2fb9bb10d1e0bcf23869a43 # v3.0.0',
  vault: 'hashicorp/vault-action@v3',
  cargo: 'rust-lang/crates-io-auth-action@c6f97d42243bad5fab37ca0427f495c86d5b1a18 # v1.0.5',
  rubygems: 'rubygems/configure-rubygems-credentials@v1.0.0',
  nuget: 'NuGet/login@v1',
} as const;
