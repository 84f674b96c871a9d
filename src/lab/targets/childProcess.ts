/**
 * A process the lab starts and answers for: pinned, its last output kept, and certain to end.
 *
 * Each child has a guardian: `sh` blocked on a pipe from this process. When this process ends in whatever way (return,
 * Ctrl-C, SIGKILL, a crash) the kernel closes the pipe, the guardian wakes and kills the child by its pid. That covers what
 * exit handlers cannot, on any POSIX system. Child and guardian are in sessions of their own, so that Ctrl-C at a terminal
 * reaches only the lab, which can then finish its report before it stops them.
 */
import { type ChildProcess, spawn, spawnSync } from 'node:child_process';

const outputBytesMax = 8 * 1024;
const termGraceMs = 5000;

/** The guardian waits for end of input (nothing is ever written), then ends what it guards: politely first. */
const guardianScript = (terminate: string, kill: string): string =>
  `read -r _; ${terminate}; for i in 1 2 3 4 5 6 7 8 9 10; do sleep 0.1; done; ${kill}`;

let tasksetWorks: boolean | undefined;

/** Whether processes can be pinned here. Asked once: starting a process costs a millisecond. */
export function canPin(): boolean {
  tasksetWorks ??= spawnSync('taskset', ['-p', String(process.pid)], { stdio: 'ignore' }).status === 0;
  return tasksetWorks;
}

/** Puts `taskset -c` before a command; unchanged where there is nothing to pin to or no taskset. */
export function pinned(command: readonly string[], cpus: readonly number[]): string[] {
  return cpus.length > 0 && canPin() ? ['taskset', '-c', cpus.join(','), ...command] : [...command];
}

/** Keeps this process itself to these CPUs, so that it is in nobody's way; without effect where there is nothing to pin to. */
export function pinSelf(cpus: readonly number[]): void {
  if (cpus.length > 0 && canPin())
    spawnSync('taskset', ['-acp', cpus.join(','), String(process.pid)], { stdio: 'ignore' });
}

/** Starts a guardian that runs `terminate`, then a second later `kill` (shell text), once this process is gone. */
export function guard(terminate: string, kill: string): { release(): void } {
  const guardian = spawn('/bin/sh', ['-c', guardianScript(terminate, kill)], {
    stdio: ['pipe', 'ignore', 'ignore'],
    detached: true,
  });
  guardian.on('error', () => {});
  guardian.unref();
  guardian.stdin?.on('error', () => {});
  (guardian.stdin as unknown as { unref?(): void } | null)?.unref?.();
  const release = (): void => {
    guardian.kill('SIGKILL');
    guardian.stdin?.destroy();
  };
  return { release };
}

export class OwnedProcess {
  readonly pid: number;
  readonly command: string[];
  readonly #child: ChildProcess;
  readonly #guardian: { release(): void };
  readonly #exited: Promise<void>;
  #output = '';
  #exitText: string | undefined;

  private constructor(child: ChildProcess, command: string[]) {
    this.#child = child;
    this.pid = child.pid!;
    this.command = command;
    this.#guardian = guard(`kill -TERM ${this.pid} 2>/dev/null`, `kill -KILL ${this.pid} 2>/dev/null`);
    const keep = (chunk: Buffer): void => {
      this.#output = (this.#output + chunk.toString('utf8')).slice(-outputBytesMax);
    };
    child.stdout?.on('data', keep);
    child.stderr?.on('data', keep);
    this.#exited = new Promise((resolve) => {
      child.once('exit', (code, signal) => {
        this.#exitText = signal ? `was ended by ${signal}` : `exited with code ${code}`;
        // At once, before the pid can belong to anyone else.
        this.#guardian.release();
        resolve();
      });
    });
    // `unref` both, so that a forgotten target does not keep the lab from ending (the guardian then ends the target).
    child.unref();
    for (const stream of [child.stdout, child.stderr])
      (stream as unknown as { unref?(): void } | null)?.unref?.();
  }

  /** Rejects where the program cannot be started, with a sentence that names it. */
  static start(
    command: readonly string[],
    options: { cpus?: readonly number[]; env?: NodeJS.ProcessEnv; cwd?: string } = {},
  ): Promise<OwnedProcess> {
    const whole = pinned(command, options.cpus ?? []);
    return new Promise((resolve, reject) => {
      const child = spawn(whole[0]!, whole.slice(1), {
        stdio: ['ignore', 'pipe', 'pipe'],
        detached: true,
        env: options.env ?? process.env,
        ...(options.cwd === undefined ? {} : { cwd: options.cwd }),
      });
      child.once('error', (error) => reject(new Error(`could not start ${whole[0]}: ${error.message}`)));
      child.once('spawn', () => resolve(new OwnedProcess(child, [...command])));
    });
  }

  /** The last 8 KB it printed. */
  get output(): string {
    return this.#output;
  }

  /** How it ended (`exited with code 1`); undefined while it runs. */
  get exitText(): string | undefined {
    return this.#exitText;
  }

  /** SIGTERM, and SIGKILL after five seconds. Idempotent; resolves when the process is gone. */
  async stop(): Promise<void> {
    if (this.#exitText !== undefined) return;
    this.#child.ref();
    this.#child.kill('SIGTERM');
    const timer = setTimeout(() => this.#child.kill('SIGKILL'), termGraceMs);
    await this.#exited;
    clearTimeout(timer);
  }
}
