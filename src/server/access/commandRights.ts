/**
 * Which commands a selector allows: one byte for each command and subcommand of the table, the first arguments that are allowed of
 * commands otherwise denied, and the rules that led there, kept in order so that they can be shown and given again.
 *
 * A rule about a command takes the place of earlier rules about the same command, and of those about its subcommands; `+@all` and
 * `-@all` take the place of all of them.
 */

import type { CommandEntry, CommandTable } from '../commands/commandTable.ts';
import { CATEGORIES, categoriesOf } from '../commands/server/command/categories.ts';
import { isForeignCommand } from './foreignCommands.ts';
import { keyword, type RuleError } from './ruleErrors.ts';

export class CommandRights {
  readonly #table: CommandTable;
  readonly #allowed: Uint8Array;
  /** By the command's number. */
  readonly #firstArguments = new Map<number, string[]>();
  #rules: string[] = [];
  /** True since `+@all`: what is not denied by name is allowed. */
  #startsFromAll = false;
  /** Everything is allowed, and no command was ever denied since `+@all`. */
  isAll = false;

  constructor(table: CommandTable) {
    this.#table = table;
    this.#allowed = new Uint8Array(table.entries.length);
  }

  copy(): CommandRights {
    const copy = new CommandRights(this.#table);
    copy.#allowed.set(this.#allowed);
    for (const [number, words] of this.#firstArguments) copy.#firstArguments.set(number, [...words]);
    copy.#rules = [...this.#rules];
    copy.#startsFromAll = this.#startsFromAll;
    copy.isAll = this.isAll;
    return copy;
  }

  /** `+@all` or `-@all`. */
  setAll(isAllowed: boolean): void {
    this.#allowed.fill(isAllowed ? 1 : 0);
    this.#firstArguments.clear();
    this.#rules = [];
    this.#startsFromAll = isAllowed;
    this.isAll = isAllowed;
  }

  /** A rule that begins with `+` or `-`. */
  apply(rule: string): RuleError | undefined {
    const isAllowed = rule[0] === '+';
    const name = keyword(rule.slice(1));
    if (name.startsWith('@')) return this.#setCategory(name, isAllowed);
    const entry = this.#find(name);
    if (entry === undefined && isForeignCommand(name, isAllowed)) {
      this.#note(name, isAllowed);
      return undefined;
    }
    if (isAllowed && name.includes('|')) return this.#allowPart(name);
    if (entry === undefined) return 'unknownCommand';
    this.#setCommand(entry, isAllowed);
    this.#note(entry.fullName, isAllowed);
    return undefined;
  }

  /** `+command|subcommand`, or `+command|argument` of a command that has no subcommands. */
  #allowPart(name: string): RuleError | undefined {
    const bar = name.lastIndexOf('|');
    const command = this.#find(name.slice(0, bar));
    const part = name.slice(bar + 1);
    if (command === undefined) return 'unknownCommand';
    if (command.parent !== undefined) return 'firstArgumentOfSubcommand';
    if (part === '') return 'syntax';
    if (command.subcommands !== undefined) {
      const subcommand = command.subcommands.get(part);
      if (subcommand === undefined) return 'unknownCommand';
      this.#setCommand(subcommand, true);
    } else {
      const words = this.#firstArguments.get(command.number) ?? [];
      if (!words.includes(part)) this.#firstArguments.set(command.number, [...words, part]);
    }
    this.#note(name, true);
    return undefined;
  }

  #setCategory(name: string, isAllowed: boolean): RuleError | undefined {
    const category = name.slice(1);
    if (!CATEGORIES.includes(category)) return 'unknownCommand';
    this.#note(name, isAllowed);
    for (const entry of this.#table.entries)
      if (categoriesOf(entry).includes(category)) this.#setCommand(entry, isAllowed);
    return undefined;
  }

  /** A container with all its subcommands. */
  #setCommand(entry: CommandEntry, isAllowed: boolean): void {
    if (!isAllowed) this.isAll = false;
    this.#firstArguments.delete(entry.number);
    this.#allowed[entry.number] = isAllowed ? 1 : 0;
    for (const subcommand of entry.subcommands?.values() ?? [])
      this.#allowed[subcommand.number] = isAllowed ? 1 : 0;
  }

  #find(name: string): CommandEntry | undefined {
    const [command, subcommand, ...rest] = name.split('|');
    const entry = this.#table.get(command!);
    if (subcommand === undefined || entry === undefined) return entry;
    return rest.length > 0 ? undefined : entry.subcommands?.get(subcommand);
  }

  #note(name: string, isAllowed: boolean): void {
    this.#rules = this.#rules.filter((rule) => {
      const known = rule.slice(1);
      return known !== name && !known.startsWith(`${name}|`);
    });
    this.#rules.push((isAllowed ? '+' : '-') + name);
  }

  /** Whether `entry` may run with this as the argument behind its name, in any case of letters. */
  allows(entry: CommandEntry, firstArgument: () => string | undefined): boolean {
    if (this.isAll || entry.allowedUnauthenticated || this.#allowed[entry.number] === 1) return true;
    const words = this.#firstArguments.get(entry.number);
    if (words === undefined) return false;
    const given = firstArgument();
    return given !== undefined && words.includes(keyword(given));
  }

  /** The rules that make these rights from nothing: `-@all +get -config|set`. */
  describe(): string {
    return [this.#startsFromAll ? '+@all' : '-@all', ...this.#rules].join(' ');
  }
}
