/** autocannon as a process of its own: the field's HTTP load generator, for what is asked over HTTP. */
import { spawn } from 'node:child_process';
import { createRequire } from 'node:module';
import { z } from 'zod';
import { pinned } from '../targets/childProcess.ts';

const require = createRequire(import.meta.url);

export interface HttpLoad {
  readonly url: string;
  readonly method: 'GET' | 'POST';
  readonly body?: string;
  readonly connections: number;
  readonly seconds: number;
}

/** Of its JSON, in its own units: latencies in milliseconds, from its HDR histogram. */
const resultSchema = z.object({
  latency: z.object({ p50: z.number(), p99: z.number(), p99_9: z.number(), max: z.number() }),
  requests: z.object({ total: z.number(), average: z.number() }),
  duration: z.number(),
  errors: z.number(),
  timeouts: z.number(),
  non2xx: z.number(),
});
export type HttpLoadResult = z.infer<typeof resultSchema>;

/** Rejects if it is not installed, ends badly, or had anything but good answers. */
export async function runAutocannon(
  { url, method, body, connections, seconds }: HttpLoad,
  cpus: readonly number[],
): Promise<HttpLoadResult> {
  const command = pinned(
    [
      process.execPath,
      autocannonProgram(),
      '--json',
      ...['--connections', String(connections), '--duration', String(seconds), '--method', method],
      ...(body === undefined ? [] : ['--headers', 'Content-Type=application/json', '--body', body]),
      url,
    ],
    cpus,
  );
  const child = spawn(command[0]!, command.slice(1), { stdio: ['ignore', 'pipe', 'pipe'] });
  let [output, complaints] = ['', ''];
  child.stdout.on('data', (chunk: Buffer) => {
    output += chunk.toString();
  });
  child.stderr.on('data', (chunk: Buffer) => {
    complaints = (complaints + chunk.toString()).slice(-2000);
  });
  const code = await new Promise<number | null>((resolve, reject) => {
    child.once('error', reject);
    child.once('close', resolve);
  });
  if (code !== 0) throw new Error(`autocannon ended with code ${code}: ${complaints.trim()}`);
  const result = resultSchema.parse(JSON.parse(output));
  if (result.errors + result.timeouts + result.non2xx > 0)
    throw new Error(
      `autocannon had ${result.errors} errors, ${result.timeouts} timeouts and ${result.non2xx} answers other than 2xx`,
    );
  return result;
}

function autocannonProgram(): string {
  try {
    return require.resolve('autocannon');
  } catch {
    throw new Error('autocannon is not installed: it comes with the development packages (npm ci)');
  }
}
