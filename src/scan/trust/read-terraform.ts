import type { Span } from '#pipeline/source.ts';
import type { DeclaredTrust } from './found-trust.ts';
import { type HclBlock, readHcl } from './hcl.ts';
import { findIssuer } from './issuers.ts';
import { type Purpose, purposeOf } from './purpose.ts';
import { judgeCondition, judgeMember } from './judge-google.ts';
import { type JudgedStatement, judgeStatement } from './judge-statement.ts';
import { type Judgement, judgeSubject } from './openness.ts';
import { textsOf } from './policy-value.ts';
import { resolveLocals, type TerraformLocals } from './terraform-locals.ts';
import { statementsIn, statementsOfDocument, type TrustStatement } from './statements.ts';

const firstText = (block: HclBlock, name: string): string =>
  textsOf(block.attributes.get(name))[0]?.value ?? '';
const labelOf = ({ labels }: HclBlock): string => labels.slice(0, 2).join('.').slice(0, 120);

/** What other blocks of the file say of one: who becomes it, what is attached to it. */
class TerraformFile {
  readonly blocks: readonly HclBlock[];
  /** Names of roles by the policy document that they take. */
  readonly #rolesOf = new Map<string, string[]>();
  /** Policies that are attached, by the name of the role. */
  readonly #grantsOf = new Map<string, string[]>();

  constructor(blocks: readonly HclBlock[]) {
    this.blocks = blocks;
    for (const block of blocks) {
      const [kind = '', name = ''] = block.labels;
      if (kind === 'aws_iam_role') this.#note(this.#rolesOf, this.#documentOf(block), name);
      if (kind === 'aws_iam_role') this.#noteAll(name, block, 'managed_policy_arns');
      const [, role] = /aws_iam_role\.([\w-]{1,100})/.exec(firstText(block, 'role')) ?? [];
      if (kind === 'aws_iam_role_policy_attachment' && role !== undefined)
        this.#noteAll(role, block, 'policy_arn');
    }
  }

  #note(map: Map<string, string[]>, key: string | undefined, value: string): void {
    if (key !== undefined) map.set(key, [...(map.get(key) ?? []).slice(0, 20), value]);
  }

  #noteAll(role: string, block: HclBlock, attribute: string): void {
    for (const { value } of textsOf(block.attributes.get(attribute)).slice(0, 20))
      this.#note(this.#grantsOf, role, value);
  }

  #documentOf(block: HclBlock): string | undefined {
    const text = firstText(block, 'assume_role_policy');
    return /data\.aws_iam_policy_document\.([\w-]{1,100})/.exec(text)?.[1];
  }

  purposeOf(block: HclBlock): Purpose {
    const [, name = ''] = block.labels;
    const roles = this.#rolesOf.get(name) ?? [];
    const grants = [name, ...roles].flatMap((each) => this.#grantsOf.get(each) ?? []);
    return purposeOf([name, ...roles, firstText(block, 'name'), firstText(block, 'display_name')], grants);
  }

  /** Another credential of the same application that names one branch or environment. */
  hasExactSibling(block: HclBlock): boolean {
    const owner = (each: HclBlock): string =>
      ['application_id', 'application_object_id', 'parent_id', 'user_assigned_identity_id']
        .map((name) => firstText(each, name))
        .join();
    return this.blocks.some(
      (each) =>
        each !== block &&
        each.labels[0] === block.labels[0] &&
        owner(each) === owner(block) &&
        judgeSubject(firstText(each, 'subject'), false).openness === 'exact',
    );
  }
}

type Partial = Omit<DeclaredTrust, 'name' | 'head' | keyof Purpose>;

function readAws(block: HclBlock): Partial[] {
  const isDocument = block.type === 'data' && block.labels[0] === 'aws_iam_policy_document';
  const isRole = block.type === 'resource' && block.labels[0] === 'aws_iam_role';
  const statements: readonly TrustStatement[] = isDocument
    ? statementsOfDocument(block)
    : isRole
      ? statementsIn(block.attributes.get('assume_role_policy'))
      : [];
  const notation = isDocument
    ? ('terraform-document' as const)
    : block.attributes.get('assume_role_policy')?.kind === 'text'
      ? ('json' as const)
      : ('terraform-json' as const);
  return statements
    .map(judgeStatement)
    .filter((each): each is JudgedStatement => each !== undefined)
    .map((judged) => ({ ...judged, cloud: 'AWS', notation }));
}

