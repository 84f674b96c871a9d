/** A target that is named more than once in a session: each copy is told apart by its number, in its id and in what a reader sees. */

/** Ids in the order of the targets: `all`, `all#2`. */
export function distinctIds(ids: readonly string[]): string[] {
  return ids.map((id, index) => {
    const before = ids.slice(0, index).filter((other) => other === id).length;
    return before === 0 ? id : `${id}#${before + 1}`;
  });
}

/** `Evenkeel (all flags; #2)`, `Redis 7.4.1 (#2)`; the label itself where the id is not a copy's. */
export function labelOfCopy(label: string, id: string): string {
  const number = /#\d+$/.exec(id)?.[0];
  if (number === undefined) return label;
  return label.endsWith(')') ? `${label.slice(0, -1)}; ${number})` : `${label} (${number})`;
}
