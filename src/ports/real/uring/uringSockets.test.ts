import { constants } from 'node:os';
import { describe, expect, it } from 'vitest';
import { SystemCallError } from './systemCalls.ts';
import { explain } from './uringSockets.ts';

describe('a machine that refuses io_uring', () => {
  it.each([
    ['EPERM', 'seccomp'],
    ['EACCES', 'io_uring_disabled'],
    ['ENOSYS', 'kernel has none'],
    ['EINVAL', 'Linux 6.1'],
    ['ENOMEM', 'ulimit -l'],
    ['EMFILE', 'io_uring_setup failed'],
  ] as const)('%s is named and explained', (code, text) => {
    const explanation = explain(new SystemCallError('io_uring_setup', constants.errno[code]));
    expect(explanation).toContain(code);
    expect(explanation).toContain(text);
  });
});
