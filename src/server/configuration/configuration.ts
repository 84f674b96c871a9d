/**
 * The server's configuration: Redis 7.4's parameters with their values, read from a file, the command line and CONFIG SET.
 *
 * Whoever obeys a parameter subscribes with `onChange` and keeps what it needs; nothing looks values up per command.
 * Invariant: every value held is the canonical text of its kind (what CONFIG GET prints).
 */
import { acceptedParameters } from './acceptedParameters.ts';
import { activeParameters } from './activeParameters.ts';
import { splitWords } from './fileSyntax.ts';
import { listenerParameters } from './listenerParameters.ts';
import { nearestName } from './nearestName.ts';
import type { Parameter, Parsed } from './parameter.ts';
import { persistenceParameters } from './persistenceParameters.ts';
import { rewriteFile } from './rewriteFile.ts';

/** Called with the configuration already changed; a string returned refuses the change and restores what was there. */
export type ChangeListener = (configuration: Configuration) => unknown;

export interface ConfigurationOptions {
  /** Absolute path of the working directory. */
  readonly directory: string;
  /** Judges a new `dir`: its absolute path, or the operating system's reason against it. Default: any path is taken. */
  readonly checkDirectory?: (path: string) => Parsed;
}

class Setting {
  readonly parameter: Parameter;
  readonly listeners: ChangeListener[] = [];
  text: string;
  number: number;
  /** True once a line of a file has replaced the default of an accumulating parameter. */
  loaded = false;

  constructor(parameter: Parameter) {
    this.parameter = parameter;
    this.text = parameter.initial;
    this.number = parameter.kind.number(parameter.initial);
  }

  put(text: string): void {
    this.text = text;
    this.number = this.parameter.kind.number(text);
  }
}

/** Directives of redis.conf that are no parameters; Redis 7.4 accepts and ignores these. */
const IGNORED_DIRECTIVES = new Set([
  'list-max-ziplist-entries',
  'list-max-ziplist-value',
  'lua-replicate-commands',
]);
/** Directives of redis.conf that name something this server has not got. */
const UNAVAILABLE_DIRECTIVES = new Set(['include', 'rename-command', 'loadmodule', 'sentinel']);

const failed = (name: string, reason: string): string =>
  `ERR CONFIG SET failed (possibly related to argument '${name}') - ${reason}`;

export class Configuration {
  /** Changes so far that were not refused, by CONFIG SET and of users. */
  changes = 0;
  /** Users that file and command line declare: name and rules. */
  readonly users: (readonly string[])[] = [];
  readonly #byName = new Map<string, Setting>();
  readonly #settings: Setting[] = [];

  constructor(options: ConfigurationOptions) {
    const check = options.checkDirectory ?? ((path: string): Parsed => ({ text: path }));
    const parameters = [
      ...activeParameters(options.directory, check),
      ...listenerParameters(),
      ...persistenceParameters(),
      ...acceptedParameters(),
    ];
    for (const parameter of parameters) {
      const setting = new Setting(parameter);
      this.#settings.push(setting);
      this.#byName.set(parameter.name, setting);
      if (parameter.alias !== undefined) this.#byName.set(parameter.alias, setting);
    }
  }

  /** By name or alias, any case; undefined if there is none. */
  parameter(name: string): Parameter | undefined {
    return this.#byName.get(name.toLowerCase())?.parameter;
  }

  /** All names and aliases with their values, as CONFIG GET lists them; hidden ones left out. */
  *listed(): IterableIterator<{ name: string; text: string }> {
    for (const [name, setting] of this.#byName) {
      if (!setting.parameter.hidden) yield { name, text: setting.text };
    }
  }

