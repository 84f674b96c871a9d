/** The HELP of a container command in Redis's layout: a headline, the subcommands, and HELP itself; one status line each. */
import type { Reply } from '../reply.ts';

export function sendHelp(reply: Reply, command: string, lines: readonly string[]): void {
  reply.array(lines.length + 3);
  reply.simple(`${command} <subcommand> [<arg> [value] [opt] ...]. Subcommands are:`);
  for (const line of lines) reply.simple(line);
  reply.simple('HELP');
  reply.simple('    Print this help.');
}
