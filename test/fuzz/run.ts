/**
 * `node test/fuzz/run.ts [--frames N] [--seed S] [--flags F]`: half of the frames in process, to two servers in step,
 * half over sockets against a spawned server. Ends with one line, and with exit code 1 if anything broke.
 */
import { parseArgs } from 'node:util';
import { testSeed } from '../seed.ts';
import { fuzzInProcess } from './inProcess.ts';
import { MEMORY_SLACK_BYTES, SocketFuzz, startFuzzed } from './overSocket.ts';

const { values } = parseArgs({
  options: {
    frames: { type: 'string', default: '1000000' },
    seed: { type: 'string' },
    flags: { type: 'string', default: 'all' },
  },
});
const frames = Number(values.frames);
if (!Number.isSafeInteger(frames) || frames < 4)
  throw new Error(`--frames ${values.frames}: give an integer from 4 on`);
const seed = values.seed === undefined ? testSeed() : Number(values.seed);
console.log(`SEED=${seed}`);

const started = performance.now();
const inProcess = await fuzzInProcess(Math.floor(frames / 2), seed);
console.log(
  `in process: ${inProcess.frames} frames, ${inProcess.protocolErrors} protocol errors, ` +
    `${inProcess.closedByServer} connections closed, keyspace grown by ${inProcess.keyspaceBytesGrown} bytes`,
);
const server = await startFuzzed(values.flags);
try {
  const result = await new SocketFuzz(server, seed).run(Math.floor(frames / 2));
  const grownBytes = result.rssAfterBytes - result.rssBeforeBytes;
  console.log(
    `over sockets: ${result.frames} frames on ${result.connections} connections, ` +
      `${result.commandsProcessed} commands processed, resident memory ` +
      `${(result.rssBeforeBytes / 1e6).toFixed(1)} -> ${(result.rssAfterBytes / 1e6).toFixed(1)} MB`,
  );
  if (grownBytes > MEMORY_SLACK_BYTES) throw new Error(`memory grew by ${grownBytes} bytes`);
} finally {
  await server.stop();
}
console.log(`${frames} frames in ${((performance.now() - started) / 1000).toFixed(1)} s; the server answers`);
