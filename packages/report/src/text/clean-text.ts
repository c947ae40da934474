/**
 * Text without control characters (except tab and line feed), unpaired surrogates, which HTML does not allow, and
 * controls of writing direction, which could reverse the figures after a name. Each becomes U+FFFD. Words in
 * right-to-left scripts need none of them.
 */
export function cleanText(text: string): string {
  return text.replace(/(?![\t\n])[\p{Cc}\p{Cs}\u202A-\u202E\u2066-\u2069]/gu, '\uFFFD');
}
