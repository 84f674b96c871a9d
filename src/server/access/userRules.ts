/** The words behind a user's name: rules, of which a selector's may be spread over several words. */

/** The rules, with a selector's words made one rule each; or the word with the parenthesis that is never closed. */
export function joinSelectors(words: readonly string[]): string[] | { readonly unmatched: string } {
  const rules: string[] = [];
  let open: string[] | undefined;
  for (const word of words) {
    if (open !== undefined) open.push(word);
    else if (word.startsWith('(') && !word.endsWith(')')) open = [word];
    else rules.push(word);
    if (open !== undefined && word.endsWith(')')) {
      rules.push(open.join(' '));
      open = undefined;
    }
  }
  return open === undefined ? rules : { unmatched: open[0]! };
}
