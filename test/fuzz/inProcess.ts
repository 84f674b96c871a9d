/**
 * Frames fed to a server in process: every frame is really parsed, because a connection that has ended is reopened at once, and an
 * exception names the frame that caused it. Covers the decoder, the dispatcher and every command, for one set of variants.
 */
import {
  CommandHarness,
  type HarnessClient,
  type HarnessOptions,
} from '../../src/server/commands/commandHarness.ts';
import { FrameSource } from './frames.ts';

const CLIENTS = 8;
/** Left in the middle of a lie, a connection swallows what follows; so it starts afresh now and then. */
const REOPEN_ONE_IN = 12;
const CHECK_EVERY_FRAMES = 5000;
/** Beyond this no frame of the pool is refused for its size, yet 13 keys of it fit anywhere. */
const BULK_BYTES_MAX = '4mb';

export interface InProcessResult {
  frames: number;
  protocolErrors: number;
  /** Connections reopened because the server had closed them. */
  closedByServer: number;
  /** After FLUSHALL with all connections closed, compared with before the first frame. */
  keyspaceBytesGrown: number;
  clientsLeft: number;
}

export function fuzzInProcess(frames: number, seed: number, options: HarnessOptions = {}): InProcessResult {
  const source = new FrameSource(seed);
  const harness = new CommandHarness({
    ...options,
    seed,
    configuration: { 'proto-max-bulk-len': BULK_BYTES_MAX },
  });
  harness.run('FLUSHALL');
  const keyspaceBytesBefore = harness.server.usedMemoryBytes();
  const clients: HarnessClient[] = Array.from({ length: CLIENTS }, () => harness.connect());
  let closedByServer = 0;
  let protocolErrors = 0;
  for (let sent = 0; sent < frames; sent++) {
    const slot = source.below(CLIENTS);
    const client = clients[slot]!;
    const frame = source.next();
    try {
      const output = client.send(frame, source.below(4) === 0 ? 1 + source.below(40) : 65_536);
      if (output.includes('-ERR Protocol error')) protocolErrors++;
    } catch (error) {
      const shown = JSON.stringify(frame.toString('latin1').slice(0, 2000));
      throw new Error(`frame ${sent} of seed ${seed} ended the server: ${shown}`, { cause: error });
    }
    if (client.socket.ended || source.below(REOPEN_ONE_IN) === 0) {
      if (client.socket.ended) closedByServer++;
      client.close();
      clients[slot] = harness.connect();
    }
    if (sent % CHECK_EVERY_FRAMES === 0) checkAnswers(harness, sent, seed);
  }
  for (const client of clients) client.close();
  checkAnswers(harness, frames, seed);
  const last = harness.connect();
  last.run('FLUSHALL');
  last.close();
  return {
    frames,
    protocolErrors,
    closedByServer,
    keyspaceBytesGrown: harness.server.usedMemoryBytes() - keyspaceBytesBefore,
    clientsLeft: harness.server.clients.size - (harness.client.socket.ended ? 0 : 1),
  };
}

function checkAnswers(harness: CommandHarness, sent: number, seed: number): void {
  // Time passes, which ends every pause of CLIENT PAUSE and expires what is due.
  harness.advance(100);
  const client = harness.connect();
  const answer = client.run('PING');
  client.close();
  if (answer !== 'PONG')
    throw new Error(`after frame ${sent} of seed ${seed} PING is answered by ${String(answer)}`);
}
