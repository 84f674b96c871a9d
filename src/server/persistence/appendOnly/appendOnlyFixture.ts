/** Servers in process with an append-only file, for tests. */
import { CommandHarness } from '../../commands/commandHarness.ts';
import { CommandReader } from './commandReader.ts';

export const FOLDER = '/simulated/appendonlydir';
export const INCREMENT = `${FOLDER}/appendonly.aof.1.incr.aof`;

/** @param from whose files it finds. */
export function create(configuration: Record<string, string> = {}, from?: CommandHarness): CommandHarness {
  const h = new CommandHarness({
    configuration: { save: '', appendonly: 'yes', 'enable-debug-command': 'yes', ...configuration },
  });
  for (const [path, bytes] of from?.files.contents ?? []) h.files.contents.set(path, bytes);
  h.server.persistence.start();
  return h;
}

/** The commands in the increment since `from`, SELECT 0 left out. */
export function told(h: CommandHarness, from = 0): string[] {
  h.server.persistence.appendOnly.flush();
  const file = h.files.openInput(INCREMENT);
  const reader = new CommandReader(file, 0);
  const commands: string[] = [];
  while (reader.next() === 'command')
    commands.push(Array.from({ length: reader.args.count }, (_, i) => reader.args.text(i)).join(' '));
  return commands.filter((command) => command !== 'SELECT 0').slice(from);
}
