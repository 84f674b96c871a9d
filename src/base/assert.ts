/** A broken invariant: a bug of ours, never the user's. Operational errors have types of their own. */
export class AssertionError extends Error {
  override name = 'AssertionError';
}

/** Throws AssertionError unless `condition` holds. Keep `message` a constant: it is evaluated on every call. */
export function assert(condition: boolean, message: string): asserts condition {
  if (!condition) throw new AssertionError(message);
}

/** For the branch a type says cannot be reached. */
export function unreachable(value: never): never {
  throw new AssertionError(`unreachable: ${String(value)}`);
}
