/** What a user may not do, and how it is said. */

import type { Arguments } from '../commands/arguments.ts';
import type { KeySpecFlag } from '../commands/command.ts';
import type { CommandEntry } from '../commands/commandTable.ts';
import { findKeys } from '../commands/server/command/keyExtraction.ts';
import type { Selector } from './selector.ts';
import type { User } from './user.ts';

/** From the least telling to the most: of several selectors' reasons the last of these is given. */
const REASONS = ['command', 'key', 'channel'] as const;
export type DenialReason = (typeof REASONS)[number];

export interface Denial {
  readonly reason: DenialReason;
  /** The argument that is to blame: 0 for the command itself. */
  readonly index: number;
}

interface Named {
  readonly index: number;
  readonly flags: readonly KeySpecFlag[];
}

/** Commands that speak or listen on channels, and their last channel; unsubscribing is always allowed. */
const CHANNEL_COMMANDS: ReadonlyMap<string, { readonly isPattern: boolean; readonly isOne: boolean }> =
  new Map([
    ['subscribe', { isPattern: false, isOne: false }],
    ['ssubscribe', { isPattern: false, isOne: false }],
    ['psubscribe', { isPattern: true, isOne: false }],
    ['publish', { isPattern: false, isOne: true }],
    ['spublish', { isPattern: false, isOne: true }],
  ]);

/** The keys that a request names, found when first asked for: selectors share them. */
class NamedKeys {
  readonly #entry: CommandEntry;
  readonly #args: Arguments;
  #found: readonly Named[] | undefined;

  constructor(entry: CommandEntry, args: Arguments) {
    this.#entry = entry;
    this.#args = args;
  }

  all(): readonly Named[] {
    this.#found ??= findKeys(this.#entry, this.#args);
    return this.#found;
  }
}

/** Undefined if some selector of the user allows all of it. The number of arguments is right for the command. */
export function denialOf(user: User, entry: CommandEntry, args: Arguments): Denial | undefined {
  if (user.isUnrestricted) return undefined;
  const keys = new NamedKeys(entry, args);
  let worst: Denial = { reason: 'command', index: 0 };
  for (const selector of user.selectors) {
    const denial = deniedBy(selector, entry, args, keys);
    if (denial === undefined) return undefined;
    const rank = REASONS.indexOf(denial.reason) - REASONS.indexOf(worst.reason);
    if (rank > 0 || (rank === 0 && denial.index > worst.index)) worst = denial;
  }
  return worst;
}

/** Whether some selector allows the command and, besides its keys, the reading of all others: SORT's BY and GET. */
export function mayReadEveryKey(user: User, entry: CommandEntry, args: Arguments): boolean {
  if (user.isUnrestricted) return true;
  const keys = new NamedKeys(entry, args);
  return user.selectors.some(
    (selector) => selector.readsEveryKey && deniedBy(selector, entry, args, keys) === undefined,
  );
}

function deniedBy(
  selector: Selector,
  entry: CommandEntry,
  args: Arguments,
  keys: NamedKeys,
): Denial | undefined {
  const firstArgument = entry.parent === undefined ? 1 : 2;
  const given = (): string | undefined => (args.count > firstArgument ? args.text(firstArgument) : undefined);
  if (!selector.commands.allows(entry, given)) return { reason: 'command', index: 0 };
  if (!selector.allKeys) {
    for (const { index, flags } of keys.all())
      if (!selector.allowsKey(args.view(index), flags)) return { reason: 'key', index };
  }
  const channels = CHANNEL_COMMANDS.get(entry.fullName);
  if (channels === undefined || selector.allChannels) return undefined;
  const end = channels.isOne ? 2 : args.count;
  for (let index = 1; index < end; index++)
    if (!selector.allowsChannel(args.view(index), channels.isPattern)) return { reason: 'channel', index };
  return undefined;
}

/** What a client is told; what it asked for is not repeated. */
export function denialText({ name }: User, entry: CommandEntry, { reason }: Denial): string {
  if (reason === 'command') return `User ${name} has no permissions to run the '${entry.fullName}' command`;
  return `No permissions to access a ${reason}`;
}

/** What ACL DRYRUN answers: everything there is to know. @param object the argument to blame. */
export function fullDenialText(user: User, entry: CommandEntry, denial: Denial, object: string): string {
  if (denial.reason === 'command') return denialText(user, entry, denial);
  return `User ${user.name} has no permissions to access the '${object}' ${denial.reason}`;
}
