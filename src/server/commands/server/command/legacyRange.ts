/**
 * First key, last key and step: how COMMAND INFO told where the keys are before key specifications came. Derived from these;
 * where they say more than one range can, `movable` tells the client to ask COMMAND GETKEYS.
 */
import type { KeySpec } from '../../command.ts';

export interface LegacyRange {
  readonly first: number;
  readonly last: number;
  readonly step: number;
  readonly movable: boolean;
}

const NONE: LegacyRange = { first: 0, last: 0, step: 0, movable: false };

/** An argument's index, a negative one counted from behind, as an unsigned number: behind is beyond. */
const rank = (index: number): number => index >>> 0;

export function legacyRange(keys: readonly KeySpec[]): LegacyRange {
  if (keys.length === 0) return NONE;
  const only = keys[0]!;
  if (keys.length === 1 && only.beginSearch.type === 'index' && only.findKeys.type === 'range') {
    const first = only.beginSearch.index;
    const { lastKey, keyStep } = only.findKeys;
    return {
      first,
      last: lastKey >= 0 ? first + lastKey : lastKey,
      step: keyStep,
      movable: only.flags.includes('incomplete'),
    };
  }
  let movable = false;
  let first = 0;
  let last = 0;
  let lastBefore = 0;
  for (const { beginSearch, findKeys, flags } of keys) {
    const isRange = beginSearch.type === 'index' && findKeys.type === 'range';
    if (!isRange || findKeys.keyStep !== 1 || (lastBefore !== 0 && lastBefore !== beginSearch.index - 1)) {
      movable = true;
      continue;
    }
    if (flags.includes('incomplete')) movable = true;
    first = first === 0 ? beginSearch.index : Math.min(first, beginSearch.index);
    const absolute = findKeys.lastKey >= 0 ? findKeys.lastKey + beginSearch.index : findKeys.lastKey;
    if (rank(absolute) > rank(last)) last = absolute;
    lastBefore = last;
  }
  return first === 0 ? { ...NONE, movable: true } : { first, last, step: 1, movable };
}
