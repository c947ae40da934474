/** Text without control characters (but tab and line feed) and halves of surrogate pairs, which no HTML may hold: each becomes U+FFFD. */
export function cleanText(text: string): string {
  return text.replace(/(?![\t\n])[\p{Cc}\p{Cs}]/gu, '\uFFFD');
}
