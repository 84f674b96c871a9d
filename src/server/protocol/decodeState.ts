/** Where a connection stands in a request that has not arrived whole. */
export class DecodeState {
  /** Arguments still to come of the multibulk being read; 0 between requests. */
  argumentsRemaining = 0;
  /** Length of the bulk whose bytes are awaited, -1 if its header is. */
  bulkLength = -1;
  /** Where to go on, in the buffer's own offsets. */
  position = 0;
  /** Offset of the request's first byte: what must be kept. */
  requestStart = 0;

  reset(): void {
    this.argumentsRemaining = 0;
    this.bulkLength = -1;
  }
}
