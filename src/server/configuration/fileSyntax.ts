/** The syntax of redis.conf lines: words, single and double quotes, escapes. Also what the inline protocol uses. */

const ESCAPES: Readonly<Record<string, string>> = { n: '\n', r: '\r', t: '\t', b: '\b', a: '\x07' };
const isBlank = (char: string | undefined): boolean => char !== undefined && /[ \t\n\v\f\r]/.test(char);
const isHex = (char: string | undefined): boolean => char !== undefined && /[0-9a-fA-F]/.test(char);

/** The words of a line, or undefined if quotes are unbalanced. */
export function splitWords(line: string): string[] | undefined {
  const words: string[] = [];
  let at = 0;
  for (;;) {
    while (isBlank(line[at])) at++;
    if (at >= line.length) return words;
    let word = '';
    let quote: '"' | "'" | undefined;
    for (; ; at++) {
      const char = line[at];
      if (quote === undefined) {
        if (char === undefined || char === ' ' || char === '\n' || char === '\r' || char === '\t') break;
        if (char === '"' || char === "'") quote = char;
        else word += char;
      } else if (char === undefined) {
        return undefined;
      } else if (char === quote) {
        const next = line[at + 1];
        if (next !== undefined && !isBlank(next)) return undefined;
        at++;
        break;
      } else if (
        quote === '"' &&
        char === '\\' &&
        line[at + 1] === 'x' &&
        isHex(line[at + 2]) &&
        isHex(line[at + 3])
      ) {
        word += String.fromCharCode(Number.parseInt(line.slice(at + 2, at + 4), 16));
        at += 3;
      } else if (quote === '"' && char === '\\' && at + 1 < line.length) {
        at++;
        word += ESCAPES[line[at]!] ?? line[at]!;
      } else if (quote === "'" && char === '\\' && line[at + 1] === "'") {
        at++;
        word += "'";
      } else {
        word += char;
      }
    }
    words.push(word);
  }
}

/** The text in double quotes with everything unprintable escaped: what `splitWords` reads back. */
export function quoted(text: string): string {
  let result = '"';
  for (const char of text) {
    const code = char.charCodeAt(0);
    if (char === '\\' || char === '"') result += `\\${char}`;
    else if (char === '\n') result += '\\n';
    else if (char === '\r') result += '\\r';
    else if (char === '\t') result += '\\t';
    else if (code === 7) result += '\\a';
    else if (code === 8) result += '\\b';
    else if (code >= 32 && code < 127) result += char;
    else result += `\\x${code.toString(16).padStart(2, '0')}`;
  }
  return `${result}"`;
}
