/** `evenkeel check`: whether a snapshot or a part of an append-only file can be read, and what of it can be saved. */
import { Command } from 'commander';
import { NodeFiles } from '../ports/real/nodeFiles.ts';
import { SystemRng } from '../ports/real/systemRng.ts';
import type { ValueEnvironment } from '../server/keyspace/serialization/valueSerialization.ts';
import { UNWATCHED_GROWTH } from '../server/keyspace/storageVariants.ts';
import { checkAppendOnly, checkRdb, type Verdict } from '../server/persistence/checkFile.ts';
import { loadVariants } from './variants.ts';

const LIMITS = { entriesMax: 128, valueBytesMax: 64 };

/** Where values are built to see whether they can be. */
async function createEnvironment(): Promise<ValueEnvironment> {
  const { capacity, createSmallFields, createStorage } = await loadVariants(new Set());
  return {
    storage: createStorage(new SystemRng(), UNWATCHED_GROWTH),
    createSmallFields,
    hashLimits: LIMITS,
    listFill: -2,
    setLimits: { ...LIMITS, integersMax: 512 },
    sortedSetLimits: LIMITS,
    capacity,
  };
}

export function checkCommand(): Command {
  const command = new Command('check').description(
    'read a file of persistence and say what is wrong with it',
  );
  command
    .command('rdb <file>')
    .description('a snapshot')
    .action(async (path: string) => {
      process.exitCode = await run(path, checkRdb, false);
    });
  command
    .command('aof <file>')
    .description('a part of an append-only file, one that its manifest lists')
    .option('--fix', 'cut the file off behind what can be read')
    .action(async (path: string, options: { fix?: boolean }) => {
      process.exitCode = await run(path, checkAppendOnly, options.fix === true);
    });
  return command;
}

async function run(
  path: string,
  check: (file: ReturnType<NodeFiles['openInput']>, environment: ValueEnvironment) => Verdict,
  fixes: boolean,
): Promise<number> {
  const files = new NodeFiles();
  let verdict: Verdict;
  let bytes: number;
  try {
    const file = files.openInput(path);
    bytes = file.sizeBytes;
    verdict = check(file, await createEnvironment());
    file.close();
  } catch (problem) {
    process.stderr.write(`evenkeel: ${path}: ${(problem as Error).message}\n`);
    return 1;
  }
  const { commands, fault, goodBytes, keys } = verdict;
  const contents = [keys > 0 ? `${keys} keys` : '', commands > 0 ? `${commands} commands` : ''];
  const readable = contents.filter((text) => text !== '').join(' and ') || 'nothing';
  if (fault === undefined) {
    process.stdout.write(`${path} is whole: ${readable}, ${bytes} bytes\n`);
    return 0;
  }
  process.stdout.write(`${path} is damaged: ${fault.reason}; ${readable} can be read before that\n`);
  if (check === checkRdb || goodBytes === 0) return 1;
  if (!fixes) {
    process.stdout.write(`--fix would cut off its last ${bytes - goodBytes} bytes; make a copy first\n`);
    return 1;
  }
  files.truncate(path, goodBytes);
  process.stdout.write(`Cut off its last ${bytes - goodBytes} bytes: ${goodBytes} are left, and whole\n`);
  return 0;
}
