/**
 * Flag `connection-affinity`, candidate: connections are dealt to the threads that share a port, and each thread stays on one core.
 *
 * The kernel chooses the thread of a new connection, without the flag by a hash with a secret of its own. A classic BPF program on the
 * listening sockets chooses by the source port instead: a connection's thread then follows from its address alone, and the
 * connections of one machine still spread, which its address alone would not let them. No claim that they spread more evenly: Linux draws
 * source ports at random. The thread's core is one of those that the process may use, so its caches stay warm; the runtime's own threads
 * stay free.
 *
 * Source: SO_ATTACH_REUSEPORT_CBPF in socket(7), bpf(4) for the instructions, sched_setaffinity(2).
 */

const SOL_SOCKET = 1;
const SO_ATTACH_REUSEPORT_CBPF = 51;
/** Offsets from here on count from the IP header: linux/filter.h. */
const SKF_NET_OFF = -0x10_0000;
const IPV4_HEADER_BYTES = 20;
const IPV6_HEADER_BYTES = 40;
/** sizeof(cpu_set_t). */
const CPU_SET_BYTES = 128;

const LOAD_BYTE = 0x30;
const LOAD_HALF = 0x28;
const SHIFT_RIGHT = 0x74;
const MODULO = 0x94;
const JUMP = 0x05;
const JUMP_IF_EQUAL = 0x15;
const RETURN = 0x16;

/** `[code, jump if true, jump if false, operand]`; the source port is the first word behind the IP header (without options). */
const dealByPort = (shards: number): [number, number, number, number][] => [
  [LOAD_BYTE, 0, 0, SKF_NET_OFF],
  [SHIFT_RIGHT, 0, 0, 4],
  [JUMP_IF_EQUAL, 0, 2, 6],
  [LOAD_HALF, 0, 0, SKF_NET_OFF + IPV6_HEADER_BYTES],
  [JUMP, 0, 0, 1],
  [LOAD_HALF, 0, 0, SKF_NET_OFF + IPV4_HEADER_BYTES],
  [SHIFT_RIGHT, 0, 0, 1],
  [MODULO, 0, 0, shards],
  [RETURN, 0, 0, 0],
];

/** struct sock_filter: 2 bytes code, 1 and 1 jumps, 4 operand. */
function encodeProgram(instructions: readonly [number, number, number, number][]): Buffer {
  const program = Buffer.alloc(instructions.length * 8);
  instructions.forEach(([code, ifTrue, ifFalse, operand], i) => {
    program.writeUInt16LE(code, i * 8);
    program.writeUInt8(ifTrue, i * 8 + 2);
    program.writeUInt8(ifFalse, i * 8 + 3);
    program.writeInt32LE(operand, i * 8 + 4);
  });
  return program;
}

export class ConnectionAffinity {
  readonly #setFilter: (fd: number, filter: { len: number; filter: Buffer }) => number;
  readonly #getAffinity: (mask: Buffer) => number;
  readonly #setAffinity: (mask: Buffer) => number;

  private constructor(koffi: typeof import('koffi').default) {
    const own = koffi.load(null);
    const program = koffi.struct({ len: 'uint16_t', filter: 'void *' });
    const bytes = koffi.sizeof(program);
    const setsockopt = own.func('setsockopt', 'int', [
      'int',
      'int',
      'int',
      koffi.pointer(program),
      'uint32_t',
    ]);
    const getAffinity = own.func('int sched_getaffinity(int, size_t, _Out_ void *)');
    const setAffinity = own.func('int sched_setaffinity(int, size_t, void *)');
    this.#setFilter = (fd, filter) => setsockopt(fd, SOL_SOCKET, SO_ATTACH_REUSEPORT_CBPF, filter, bytes);
    this.#getAffinity = (mask) => getAffinity(0, CPU_SET_BYTES, mask);
    this.#setAffinity = (mask) => setAffinity(0, CPU_SET_BYTES, mask);
  }

  /** Throws where koffi or Linux is missing. */
  static async open(): Promise<ConnectionAffinity> {
    if (process.platform !== 'linux') throw new Error('it takes Linux');
    const { default: koffi } = await import('koffi').catch(() => {
      throw new Error('the optional package koffi is not installed');
    });
    return new ConnectionAffinity(koffi);
  }

  /** Deals the connections of all sockets that share the port of listening socket `fd`. */
  deal(fd: number, shards: number): void {
    const instructions = dealByPort(shards);
    const failed =
      this.#setFilter(fd, { len: instructions.length, filter: encodeProgram(instructions) }) !== 0;
    if (failed) throw new Error('the kernel refuses SO_ATTACH_REUSEPORT_CBPF');
  }

  /** Keeps the calling thread on one of the cores that it may use, the same for equal numbers; returns which. */
  pin(number: number): number {
    const allowed = Buffer.alloc(CPU_SET_BYTES);
    if (this.#getAffinity(allowed) !== 0) throw new Error('the kernel refuses sched_getaffinity');
    const cpus: number[] = [];
    for (let cpu = 0; cpu < CPU_SET_BYTES * 8; cpu++)
      if ((allowed[cpu >> 3]! & (1 << (cpu & 7))) !== 0) cpus.push(cpu);
    const cpu = cpus[number % cpus.length]!;
    const mask = Buffer.alloc(CPU_SET_BYTES);
    mask[cpu >> 3] = 1 << (cpu & 7);
    if (this.#setAffinity(mask) !== 0) throw new Error('the kernel refuses sched_setaffinity');
    return cpu;
  }
}
