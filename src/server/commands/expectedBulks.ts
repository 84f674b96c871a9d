/** Room in the reply for members that are about to follow. */
import { integerLength } from '../../base/integer.ts';
import type { CommandContext } from './command.ts';

/** `$`, and CR LF behind the length and behind the bytes. */
const FRAME_BYTES = 5;

/** To be called before `count` bulk strings of about `bytesEach` bytes: one that stands for the others, or their mean. */
export function expectBulks(context: CommandContext, count: number, bytesEach: number): void {
  const bytes = count * (FRAME_BYTES + integerLength(bytesEach) + bytesEach);
  context.reply.makeRoom(context.server.capacity.roomFor(bytes));
}
