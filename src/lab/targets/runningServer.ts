/** What all started targets share: waiting for PING, INFO, the description, and the end. */
import net from 'node:net';
import type { TargetDescription } from '../experiments/result.ts';
import { ControlClient, ErrorReply, parseInfo } from './controlClient.ts';
import type { ControlReply, Endpoint, RunningTarget } from './target.ts';

const readyTimeoutMsDefault = 15_000;
const pollMs = 20;

/** A target could not be started or reached; `message` says what to do. */
export class TargetError extends Error {
  override readonly name = 'TargetError';
}

/** A port nobody listens on at this moment. */
export function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const probe = net.createServer();
    probe.once('error', reject);
    probe.listen(0, '127.0.0.1', () => {
      const { port } = probe.address() as net.AddressInfo;
      probe.close(() => resolve(port));
    });
  });
}

export interface Started {
  endpoint: Endpoint;
  pids: number[];
  command: string[];
  pinnedCpus: number[];
  output: () => string;
  /** How the process ended, if it did: waiting for PING is then pointless. */
  exitText: () => string | undefined;
  stop: () => Promise<void>;
}

/** Waits until PING is answered, reads INFO and describes the target. Stops what was started if it never gets ready. */
export async function whenReady(
  started: Started,
  describe: (
    info: Map<string, string>,
  ) => Pick<TargetDescription, 'id' | 'label' | 'kind'> & Partial<TargetDescription>,
  readyTimeoutMs = readyTimeoutMsDefault,
): Promise<RunningTarget> {
  try {
    const control = await connectWhenReady(started, readyTimeoutMs);
    const info = parseInfo(String(await control.command(['INFO'])));
    return new RunningServer(started, control, {
      command: started.command,
      pinnedCpus: started.pinnedCpus,
      ...describe(info),
    });
  } catch (error) {
    await started.stop();
    throw error;
  }
}

async function connectWhenReady(started: Started, readyTimeoutMs: number): Promise<ControlClient> {
  const { host, port } = started.endpoint;
  const deadlineMs = performance.now() + readyTimeoutMs;
  let last = 'nothing answered';
  while (performance.now() < deadlineMs) {
    const exitText = started.exitText();
    if (exitText !== undefined) {
      throw new TargetError(`${started.command.join(' ')} ${exitText}:\n${started.output().trim()}`);
    }
    let client: ControlClient | undefined;
    try {
      client = await ControlClient.connect(started.endpoint, Math.min(2000, readyTimeoutMs));
      await client.command(['PING'], 2000);
      return client;
    } catch (error) {
      client?.close();
      last = (error as Error).message;
      // LOADING passes; a refused password does not.
      if (error instanceof ErrorReply && !last.startsWith('LOADING')) break;
    }
    await new Promise((resolve) => setTimeout(resolve, pollMs));
  }
  const printed = started.output().trim();
  const tail = printed ? `\nIt printed:\n${printed}` : '';
  throw new TargetError(`${host}:${port} did not answer PING within ${readyTimeoutMs} ms: ${last}.${tail}`);
}

class RunningServer implements RunningTarget {
  readonly description: TargetDescription;
  readonly endpoint: Endpoint;
  readonly url: string;
  readonly pids: number[];
  readonly output: () => string;
  readonly #control: ControlClient;
  readonly #stop: () => Promise<void>;

  constructor(started: Started, control: ControlClient, description: TargetDescription) {
    this.description = description;
    this.endpoint = started.endpoint;
    this.url = urlOf(started.endpoint);
    this.pids = started.pids;
    this.output = started.output;
    this.#control = control;
    this.#stop = started.stop;
  }

  async info(section?: string): Promise<Map<string, string>> {
    return parseInfo(String(await this.command('INFO', ...(section ? [section] : []))));
  }

  command(...words: string[]): Promise<ControlReply> {
    return this.#control.command(words);
  }

  async stop(): Promise<void> {
    this.#control.close();
    await this.#stop();
  }
}

/** Without the password: this text is printed. */
function urlOf(endpoint: Endpoint): string {
  const host = endpoint.host.includes(':') ? `[${endpoint.host}]` : endpoint.host;
  return `redis://${host}:${endpoint.port}${endpoint.db ? `/${endpoint.db}` : ''}`;
}
