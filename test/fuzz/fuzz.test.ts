/** A million hostile frames, FUZZ_FRAMES for another number: the server answers, and its memory is where it was. */
import { describe, expect, it } from 'vitest';
import { answersPing } from '../requirements.ts';
import { testSeed } from '../seed.ts';
import { FrameSource } from './frames.ts';
import { fuzzInProcess } from './inProcess.ts';
import { MEMORY_SLACK_BYTES, SocketFuzz, startFuzzed } from './overSocket.ts';

const FRAMES = Number(process.env.FUZZ_FRAMES ?? 1_000_000);

describe('hostile frames', () => {
  it('are the same for the same seed', () => {
    const [a, b, c] = [new FrameSource(5), new FrameSource(5), new FrameSource(6)].map((source) =>
      Buffer.concat(Array.from({ length: 500 }, () => source.next())),
    );
    expect(a!.equals(b!)).toBe(true);
    expect(a!.equals(c!)).toBe(false);
  });

  it('leave both extremes of the flags alive, agreeing and empty', async () => {
    const seed = testSeed();
    console.log(`fuzz in process: SEED=${seed}`);
    const result = await fuzzInProcess(FRAMES / 4, seed);
    // A fuzzer whose frames are all good, or all bad, tests nothing.
    expect(result.protocolErrors).toBeGreaterThan(FRAMES / 4 / 10);
    expect(result.protocolErrors).toBeLessThan(FRAMES / 4 / 2);
    expect(result.keyspaceBytesGrown).toBe(0);
    expect(result.clientsLeft).toBe(0);
  });

  it('leave a real server answering, with its memory where it was', async () => {
    const seed = testSeed();
    console.log(`fuzz over sockets: SEED=${seed}`);
    const server = await startFuzzed('all');
    try {
      const result = await new SocketFuzz(server, seed).run((FRAMES * 3) / 4);
      console.log(
        `fuzz over sockets: ${result.frames} frames, ${result.connections} connections, ${result.commandsProcessed} commands, resident bytes ` +
          `${result.rssBeforeBytes} -> ${result.rssAfterBytes}`,
      );
      expect(await answersPing(server.port)).toBe(true);
      expect(result.commandsProcessed).toBeGreaterThan(result.frames / 5);
      expect(result.rssAfterBytes - result.rssBeforeBytes).toBeLessThan(MEMORY_SLACK_BYTES);
      expect(server.stderr).not.toMatch(/Error|at .*\.ts:\d+/);
    } finally {
      await server.stop();
    }
  });
});
