/** One set of configuration files that was put in force, kept so that a bad file later changes nothing. */
export interface StoredConfiguration {
  /** `cfg_…` */
  id: string;
  /** SHA-256 over the files, hex. */
  digest: string;
  /** What decisions name: of the policies and what they speak of alone. Undefined where an older server stored it. */
  policyVersion?: string;
  appliedAtMs: number;
  /** Path relative to the configuration folder → text. */
  files: Readonly<Record<string, string>>;
}

export interface ConfigurationStore {
  saveConfiguration(configuration: StoredConfiguration): Promise<void>;
  latestConfiguration(): Promise<StoredConfiguration | undefined>;
  /** The newest with these policies. */
  configurationByPolicyVersion(policyVersion: string): Promise<StoredConfiguration | undefined>;
  configurations(limit: number): Promise<Omit<StoredConfiguration, 'files' | 'policyVersion'>[]>;
}
