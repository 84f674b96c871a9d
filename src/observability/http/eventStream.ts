/** Calls turned into a stream: whoever listens is told what was so far and then everything new, in order, until it leaves. */

/** @param listen begins to tell, synchronously with what was so far; returns what ends it. */
export async function* eventStream<Event>(
  listen: (hear: (event: Event) => void) => () => void,
  signal: AbortSignal,
): AsyncGenerator<Event> {
  const waiting: Event[] = [];
  let wake = (): void => {};
  const leave = listen((event) => {
    waiting.push(event);
    wake();
  });
  signal.addEventListener('abort', () => wake());
  try {
    while (!signal.aborted) {
      const next = waiting.shift();
      if (next !== undefined) yield next;
      else
        await new Promise<void>((resolve) => {
          wake = resolve;
        });
    }
  } finally {
    leave();
  }
}
