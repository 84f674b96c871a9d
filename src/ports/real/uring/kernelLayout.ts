/**
 * The parts of Linux's io_uring interface that the transport uses: numbers and offsets, nothing that runs.
 *
 * Records are read and written through Int32Array views of memory shared with the kernel, hence offsets in 32-bit words for what is
 * touched per operation and in bytes for what is touched once. Little-endian machines only (x64 and arm64 are).
 *
 * Source: include/uapi/linux/io_uring.h of Linux 6.1 and the manual pages io_uring_setup(2), io_uring_enter(2), io_uring_register(2).
 */

/** System call numbers; the same on every architecture. */
export const SYS_IO_URING_SETUP = 425;
export const SYS_IO_URING_ENTER = 426;
export const SYS_IO_URING_REGISTER = 427;

/*
 * struct io_uring_params, 120 bytes, filled by the kernel at set-up
 *
 *    0 sq_entries | 4 cq_entries | 8 flags | 12 sq_thread_cpu | 16 sq_thread_idle | 20 features | 24 wq_fd | 28 resv[3]
 *   40 sq_off: head tail ring_mask ring_entries flags dropped array resv (u32 each), user_addr (u64)
 *   80 cq_off: head tail ring_mask ring_entries overflow cqes flags resv (u32 each), user_addr (u64)
 */
export const PARAMS_BYTES = 120;
export const PARAMS_SQ_ENTRIES = 0;
export const PARAMS_CQ_ENTRIES = 4;
export const PARAMS_FLAGS = 8;
export const PARAMS_FEATURES = 20;
export const PARAMS_SQ_HEAD = 40;
export const PARAMS_SQ_TAIL = 44;
export const PARAMS_SQ_MASK = 48;
export const PARAMS_SQ_ARRAY = 64;
export const PARAMS_CQ_HEAD = 80;
export const PARAMS_CQ_TAIL = 84;
export const PARAMS_CQ_MASK = 88;
export const PARAMS_CQ_CQES = 100;

/** io_uring_params.flags. */
export const SETUP_CQSIZE = 1 << 3;
export const SETUP_CLAMP = 1 << 4;
/** One failing submission does not hold back those behind it. */
export const SETUP_SUBMIT_ALL = 1 << 7;
/** The kernel does not interrupt the thread to finish operations ... */
export const SETUP_COOP_TASKRUN = 1 << 8;
/** ... only one thread submits ... */
export const SETUP_SINGLE_ISSUER = 1 << 12;
/** ... and finishing happens when that thread asks for events (Linux 6.1). */
export const SETUP_DEFER_TASKRUN = 1 << 13;

/** io_uring_params.features: both rings in one mapping; no completion is ever dropped; waiting takes a time limit; silent successes. */
export const FEATURE_SINGLE_MMAP = 1 << 0;
export const FEATURE_NODROP = 1 << 1;
export const FEATURE_EXT_ARG = 1 << 8;
export const FEATURE_CQE_SKIP = 1 << 11;

export const OFFSET_RINGS = 0;
export const OFFSET_SUBMISSIONS = 0x1000_0000;

/*
 * struct io_uring_sqe, 64 bytes = 16 words
 *
 *   word 0          1     2..3        4..5         6     7            8..9        10                     11        12..15
 *   opcode|flags|   fd    off (u64)   addr (u64)   len   operation's  user_data   buf_group | person.    file_     addr3, pad
 *   ioprio (16)                                          own flags    (u64)       (16 each)              index     (all zero here)
 */
export const SQE_WORDS = 16;
export const SQE_FD = 1;
export const SQE_ADDRESS = 4;
export const SQE_LENGTH = 6;
export const SQE_OPERATION_FLAGS = 7;
export const SQE_USER_DATA = 8;
export const SQE_BUFFER_GROUP = 10;

/** Word 0 of a submission. */
export const sqeHead = (opcode: number, flags: number, ioprio: number): number =>
  opcode | (flags << 8) | (ioprio << 16);

export const OP_POLL_ADD = 6;
export const OP_ACCEPT = 13;
export const OP_ASYNC_CANCEL = 14;
export const OP_CLOSE = 19;
export const OP_SEND = 26;
export const OP_RECV = 27;

/** io_uring_sqe.flags: the kernel picks a buffer of the group; success makes no completion. */
export const SQE_BUFFER_SELECT = 1 << 5;
export const SQE_CQE_SKIP_SUCCESS = 1 << 6;
/** io_uring_sqe.ioprio. */
export const ACCEPT_MULTISHOT = 1 << 0;
export const RECV_MULTISHOT = 1 << 1;

/*
 * struct io_uring_cqe, 16 bytes = 4 words: user_data (u64) | res (s32) | flags (u32; the buffer's id in the upper half)
 */
export const CQE_WORDS = 4;
export const CQE_RESULT = 2;
export const CQE_FLAGS = 3;
export const CQE_HAS_BUFFER = 1 << 0;
/** The operation goes on; without it, this was its last completion. */
export const CQE_MORE = 1 << 1;
export const CQE_BUFFER_SHIFT = 16;

export const ENTER_GETEVENTS = 1 << 0;
export const ENTER_EXT_ARG = 1 << 3;

/*
 * struct io_uring_getevents_arg, 24 bytes: sigmask (u64) | sigmask_sz (u32) | min_wait_usec (u32) | ts (u64, address of the limit)
 * struct __kernel_timespec, 16 bytes: tv_sec (s64) | tv_nsec (s64)
 */
export const GETEVENTS_ARG_BYTES = 24;
export const GETEVENTS_ARG_TIME = 16;
export const TIMESPEC_BYTES = 16;

/*
 * struct io_uring_buf, 16 bytes: addr (u64) | len (u32) | bid (u16) | resv (u16); the ring's tail lies over the first entry's resv
 * struct io_uring_buf_reg, 40 bytes: ring_addr (u64) | ring_entries (u32) | bgid (u16) | flags (u16) | resv[3] (u64)
 */
export const BUFFER_ENTRY_BYTES = 16;
export const BUFFER_ENTRY_LENGTH = 8;
export const BUFFER_ENTRY_ID = 12;
export const BUFFER_RING_TAIL = 14;
export const BUFFER_REGISTRATION_BYTES = 40;
export const BUFFER_REGISTRATION_ENTRIES = 8;
export const BUFFER_REGISTRATION_GROUP = 12;
export const REGISTER_PBUF_RING = 22;

export const POLL_IN = 0x001;
export const POLL_OUT = 0x004;
/** Never wait for room, and no SIGPIPE. */
export const SEND_FLAGS = 0x40 | 0x4000;
export const ACCEPT_CLOEXEC = 0x8_0000;

/** Error numbers, as completions carry them: negative. */
export const EINTR = 4;
export const EAGAIN = 11;
export const EBUSY = 16;
export const EMFILE = 24;
export const ENFILE = 23;
export const ETIME = 62;
export const ENOBUFS = 105;
export const ECANCELED = 125;
export const ENOMEM = 12;
