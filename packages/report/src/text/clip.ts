/** At most `length` characters, cut in the middle, because the names of a sweep's points differ at their end. */
export function clipMiddle(text: string, length: number): string {
  const characters = Array.from(text.length > 400 ? text.slice(0, 200) + text.slice(-200) : text);
  if (characters.length <= length) return text;
  const tail = Math.floor((length - 1) / 2);
  return `${characters.slice(0, length - 1 - tail).join('')}…${characters.slice(-tail).join('')}`;
}

/** At most `length` characters, cut with an ellipsis between code points. */
export function clip(text: string, length: number): string {
  const characters = Array.from(text.slice(0, 2 * length + 2));
  return characters.length <= length ? text : `${characters.slice(0, length - 1).join('')}…`;
}
