/**
 * What a policy can know, in Cedar's own schema language. It mirrors `WorkloadIdentity`: an attribute that a
 * platform may leave out is optional here, so that strict validation makes every policy say what happens
 * when it is absent. `schema.test.ts` keeps both in step.
 */
export const policySchemaText = `// Whose tokens are accepted: one entity for each entry of identityProviders in vouchgate.yaml.
entity IdentityProvider;

// An organisation, group or owner. Id: "<identity provider>/<org.id>".
entity Org in [IdentityProvider];

// A repository or project. Id: "<identity provider>/<project.id>".
entity Project in [Org, IdentityProvider];

type OrgClaims = { id?: String, name?: String };
type ProjectClaims = { id?: String, path?: String, visibility?: String };
type RefClaims = { full?: String, type?: String, protected?: Bool };
type EnvironmentClaims = { name: String, protected?: Bool };
type DefinitionClaims = { uri?: String, sha?: String };
type RunnerClaims = { hosting?: String, id?: String };
type RunClaims = { id?: String, attempt?: String, job?: String, url?: String };
type ActorClaims = { id?: String, login?: String };

// One job of a pipeline. Id: "<identity provider>/<sub>". Tags hold every claim of its token, as text.
entity Workload in [Project, Org, IdentityProvider] = {
  provider: String,
  platform: String,
  issuer: String,
  subject: String,
  org?: OrgClaims,
  project?: ProjectClaims,
  ref?: RefClaims,
  commit?: String,
  trigger?: String,
  environment?: EnvironmentClaims,
  config?: DefinitionClaims,
  callee?: DefinitionClaims,
  runner?: RunnerClaims,
  run?: RunClaims,
  actor?: ActorClaims,
  forked?: Bool,
  interactive?: Bool,
} tags String;

// What is reached: one entity for each entry of resources in vouchgate.yaml. Id: its name.
entity Resource = { name: String, privileged: Bool } tags String;

// What other tools reported for the repository; absent where nobody keeps their reports.
type ReportedPosture = { critical: Long, high: Long, medium: Long, low: Long, sources: Set<String> };

// The verdict on the pipeline that asks, at the commit that its token names. Absent while it is not known.
type Posture = {
  grade: String,
  blocking: Long,
  critical: Long,
  high: Long,
  medium: Long,
  low: Long,
  rules: Set<String>,
  ageSeconds: Long,
  coverage: Set<String>,
  workflowDigest: String,
  reported?: ReportedPosture,
};

action issue, renew appliesTo {
  principal: [Workload],
  resource: [Resource],
  context: {
    now: datetime,
    sourceIp?: ipaddr,
    keyBound: Bool,
    posture?: Posture,
  },
};
`;

export const entityTypes = ['Workload', 'Project', 'Org', 'IdentityProvider', 'Resource', 'Action'] as const;
export const actionNames = ['issue', 'renew'] as const;