  #setting(name: string): Setting {
    const setting = this.#byName.get(name);
    if (setting === undefined) throw new RangeError(`no configuration parameter is called ${name}`);
    return setting;
  }

  /** As CONFIG GET prints it. Throws RangeError for an unknown name: a bug of the caller's. */
  text(name: string): string {
    return this.#setting(name).text;
  }

  /** Bytes for a memory size, 1 or 0 for yes and no, a percentage as its negative. */
  number(name: string): number {
    return this.#setting(name).number;
  }

  flag(name: string): boolean {
    return this.#setting(name).text === 'yes';
  }

  /** Calls `listener` after each change of the parameter; not now. */
  onChange(name: string, listener: ChangeListener): void {
    this.#setting(name).listeners.push(listener);
  }

  /** CONFIG SET of one trusted parameter (protected ones included); the reply's error text if refused. */
  set(name: string, value: string): string | undefined {
    return this.setAll([[name, value]], true);
  }

  /** CONFIG SET: all of them or none. */
  setAll(pairs: readonly (readonly [string, string])[], mayChangeProtected: boolean): string | undefined {
    const chosen: Setting[] = [];
    for (const [name] of pairs) {
      const setting = this.#byName.get(name.toLowerCase());
      if (setting === undefined)
        return `ERR Unknown option or number of arguments for CONFIG SET - '${name}'`;
      chosen.push(setting);
    }
    for (const [index, setting] of chosen.entries()) {
      const name = pairs[index]![0];
      const { access } = setting.parameter;
      if (access === 'immutable') return failed(name, "can't set immutable config");
      if (access === 'protected' && !mayChangeProtected) return failed(name, "can't set protected config");
      // A name and its alias are two parameters to Redis: only the same name twice is refused.
      const isRepeated = pairs
        .slice(0, index)
        .some(([before]) => before.toLowerCase() === name.toLowerCase());
      if (isRepeated) return failed(name, 'duplicate parameter');
    }
    const before = chosen.map((setting) => setting.text);
    const restore = (): void => {
      for (const [index, setting] of chosen.entries()) setting.put(before[index]!);
    };

    for (const [index, setting] of chosen.entries()) {
      const { kind } = setting.parameter;
      // Errors about a value name the parameter in lower case, by its alias if that was used.
      const name = pairs[index]![0].toLowerCase();
      const value = pairs[index]![1];
      /** CONFIG SET splits at single spaces, without quotes. */
      const words = !kind.multiple ? [value] : value === '' ? [] : value.split(' ');
      const parsed = kind.parse(words, setting.text, false);
      if ('error' in parsed) {
        restore();
        return failed(name, parsed.error);
      }
      const { refusalWithoutListener } = setting.parameter;
      if (
        refusalWithoutListener !== undefined &&
        setting.listeners.length === 0 &&
        parsed.text !== setting.text
      ) {
        restore();
        return failed(name, refusalWithoutListener);
      }
      setting.put(parsed.text);
    }
    return this.#apply(
      chosen,
      pairs.map(([name]) => name),
      before,
      restore,
    );
  }

  #apply(
    chosen: readonly Setting[],
    names: readonly string[],
    before: readonly string[],
    restore: () => void,
  ): string | undefined {
    const called = new Set<ChangeListener>();
    for (const [index, setting] of chosen.entries()) {
      if (setting.text === before[index] && !setting.parameter.isReread) continue;
      for (const listener of setting.listeners) {
        if (called.has(listener)) continue;
        called.add(listener);
        const reason = listener(this);
        if (typeof reason !== 'string') continue;
        restore();
        for (const again of called) again(this);
        return failed(names[index]!.toLowerCase(), reason);
      }
    }
    this.changes++;
    return undefined;
  }

  /**
   * Reads a file in the syntax of redis.conf. Immutable parameters may be set; listeners are not called.
   * @param source how to name the text in an error: the path.
   * @returns the first error as one line, `<source>:<line>: <reason>`; what stands before it is in force.
   */
  load(fileText: string, source: string): string | undefined {
    for (const [index, raw] of fileText.split('\n').entries()) {
      const line = raw.replace(/^[ \t\r\n]+|[ \t\r\n]+$/g, '');
      if (line === '' || line.startsWith('#')) continue;
      const words = splitWords(line);
      const reason =
        words === undefined ? 'unbalanced quotes' : words.length === 0 ? undefined : this.#loadWords(words);
      if (reason !== undefined) return `${source}:${index + 1}: ${reason}`;
    }
    return undefined;
  }

  /**
   * The command line as Redis reads it: `--name value [value ...]`, later ones win.
   * @returns the first error as one line.
   */
  loadOptions(options: readonly string[]): string | undefined {
    for (let at = 0; at < options.length; ) {
      const option = options[at]!;
      if (!option.startsWith('--')) return `expected an option such as --port, found '${option}'`;
      let end = at + 1;
      while (end < options.length && !options[end]!.startsWith('--')) end++;
      const reason = this.#loadWords([option.slice(2), ...options.slice(at + 1, end)]);
      if (reason !== undefined) return `${option}: ${reason}`;
      at = end;
    }
    return undefined;
  }

  #loadWords(words: readonly string[]): string | undefined {
    const name = words[0]!.toLowerCase();
    const setting = this.#byName.get(name);
    if (setting === undefined) {
      if (name === 'user' && words.length > 1) return this.#declareUser(words.slice(1));
      if (IGNORED_DIRECTIVES.has(name)) return undefined;
      if (UNAVAILABLE_DIRECTIVES.has(name))
        return `'${name}' is a directive of Redis that this server does not support`;
      const near = nearestName(name, this.#byName.keys());
      return `unknown directive '${name}'${near === undefined ? '' : `; did you mean '${near}'?`}`;
    }
    const { kind } = setting.parameter;
    let values = words.slice(1);
    if (!kind.multiple && values.length !== 1) return `'${name}' takes one value, found ${values.length}`;
    if (kind.multiple && values.length === 1 && values[0] !== '') {
      const inner = splitWords(values[0]!);
      if (inner === undefined) return 'unbalanced quotes';
      values = inner;
    }
    const current = kind.accumulates && !setting.loaded ? '' : setting.text;
    const parsed = kind.parse(values, current, true);
    if ('error' in parsed) return `'${name}': ${parsed.error}`;
    setting.loaded = true;
    setting.put(parsed.text);
    return undefined;
  }

  #declareUser(words: readonly string[]): string | undefined {
    const [name] = words;
    if (this.users.some(([known]) => known === name))
      return `Error in user declaration '${name}': Duplicate user found. A user can only be defined once in config files`;
    this.users.push(words);
    return undefined;
  }

  /**
   * CONFIG REWRITE: the file's text with the values now in force, comments and order kept.
   * @param users the rules of each user with the name in front; none if they are kept elsewhere.
   */
  rewrite(originalText: string, users: readonly string[]): string {
    return rewriteFile(originalText, {
      canonicalName: (word) => (word === 'user' ? word : this.#byName.get(word)?.parameter.name),
      isDirective: (word) => UNAVAILABLE_DIRECTIVES.has(word),
      values: [
        ...this.#settings.map(({ parameter, text }) => ({
          name: parameter.name,
          lines: parameter.kind.fileValues(text),
        })),
        { name: 'user', lines: users.map((text) => ({ text, isDefault: false })) },
      ],
    });
  }
}
