/**
 * All users by name, and the ways in which they are made: ACL SETUSER, lines of the configuration file, the ACL file. A change is made
 * whole or not at all. A user that changes stays the same object: sessions hold it.
 */
import type { CommandTable } from '../commands/commandTable.ts';
import { hasSpaces, RULE_ERRORS } from './ruleErrors.ts';
import { User } from './user.ts';
import { joinSelectors } from './userRules.ts';

export const DEFAULT_USER = 'default';

const byName = (a: User, b: User): number => (a.name < b.name ? -1 : 1);

export class Users {
  /** Whose connections new ones are, until they log in. */
  readonly defaultUser: User;
  /** Who the server itself is where it acts: in no list, and free to do everything. */
  readonly everybody: User;
  readonly #table: CommandTable;
  readonly #byName = new Map<string, User>();
  readonly #allChannels: () => boolean;

  /** @param allChannels whether new users and selectors may use every channel: `acl-pubsub-default`. */
  constructor(table: CommandTable, allChannels: () => boolean) {
    this.#table = table;
    this.#allChannels = allChannels;
    this.defaultUser = User.everything(DEFAULT_USER, table);
    this.#byName.set(DEFAULT_USER, this.defaultUser);
    this.everybody = User.everything(DEFAULT_USER, table);
  }

  get(name: string): User | undefined {
    return this.#byName.get(name);
  }

  /** Sorted by the bytes of their names. */
  all(): User[] {
    return [...this.#byName.values()].sort(byName);
  }

  /** A user who may do nothing, in no list. */
  nobody(name: string): User {
    return new User(name, this.#table, false);
  }

  /** The user as `words` would make it of the one there is, in no list yet; or the reason against it. */
  changed(name: string, words: readonly string[]): User | string {
    const rules = joinSelectors(words);
    if (!Array.isArray(rules))
      return `Unmatched parenthesis in acl selector starting at '${(rules as { unmatched: string }).unmatched}'.`;
    const user = this.#new(name);
    const before = this.#byName.get(name);
    if (before !== undefined) user.become(before);
    for (const rule of rules) {
      const problem = user.apply(rule, this.#allChannels());
      if (problem !== undefined) return `Error in ACL SETUSER modifier '${rule}': ${RULE_ERRORS[problem]}`;
    }
    return user;
  }

  #new(name: string): User {
    return new User(name, this.#table, this.#allChannels());
  }

  /** Makes the user of that name what `made` is. */
  put(made: User): void {
    const known = this.#byName.get(made.name);
    if (known === undefined) this.#byName.set(made.name, made);
    else known.become(made);
  }

  /** True if there was one. The default user stays. */
  delete(name: string): boolean {
    return name !== DEFAULT_USER && this.#byName.delete(name);
  }

  /** The only users from now on, and the default one. */
  replaceAll(users: ReadonlyMap<string, User>): void {
    for (const name of [...this.#byName.keys()]) if (!users.has(name)) this.delete(name);
    for (const user of users.values()) this.put(user);
  }

  /** `requirepass`: the default user's only password, or none. */
  setDefaultPassword(password: string): void {
    this.defaultUser.apply('resetpass', false);
    this.defaultUser.apply(password === '' ? 'nopass' : `>${password}`, false);
  }

  /** A line of the configuration file without its first word; the reason if it is refused. Made from nothing, the default user too. */
  declare([name, ...words]: readonly string[]): string | undefined {
    if (hasSpaces(name!)) return 'Spaces not allowed in ACL usernames';
    const rules = joinSelectors(words);
    if (!Array.isArray(rules))
      return `Error in user declaration '${(rules as { unmatched: string }).unmatched}': Unmatched parenthesis`;
    const user = this.#new(name!);
    for (const rule of rules) {
      const problem = user.apply(rule, this.#allChannels());
      if (problem !== undefined)
        return `Error loading ACL rule '${rule}' for the user named '${name}': ${RULE_ERRORS[problem]}`;
    }
    this.put(user);
    return undefined;
  }

  /** The text of an ACL file. */
  text(): string {
    return this.all()
      .map((user) => `${user.line()}\n`)
      .join('');
  }

  /** What the text of an ACL file says, the default user included; or all that is wrong with it. */
  parse(text: string, path: string): Map<string, User> | string {
    const users = new Map<string, User>();
    let errors = '';
    for (const [index, raw] of text.split('\n').entries()) {
      const line = raw.replace(/^[ \t\r]+|[ \t\r]+$/g, '');
      if (line !== '') errors += this.#parseLine(line, `${path}:${index + 1}`, index + 1, users);
    }
    if (errors !== '')
      return `${errors}WARNING: ACL errors detected, no change to the previously active ACL rules was performed`;
    if (!users.has(DEFAULT_USER)) users.set(DEFAULT_USER, User.everything(DEFAULT_USER, this.#table));
    return users;
  }

  #parseLine(line: string, place: string, number: number, users: Map<string, User>): string {
    const [first, name, ...words] = line.split(' ');
    if (first !== 'user' || name === undefined)
      return `${place} should start with user keyword followed by the username. `;
    if (hasSpaces(name)) return `'${place}: username '${name}' contains invalid characters. `;
    if (users.has(name)) return `WARNING: Duplicate user '${name}' found on line ${number}. `;
    const user = this.#new(name);
    users.set(name, user);
    const rules = joinSelectors(words);
    if (!Array.isArray(rules)) return `${place}: Unmatched parenthesis in selector definition.`;
    let errors = '';
    let isMisspelt = false;
    for (const raw of rules) {
      const rule = raw.replace(/^[\t\r]+|[\t\r]+$/g, '');
      const problem = user.apply(rule, this.#allChannels());
      if (problem === undefined) continue;
      if (problem === 'unknownCommand') {
        errors += `${place}: Error in applying operation '${rule}': ${RULE_ERRORS[problem]}. `;
      } else if (!isMisspelt) {
        // What follows a mistake may be wrong for its sake only; a rule that may hold a password is not repeated.
        errors += `${place}: ${RULE_ERRORS[problem]}. `;
        isMisspelt = true;
      }
    }
    return errors;
  }
}
