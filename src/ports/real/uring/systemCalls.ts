/**
 * The C library's functions that the transport calls, bound through koffi (an optional package: prebuilt, no compiler needed).
 *
 * Arguments are numbers and byte arrays only: addresses fit in a double (user space ends at 2^47), and koffi never converts a structure.
 * On failure a function throws a SystemCallError, but for `enter`, which is called once a turn and answers the negative error number.
 */
import { constants } from 'node:os';
import type { KoffiFunc } from 'koffi';
import { SYS_IO_URING_ENTER, SYS_IO_URING_REGISTER, SYS_IO_URING_SETUP } from './kernelLayout.ts';

const PROT_READ_WRITE = 3;
const MAP_SHARED = 1;
/** Pages are made at once: the rings are used at once. */
const MAP_POPULATE = 0x8000;
const O_CLOEXEC = 0x8_0000;
const SOCK_STREAM = 1;
/** sizeof(struct sockaddr_storage). */
const SOCKADDR_BYTES_MAX = 128;

interface LibC {
  syscall: KoffiFunc<
    (call: number, a: number, b: number, c: number, d: number, pointer: number, bytes: number) => number
  >;
  mmap: KoffiFunc<
    (at: number, bytes: number, protection: number, flags: number, fd: number, offset: number) => bigint
  >;
  socket: KoffiFunc<(family: number, type: number, protocol: number) => number>;
  bind: KoffiFunc<(fd: number, address: Uint8Array, bytes: number) => number>;
  listen: KoffiFunc<(fd: number, backlog: number) => number>;
  setsockopt: KoffiFunc<
    (fd: number, level: number, name: number, value: Int32Array, bytes: number) => number
  >;
  getsockname: KoffiFunc<(fd: number, address: Uint8Array, bytes: Int32Array) => number>;
  getpeername: KoffiFunc<(fd: number, address: Uint8Array, bytes: Int32Array) => number>;
  pipe2: KoffiFunc<(fds: Int32Array, flags: number) => number>;
  close: KoffiFunc<(fd: number) => number>;
}

/** `code` is the system's name of the error (`EADDRINUSE`), as Node's own errors have it. */
export class SystemCallError extends Error {
  readonly code: string;

  constructor(call: string, errorNumber: number) {
    const code = errorName(errorNumber);
    super(`${call} failed: ${code}`);
    this.code = code;
  }
}

const errorName = (errorNumber: number): string =>
  Object.entries(constants.errno).find(([, value]) => value === errorNumber)?.[0] ?? `errno ${errorNumber}`;

export class SystemCalls {
  readonly #koffi: typeof import('koffi').default;
  readonly #libc: LibC;

  private constructor(koffi: typeof import('koffi').default) {
    this.#koffi = koffi;
    const own = koffi.load(null);
    this.#libc = {
      syscall: own.func('long syscall(long, long, long, long, long, uintptr_t, size_t)'),
      mmap: own.func('void *mmap(uintptr_t, size_t, int, int, int, long)'),
      socket: own.func('int socket(int, int, int)'),
      bind: own.func('int bind(int, const void *, uint32_t)'),
      listen: own.func('int listen(int, int)'),
      setsockopt: own.func('int setsockopt(int, int, int, const void *, uint32_t)'),
      getsockname: own.func('int getsockname(int, void *, void *)'),
      getpeername: own.func('int getpeername(int, void *, void *)'),
      pipe2: own.func('int pipe2(void *, int)'),
      close: own.func('int close(int)'),
    } as LibC;
  }

  /** Rejects where koffi is not installed or has no binary for this machine. */
  static async load(): Promise<SystemCalls> {
    return new SystemCalls((await import('koffi')).default);
  }

  /** Where the kernel finds this memory. It must be kept (not collected) for as long as the kernel may use it. */
  addressOf(memory: Uint8Array): number {
    return Number(this.#koffi.address(memory));
  }

  setUpRing(entries: number, params: Uint8Array): number {
    return this.#checked(
      'io_uring_setup',
      this.#libc.syscall(SYS_IO_URING_SETUP, entries, this.addressOf(params), 0, 0, 0, 0),
    );
  }

  /** Submits and waits: the hot path's only system call. Operations submitted, or a negative error number. */
  enter(
    ring: number,
    submitCount: number,
    completionsMin: number,
    flags: number,
    argument: number,
    argumentBytes: number,
  ): number {
    const result = this.#libc.syscall(
      SYS_IO_URING_ENTER,
      ring,
      submitCount,
      completionsMin,
      flags,
      argument,
      argumentBytes,
    );
    return result >= 0 ? result : -this.#koffi.errno();
  }

  register(ring: number, operation: number, argument: Uint8Array, count: number): void {
    const address = this.addressOf(argument);
    const result = this.#libc.syscall(SYS_IO_URING_REGISTER, ring, operation, address, count, 0, 0);
    this.#checked('io_uring_register', result);
  }

  /** Memory shared with the kernel: a part of the ring's file. It stays mapped, so no view of it can ever dangle. */
  mapRing(fd: number, bytes: number, offset: number): ArrayBuffer {
    const at = this.#libc.mmap(0, bytes, PROT_READ_WRITE, MAP_SHARED | MAP_POPULATE, fd, offset);
    if (at === null || BigInt.asIntN(64, at) === -1n) throw new SystemCallError('mmap', this.#koffi.errno());
    return this.#koffi.view(at, bytes);
  }

  /** A stream socket, closed on exec. */
  socket(family: number): number {
    return this.#checked('socket', this.#libc.socket(family, SOCK_STREAM | O_CLOEXEC, 0));
  }

  bind(fd: number, address: Uint8Array): void {
    this.#checked('bind', this.#libc.bind(fd, address, address.length));
  }

  listen(fd: number, backlog: number): void {
    this.#checked('listen', this.#libc.listen(fd, backlog));
  }

  setOption(fd: number, level: number, name: number, value: number): void {
    this.#checked('setsockopt', this.#libc.setsockopt(fd, level, name, Int32Array.of(value), 4));
  }

  /** The socket's own address, or undefined where it has none (any more). */
  localName(fd: number): Uint8Array | undefined {
    return this.#name(this.#libc.getsockname, fd);
  }

  /** The peer's address, or undefined where it has left already. */
  peerName(fd: number): Uint8Array | undefined {
    return this.#name(this.#libc.getpeername, fd);
  }

  #name(call: LibC['getpeername'], fd: number): Uint8Array | undefined {
    const address = new Uint8Array(SOCKADDR_BYTES_MAX);
    return call(fd, address, Int32Array.of(SOCKADDR_BYTES_MAX)) === 0 ? address : undefined;
  }

  /** Read end and write end. */
  pipe(): { readFd: number; writeFd: number } {
    const fds = new Int32Array(2);
    this.#checked('pipe2', this.#libc.pipe2(fds, O_CLOEXEC));
    return { readFd: fds[0]!, writeFd: fds[1]! };
  }

  close(fd: number): void {
    this.#libc.close(fd);
  }

  #checked(call: string, result: number): number {
    if (result < 0) throw new SystemCallError(call, this.#koffi.errno());
    return result;
  }
}
