/** What Azure's own tasks do with what they are given. Names in lower case, as they are compared. */

/** Inputs that are run as code, by task. */
const CODE_INPUTS: Readonly<Record<string, readonly string[]>> = {
  bash: ['script'],
  powershell: ['script'],
  cmdline: ['script'],
  pythonscript: ['script'],
  azurecli: ['inlineScript'],
  azurepowershell: ['Inline'],
  awsshellscript: ['inlineScript'],
  awspowershellmodulescript: ['inlineScript'],
  ssh: ['inline', 'commands'],
  sqlazuredacpacdeployment: ['SqlInline', 'InlineSql'],
  sqldacpacdeploymentonmachinegroup: ['inlineSql'],
  azurermwebappdeployment: ['InlineScript'],
  servicefabricpowershell: ['Inline'],
  powershellontargetmachines: ['InlineScript'],
  azurevmssdeployment: ['customScript'],
};

/** Inputs that are put behind a command, where one word more changes what it does. */
const ARGUMENT_INPUTS: ReadonlySet<string> = new Set([
  'arguments',
  'scriptarguments',
  'commandoptions',
  'args',
  'powershellarguments',
  'filepath',
  'scriptpath',
]);

const SHELLS: Readonly<Record<string, string>> = {
  bash: 'bash',
  powershell: 'powershell',
  azurepowershell: 'powershell',
  pythonscript: 'python',
  cmdline: 'script',
};

export function codeInputsOf(task: string): readonly string[] {
  const name = task.toLowerCase();
  return Object.hasOwn(CODE_INPUTS, name) ? (CODE_INPUTS[name] ?? []) : [];
}

export function shellOfTask(task: string): string | undefined {
  const name = task.toLowerCase();
  return Object.hasOwn(SHELLS, name) ? SHELLS[name] : undefined;
}

export function isArgumentInput(input: string): boolean {
  return ARGUMENT_INPUTS.has(input.toLowerCase());
}

/** Names of inputs that hold the name of a service connection. */
const CONNECTION_INPUT =
  /^(?:azuresubscription(?:name|endpoint|id)?|connected(?:service|acr)\w{0,30}|\w{0,30}serviceconnection(?:name|endpoint|s)?|\w{0,20}endpoint(?:name|s)?|\w{0,30}connection(?:name|arm)?|containerregistry|awscredentials|sonarqube|sonarcloud|externalfeedcredentials|environmentservicename\w{0,10}|backendservicearm)$/i;

/** Inputs of that kind which hold a choice, or no account at all. */
const NO_CONNECTION = /^(?:connectedservicenameselector|azureendpoint|authenticationendpoint)$/i;

export function isConnectionInput(input: string): boolean {
  return input.length < 80 && CONNECTION_INPUT.test(input) && !NO_CONNECTION.test(input);
}

/** Tasks that leave the right to use a feed or a registry behind for all later steps. */
const FEED_TASKS: ReadonlySet<string> = new Set([
  'nugetauthenticate',
  'npmauthenticate',
  'pipauthenticate',
  'mavenauthenticate',
  'twineauthenticate',
  'cargoauthenticate',
]);

export function isFeedTask(task: string): boolean {
  return FEED_TASKS.has(task.toLowerCase());
}

/** Tasks that bring a stored file or key onto the agent. */
const SECURE_FILE_INPUTS: Readonly<Record<string, string>> = {
  downloadsecurefile: 'secureFile',
  installsshkey: 'sshKeySecureFile',
  installapplecertificate: 'certSecureFile',
  installappleprovisioningprofile: 'provProfileSecureFile',
};

export function secureFileInputOf(task: string): string | undefined {
  const name = task.toLowerCase();
  return Object.hasOwn(SECURE_FILE_INPUTS, name) ? SECURE_FILE_INPUTS[name] : undefined;
}

/** Uploads to a run, and downloads from one. */
export const artifactTasks: Readonly<Record<string, 'read' | 'write'>> = {
  publishpipelineartifact: 'write',
  publishbuildartifacts: 'write',
  downloadpipelineartifact: 'read',
  downloadbuildartifacts: 'read',
};

export function isApprovalTask(task: string): boolean {
  return /^manualvalidation$/i.test(task);
}
