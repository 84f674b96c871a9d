/** What may stand in a name that CLIENT LIST prints between spaces: printable ASCII, or nothing at all. */
export const isPrintable = (text: string): boolean => /^[!-~]*$/.test(text);

export const NAME_REFUSED = 'ERR Client names cannot contain spaces, newlines or special characters.';
