/** CLIENT LIST and CLIENT KILL over shards: every shard knows its own connections only. */
import type { Arguments } from '../../commands/arguments.ts';
import type { Combine } from './keyReplies.ts';
import { agreement, sumOfIntegers } from './keyReplies.ts';
import { bulkText, isError, textLike } from './replyBytes.ts';

const lineId = (line: string): number => Number(/^id=(\d+)/.exec(line)![1]);

/** The lines in the order of the ids; where ids were asked for, in the order of the asking. */
export function clientListing(args: Arguments): Combine {
  const asked: number[] = [];
  if (args.count > 3 && args.is(2, 'ID')) for (let i = 3; i < args.count; i++) asked.push(args.integer(i));
  const place = new Map<number, number>();
  for (const id of asked) if (!place.has(id)) place.set(id, place.size);
  return (replies) => {
    const refusal = replies.find(isError);
    if (refusal !== undefined) return refusal;
    const lines = replies.flatMap((reply) =>
      bulkText(reply)
        .split('\n')
        .filter((line) => line !== ''),
    );
    lines.sort((a, b) => {
      const [idA, idB] = [lineId(a), lineId(b)];
      return (place.get(idA) ?? idA) - (place.get(idB) ?? idB);
    });
    return textLike(replies[0]!, lines.map((line) => `${line}\n`).join(''));
  };
}

/** The old form names one address, which only one shard can know; the new one counts. */
export const clientKilling = (args: Arguments): Combine =>
  args.count === 3
    ? (replies) => replies.find((reply) => !isError(reply)) ?? replies[0]!
    : (replies) => (replies.some(isError) ? agreement(replies) : sumOfIntegers(replies));
