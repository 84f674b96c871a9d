/**
 * What the JavaScript heap of this thread has cost so far: bytes allocated, garbage included, and microseconds spent collecting.
 *
 * V8 tells neither as a total. Its profiler of collections gives the heap's size before and after each; between two of them the heap
 * only grows, so the sum of the growths is what was allocated. Drained ten times a second, which costs less than 0.1 % of a thread.
 */
import { GCProfiler, getHeapStatistics } from 'node:v8';

export class HeapMeter {
  #profiler: GCProfiler | undefined;
  #usedBytes = 0;
  allocatedBytes = 0;
  collectionUs = 0;
  collections = 0;

  /** Brings the totals up to date. The first call starts the account. */
  sample(): void {
    const previous = this.#profiler;
    this.#profiler = new GCProfiler();
    if (previous === undefined) {
      this.#usedBytes = getHeapStatistics().used_heap_size;
    } else {
      for (const { beforeGC, afterGC, cost } of previous.stop()?.statistics ?? []) {
        this.#grow(beforeGC.heapStatistics.usedHeapSize);
        this.#usedBytes = afterGC.heapStatistics.usedHeapSize;
        this.collectionUs += cost;
        this.collections++;
      }
      this.#grow(getHeapStatistics().used_heap_size);
    }
    this.#profiler.start();
  }

  #grow(usedBytes: number): void {
    if (usedBytes > this.#usedBytes) this.allocatedBytes += usedBytes - this.#usedBytes;
    this.#usedBytes = usedBytes;
  }
}