function readGoogleProvider(block: HclBlock): Partial[] {
  const oidc = block.blocks.find(({ type }) => type === 'oidc');
  const names = textsOf(oidc?.attributes.get('issuer_uri')).map(({ value }) => value);
  const found = findIssuer(names, []);
  if (found === undefined) return [];
  const condition = block.attributes.get('attribute_condition');
  const isKnown = condition === undefined || condition.kind === 'text';
  const text = textsOf(condition)
    .map(({ value }) => value)
    .join(' ');
  const judged: Judgement = isKnown
    ? judgeCondition(text, found.issuer, found.address)
    : { openness: 'unknown', takenBy: `\`${text.slice(0, 100)}\`` };
  const at: Span = condition ?? block;
  return [
    {
      ...judged,
      ...found,
      at,
      cloud: 'Google Cloud',
      notation: 'google-provider',
      alsoExact: false,
      withoutAudience: false,
    },
  ];
}

const MEMBERS = ['member', 'members'] as const;

function readGoogleBinding(block: HclBlock): Partial[] {
  return MEMBERS.flatMap((name) => textsOf(block.attributes.get(name))).flatMap(
    ({ value, start, end }): Partial[] => {
      const judged = judgeMember(value);
      if (judged === undefined) return [];
      const { issuer, ...judgement } = judged;
      const common = { address: '', sure: true, alsoExact: false, withoutAudience: false } as const;
      return [
        {
          ...judgement,
          ...common,
          issuer,
          at: { start, end },
          cloud: 'Google Cloud',
          notation: 'google-binding',
        },
      ];
    },
  );
}

const AZURE_CREDENTIAL =
  /^(?:azuread_application_federated_identity_credential|azurerm_federated_identity_credential)$/;

function readAzure(block: HclBlock, file: TerraformFile): Partial[] {
  const issuers = textsOf(block.attributes.get('issuer')).map(({ value }) => value);
  const subject = block.attributes.get('subject');
  const [text] = textsOf(subject);
  const found = findIssuer(issuers, text === undefined ? [] : [text.value]);
  if (found === undefined || text === undefined) return [];
  // Entra ID compares letter by letter.
  const judged = judgeSubject(text.value, false, found);
  const alsoExact = file.hasExactSibling(block);
  return [
    { ...judged, ...found, at: text, cloud: 'Azure', notation: 'azure', alsoExact, withoutAudience: false },
  ];
}

/** `claims['sub'] matches 'repo:acme/*'`. */
function readFlexible(block: HclBlock): Partial[] {
  const expression = textsOf(block.attributes.get('claims_matching_expression'))[0];
  const issuers = textsOf(block.attributes.get('issuer')).map(({ value }) => value);
  const [, operator, value] =
    /claims\[\\?['"]sub\\?['"]\]\s{1,5}(eq|matches)\s{1,5}['"]([^'"]{1,400})['"]/.exec(
      expression?.value.slice(0, 2_000) ?? '',
    ) ?? [];
  const found = findIssuer(issuers, value === undefined ? [] : [value]);
  if (expression === undefined || found === undefined || value === undefined) return [];
  const judged = judgeSubject(value, operator === 'matches', found);
  return [
    {
      ...judged,
      ...found,
      at: expression,
      cloud: 'Azure',
      notation: 'azure-flexible',
      alsoExact: false,
      withoutAudience: false,
    },
  ];
}

function readBlock(block: HclBlock, file: TerraformFile): Partial[] {
  const [kind = ''] = block.labels;
  if (kind.startsWith('aws_')) return readAws(block);
  if (block.type !== 'resource') return [];
  if (kind === 'google_iam_workload_identity_pool_provider') return readGoogleProvider(block);
  if (/^google_\w{1,60}_iam_(?:member|binding)$/.test(kind)) return readGoogleBinding(block);
  if (AZURE_CREDENTIAL.test(kind)) return readAzure(block, file);
  return kind === 'azuread_application_flexible_federated_identity_credential' ? readFlexible(block) : [];
}

/** Who may take what a file of Terraform makes; `locals` are those of the other files in its folder. Whatever stands in it, this returns. */
export function readTerraform(text: string, locals: TerraformLocals = new Map()): readonly DeclaredTrust[] {
  const file = new TerraformFile(resolveLocals(readHcl(text), locals));
  return file.blocks.flatMap((block) =>
    readBlock(block, file).map((each) => ({
      ...each,
      name: labelOf(block),
      head: { start: block.start, end: block.end },
      ...file.purposeOf(block),
    })),
  );
}
