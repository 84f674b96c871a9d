import { totalmem } from 'node:os';
import type { ProcessInfo } from '../process.ts';

export class NodeProcess implements ProcessInfo {
  readonly pid = process.pid;
  readonly platform = `${process.platform} ${process.arch}`;
  readonly nodeVersion = process.version;
  readonly architectureBits = 64;

  rssBytes(): number {
    return process.memoryUsage.rss();
  }

  heapUsedBytes(): number {
    return process.memoryUsage().heapUsed;
  }

  externalBytes(): number {
    const usage = process.memoryUsage();
    return usage.external + usage.arrayBuffers;
  }

  systemMemoryBytes(): number {
    return totalmem();
  }

  cpuUserUs(): number {
    return process.cpuUsage().user;
  }

  cpuSystemUs(): number {
    return process.cpuUsage().system;
  }
}
