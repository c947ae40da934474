/**
 * Text without control characters (but tab and line feed), halves of surrogate pairs, which no HTML may hold, and controls of writing direction, which
 * could turn round the figures after a name: each becomes U+FFFD. Words of right-to-left scripts need none of them.
 */
export function cleanText(text: string): string {
  return text.replace(/(?![\t\n])[\p{Cc}\p{Cs}\u202A-\u202E\u2066-\u2069]/gu, '\uFFFD');
}
