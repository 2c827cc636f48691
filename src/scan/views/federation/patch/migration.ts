import type { StoredUse } from '../recognise/stored-use.ts';
import type { MappingChange } from './mapping-edits.ts';
import type { GrantedScope } from './permissions.ts';
import type { NewStep } from './step-edits.ts';

/** Inputs of an action that go, and those that come in their place. */
export interface InputChange {
  readonly remove: readonly string[];
  readonly add: MappingChange['add'];
  /** The action did the login itself, and now needs a step for it. */
  readonly login?: true;
}

/** How one kind of stored credential leaves a workflow. A use that none of it covers is left to a person. */
export interface Migration {
  /** By repository of the action. */
  readonly inputs: Readonly<Record<string, InputChange>>;
  /** Actions that can log in with nothing but the stored value: their steps go, and the login takes their place. */
  readonly replaces?: readonly string[];
  /** Any other input whose value can simply be another: an expression, without its braces. */
  readonly replaceInput?: (use: StoredUse) => string | undefined;
  /** Inputs that come along where `replaceInput` did something, by action. */
  readonly extraInputs?: Readonly<Record<string, MappingChange['add']>>;
  /** A step that makes the credential for those after it. */
  readonly login?: NewStep;
  /** The same for a variable of a step; without it the variable goes. */
  readonly replaceVariable?: (use: StoredUse) => string | undefined;
  /** Variables that come with those that are replaced or go. */
  readonly variables: MappingChange['add'];
  /** Whether variables of the whole job may go: the login step has to set something like them. */
  readonly exports: boolean;
  /** Variables that the login step sets under the same names, so that scripts may go on naming them. */
  readonly exportedNames?: RegExp;
  /** Lines of scripts that did nothing but log in with the stored value. */
  readonly loginLine?: RegExp;
  /** A value in a script that can simply be another. */
  readonly replaceInScript?: (use: StoredUse) => string | undefined;
  readonly scope: GrantedScope;
}

export const IDENTITY_TOKEN: GrantedScope = { name: 'id-token', access: 'write' };
