/**
 * A user: whether one may log in, with what, and what is allowed then. Rules are those of ACL SETUSER; the description of a user is a list
 * of rules that make the same user from nothing, in the words and the order of Redis.
 */
import { fromLatin1 } from '../../base/bytes.ts';
import type { CommandTable } from '../commands/commandTable.ts';
import { CommandRights } from './commandRights.ts';
import { hashOf, isAmong, isPasswordHash } from './passwords.ts';
import { keyword, type RuleError } from './ruleErrors.ts';
import { Selector } from './selector.ts';

export class User {
  /** Latin1, as all texts here. */
  readonly name: string;
  readonly #table: CommandTable;
  isEnabled = false;
  /** Any password will do. */
  needsNoPassword = false;
  #sanitizesPayload = true;
  /** Hashes, in the order in which they were added. */
  #passwords: string[] = [];
  #selectors: [Selector, ...Selector[]];
  /** Every command on every key and channel: nothing has to be checked. */
  isUnrestricted = false;

  /** @param allChannels whether the new may use every channel: `acl-pubsub-default`. */
  constructor(name: string, table: CommandTable, allChannels: boolean) {
    this.name = name;
    this.#table = table;
    const root = new Selector(new CommandRights(table));
    root.allChannels = allChannels;
    this.#selectors = [root];
  }

  /** What the default user is at first: everything, without a password. */
  static everything(name: string, table: CommandTable): User {
    const user = new User(name, table, false);
    for (const rule of ['+@all', '~*', '&*', 'on', 'nopass']) user.apply(rule, false);
    return user;
  }

  /** Takes over all but the name. */
  become(other: User): void {
    this.isEnabled = other.isEnabled;
    this.needsNoPassword = other.needsNoPassword;
    this.#sanitizesPayload = other.#sanitizesPayload;
    this.#passwords = [...other.#passwords];
    this.#selectors = other.#selectors.map((selector) => selector.copy()) as [Selector, ...Selector[]];
    this.isUnrestricted = other.isUnrestricted;
  }

  get passwords(): readonly string[] {
    return this.#passwords;
  }

  /** What is said outside parentheses comes first. */
  get selectors(): readonly [Selector, ...Selector[]] {
    return this.#selectors;
  }

  /** Nobody has to log in to be this user. */
  get isOpen(): boolean {
    return this.isEnabled && this.needsNoPassword;
  }

  accepts(password: Uint8Array): boolean {
    return this.isEnabled && (this.needsNoPassword || isAmong(this.#passwords, password));
  }

  /** One rule of ACL SETUSER; the empty one changes nothing. @param allChannels as for the constructor. */
  apply(rule: string, allChannels: boolean): RuleError | undefined {
    const problem = this.#apply(rule, allChannels);
    this.isUnrestricted = this.#selectors.some((selector) => selector.isUnrestricted);
    return problem;
  }

  #apply(rule: string, allChannels: boolean): RuleError | undefined {
    if (rule === '') return undefined;
    switch (keyword(rule)) {
      case 'on':
        this.isEnabled = true;
        return undefined;
      case 'off':
        this.isEnabled = false;
        return undefined;
      case 'sanitize-payload':
        this.#sanitizesPayload = true;
        return undefined;
      case 'skip-sanitize-payload':
        this.#sanitizesPayload = false;
        return undefined;
      case 'nopass':
        return this.#forgetPasswords(true);
      case 'resetpass':
        return this.#forgetPasswords(false);
      case 'clearselectors':
        this.#selectors = [this.#selectors[0]];
        return undefined;
      case 'reset':
        this.become(new User(this.name, this.#table, allChannels));
        return undefined;
    }
    if ('>#<!'.includes(rule[0]!)) return this.#changePassword(rule);
    if (rule.startsWith('(') && rule.endsWith(')')) {
      const selector = Selector.fromText(rule.slice(1, -1), this.#table, allChannels);
      if (typeof selector === 'string') return selector;
      this.#selectors.push(selector);
      return undefined;
    }
    return this.#selectors[0].apply(rule);
  }

  #forgetPasswords(needsNone: boolean): undefined {
    this.needsNoPassword = needsNone;
    this.#passwords = [];
  }

  #changePassword(rule: string): RuleError | undefined {
    const isPlain = rule[0] === '>' || rule[0] === '<';
    const text = rule.slice(1);
    if (!isPlain && !isPasswordHash(text)) return 'badHash';
    const hash = isPlain ? hashOf(fromLatin1(text)) : text;
    const place = this.#passwords.indexOf(hash);
    if (rule[0] === '<' || rule[0] === '!') {
      if (place < 0) return 'noSuchPassword';
      this.#passwords.splice(place, 1);
      return undefined;
    }
    if (place < 0) this.#passwords.push(hash);
    this.needsNoPassword = false;
    return undefined;
  }

  /** `on nopass sanitize-payload`, as a list. */
  flags(): string[] {
    return [
      this.isEnabled ? 'on' : 'off',
      ...(this.needsNoPassword ? ['nopass'] : []),
      this.#sanitizesPayload ? 'sanitize-payload' : 'skip-sanitize-payload',
    ];
  }

  describe(): string {
    const [root, ...others] = this.#selectors;
    return [
      ...this.flags(),
      ...this.#passwords.map((hash) => `#${hash}`),
      root.describe(),
      ...others.map((selector) => `(${selector.describe()})`),
    ].join(' ');
  }

  /** The line of a configuration or ACL file that makes this user. */
  line(): string {
    return `user ${this.name} ${this.describe()}`;
  }
}
