/**
 * One set of rights: commands, keys, channels. A user has at least one, and may do what any of them allows as a whole.
 * Texts are latin1: patterns and passwords are bytes.
 */
import { fromLatin1, toLatin1 } from '../../base/bytes.ts';
import { globMatch } from '../../base/glob.ts';
import type { KeySpecFlag } from '../commands/command.ts';
import type { CommandTable } from '../commands/commandTable.ts';
import { splitWords } from '../configuration/fileSyntax.ts';
import { CommandRights } from './commandRights.ts';
import { hasSpaces, keyword, type RuleError } from './ruleErrors.ts';

const READ = 1;
const WRITE = 2;

interface KeyPattern {
  readonly text: string;
  readonly bytes: Uint8Array;
  /** READ and WRITE, bits. */
  access: number;
}

/** What a key's specification demands, by its flags; of a key whose value is neither read nor written, any pattern that matches will do. */
function accessNeeded(uses: readonly KeySpecFlag[]): number {
  const writes = uses.includes('insert') || uses.includes('delete') || uses.includes('update');
  return (uses.includes('access') ? READ : 0) | (writes ? WRITE : 0);
}

const PREFIXES: Readonly<Record<number, string>> = { [READ]: '%R~', [WRITE]: '%W~', [READ | WRITE]: '~' };

export class Selector {
  readonly commands: CommandRights;
  allKeys = false;
  allChannels = false;
  #keys: KeyPattern[] = [];
  #channels: string[] = [];

  constructor(commands: CommandRights) {
    this.commands = commands;
  }

  /**
   * Of rules between parentheses; quotes that do not match make no rules at all, as in Redis.
   * @param allChannels what `acl-pubsub-default` gives to the new.
   */
  static fromText(text: string, table: CommandTable, allChannels: boolean): Selector | RuleError {
    const selector = new Selector(new CommandRights(table));
    selector.allChannels = allChannels;
    for (const rule of splitWords(text) ?? []) {
      const problem = selector.apply(rule);
      if (problem !== undefined) return problem;
    }
    return selector;
  }

  copy(): Selector {
    const copy = new Selector(this.commands.copy());
    copy.allKeys = this.allKeys;
    copy.allChannels = this.allChannels;
    copy.#keys = this.#keys.map((pattern) => ({ ...pattern }));
    copy.#channels = [...this.#channels];
    return copy;
  }

  get isUnrestricted(): boolean {
    return this.allKeys && this.allChannels && this.commands.isAll;
  }

  get channels(): readonly string[] {
    return this.#channels;
  }

  apply(rule: string): RuleError | undefined {
    switch (keyword(rule)) {
      case 'allkeys':
      case '~*':
        return this.#setAllKeys(true);
      case 'resetkeys':
        return this.#setAllKeys(false);
      case 'allchannels':
      case '&*':
        return this.#setAllChannels(true);
      case 'resetchannels':
        return this.#setAllChannels(false);
      case 'allcommands':
      case '+@all':
        this.commands.setAll(true);
        return undefined;
      case 'nocommands':
      case '-@all':
        this.commands.setAll(false);
        return undefined;
    }
    switch (rule[0]) {
      case '~':
        return this.#addKeys(rule.slice(1), READ | WRITE);
      case '%':
        return this.#addQualifiedKeys(rule);
      case '&':
        return this.#addChannels(rule.slice(1));
      case '+':
      case '-':
        return this.commands.apply(rule);
      default:
        return 'syntax';
    }
  }

  #setAllKeys(areAllowed: boolean): undefined {
    this.allKeys = areAllowed;
    this.#keys = [];
  }

  #setAllChannels(areAllowed: boolean): undefined {
    this.allChannels = areAllowed;
    this.#channels = [];
  }

  /** `%R~pattern`, `%W~pattern`, `%RW~pattern`; Redis takes the end of the rule for the tilde as well. */
  #addQualifiedKeys(rule: string): RuleError | undefined {
    if (this.allKeys) return 'afterAllKeys';
    const [whole, letters] = /^%(r?wr?|r)(?:~|$)/i.exec(rule) ?? [];
    if (whole === undefined || letters!.length > 2) return 'syntax';
    const lower = letters!.toLowerCase();
    const access = (lower.includes('r') ? READ : 0) | (lower.includes('w') ? WRITE : 0);
    return this.#addKeys(rule.slice(whole.length), access);
  }

  #addKeys(text: string, access: number): RuleError | undefined {
    if (this.allKeys) return 'afterAllKeys';
    if (hasSpaces(text)) return 'syntax';
    const known = this.#keys.find((pattern) => pattern.text === text);
    if (known !== undefined) known.access |= access;
    else this.#keys.push({ text, bytes: fromLatin1(text), access });
    return undefined;
  }

  #addChannels(text: string): RuleError | undefined {
    if (this.allChannels) return 'afterAllChannels';
    if (hasSpaces(text)) return 'syntax';
    if (!this.#channels.includes(text)) this.#channels.push(text);
    return undefined;
  }

  allowsKey(key: Uint8Array, uses: readonly KeySpecFlag[]): boolean {
    if (this.allKeys) return true;
    const needed = accessNeeded(uses);
    return this.#keys.some(
      ({ access, bytes }) =>
        (access & needed) === needed && globMatch(bytes, 0, bytes.length, key, 0, key.length, false),
    );
  }

  /** Whether there is no key that may not be read. */
  get readsEveryKey(): boolean {
    return this.allKeys || this.#keys.some(({ access, text }) => (access & READ) !== 0 && text === '*');
  }

  allowsChannel(name: Uint8Array, isPattern: boolean): boolean {
    return this.allChannels || channelIsAmong(this.#channels, name, isPattern);
  }

  keyRules(): string {
    if (this.allKeys) return '~*';
    return this.#keys.map(({ access, text }) => PREFIXES[access] + text).join(' ');
  }

  channelRules(): string {
    return this.allChannels ? '&*' : this.#channels.map((text) => `&${text}`).join(' ');
  }

  /** The rules that make this selector from an empty one. */
  describe(): string {
    const channels = this.allChannels ? '&*' : `resetchannels ${this.channelRules()}`.trimEnd();
    return [this.keyRules(), channels, this.commands.describe()].filter((part) => part !== '').join(' ');
  }
}

/** Channels match patterns as globs do; what PSUBSCRIBE asks for must be allowed literally. */
export function channelIsAmong(patterns: readonly string[], name: Uint8Array, isPattern: boolean): boolean {
  if (isPattern) return patterns.includes(toLatin1(name));
  return patterns.some((text) => {
    const bytes = fromLatin1(text);
    return globMatch(bytes, 0, bytes.length, name, 0, name.length, false);
  });
}
