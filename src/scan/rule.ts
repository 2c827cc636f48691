import type { ZodType } from 'zod';
import type { Attack } from '#findings/attack.ts';
import type { RuleDescription } from '#findings/rule-description.ts';
import type { Confidence, Persona, Severity } from '#findings/severity.ts';
import type { Assumption } from '#pipeline/guard.ts';
import type { Flow } from '#pipeline/github/taint/shell-flow.ts';
import type { Configuration, Job, Pipeline, Platform, Step } from '#pipeline/model.ts';
import type { ReadFile } from '#pipeline/read-file.ts';
import type { ActionReference } from '#pipeline/reference.ts';
import type { PlatformChangeId } from '#pipeline/platform-dates.ts';
import type { Repository } from '#pipeline/repository.ts';
import type { SourceText, Span } from '#pipeline/source.ts';
import type { Hop, Taint } from '#pipeline/taint.ts';
import type { Expression } from '#pipeline/text.ts';
import type { AttackAnalysis } from './graph/attack-analysis.ts';

/** A place in the file that the rule looks at, or in `source`. Every YAML node is a span, too. */
export interface Related {
  readonly at: Span;
  readonly source?: SourceText;
  readonly label: string;
}

/** A replacement in the file that the rule looks at, or in `source`. */
export interface EditDraft extends Span {
  readonly replacement: string;
  readonly source?: SourceText;
}

export interface FixDraft {
  readonly title: string;
  readonly safety: 'safe' | 'unsafe';
  readonly edits: readonly EditDraft[];
}

/** What a rule says about a place. What is left out comes from the rule's description. */
export interface Report {
  readonly at: Span;
  /** One sentence with what is wrong here, names and values in it. */
  readonly message: string;
  readonly severity?: Severity;
  readonly confidence?: Confidence;
  readonly persona?: Persona;
  readonly explanation?: string;
  readonly remedy?: string;
  readonly related?: readonly Related[];
  /** The way of an attack, from where it starts to what it reaches. */
  readonly path?: readonly Hop[];
  /** What the path leads to, where the rule knows. */
  readonly attack?: Attack;
  readonly fixes?: readonly (FixDraft | undefined)[];
  /** What tells this finding from others at the same place; the text at the place when it is left out. */
  readonly key?: string;
}

/** Knows commits of actions without asking the network: a lock file, a mirror. */
export interface PinSource {
  /** The commit that a tag or branch of a repository is at, and the full version it stands for. */
  resolve(reference: ActionReference): { readonly commit: string; readonly version: string } | undefined;
}

/** What a rule may know, and the only way for it to say something. */
export interface RuleContext {
  readonly repository: Repository;
  readonly pins: PinSource | undefined;
  report(report: Report): void;
  /** What an attacker can put into an expression of the pipeline that is being looked at. */
  taintsOf(
    expression: Expression,
    place: { job?: Job | undefined; step?: Step | undefined },
  ): readonly Taint[];
  /** What an attacker can put into something that the script of a step reads: a variable, a file, an answer. */
  taintsOfFlow(flow: Flow, step: Step): readonly Taint[];
  /** What an attacker can put in front of the folders in which programs are looked for, in a step’s JavaScript. */
  taintsOfAddedPaths(step: Step): readonly Taint[];
  /** The moment by whose facts this scan judges, in ms since the epoch. */
  readonly asOfMs: number;
  /** Whether the platform behaves so on the day by whose rules this scan judges. */
  inForce(change: PlatformChangeId): boolean;
  /** What is known when somebody without rights makes an event of this platform happen. */
  outsider(event: string): Assumption;
}

/** What `scan.rules.ID.settings` may say to a rule, and the rule that it makes. */
export interface RuleSettings {
  readonly schema: ZodType;
  readonly bind: (settings: unknown) => Rule;
}

/** A rule is one folder, `rules/<id>/rule.ts`; it looks at the narrowest thing that it can judge. */
export interface Rule extends RuleDescription {
  readonly platforms: readonly Platform[];
  /** It is about something that only GitHub's own server has: not for files of Forgejo and Gitea. */
  readonly onlyForGithub?: boolean;
  /**
   * Words without which it finds nothing in GitHub's language: where none of them stands in a definition, in those that
   * it calls and in those that call it, the rule is not asked (except by `file` and `conclude`). ASCII in lower case,
   * without white space; they are looked for in any case, and as parts of other words.
   */
  readonly needs?: readonly string[];
  readonly settings?: RuleSettings;
  step?(step: Step, context: RuleContext): void;
  job?(job: Job, context: RuleContext): void;
  pipeline?(pipeline: Pipeline, context: RuleContext): void;
  configuration?(configuration: Configuration, context: RuleContext): void;
  /** Also called for files in which nothing could be read. */
  file?(file: ReadFile, context: RuleContext): void;
  /** For what is only visible across files; `reportIn` names the file. */
  repository?(repository: Repository, context: RepositoryContext): void;
  /** Called after all other rules, for what only their findings together show. */
  conclude?(attacks: AttackAnalysis, context: RepositoryContext): void;
}

export interface RepositoryContext extends Omit<RuleContext, 'report'> {
  reportIn(source: SourceText, report: Report): void;
}
