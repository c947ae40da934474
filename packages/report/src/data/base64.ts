/**
 * Bytes of base64 text, in Node and in the page. A plain loop is fast enough for the megabytes of a page of a thousand
 * runs.
 */
export function decodeBase64(base64: string): Uint8Array<ArrayBuffer> {
  const text = atob(base64);
  const bytes = new Uint8Array(text.length);
  for (let i = 0; i < text.length; i++) bytes[i] = text.charCodeAt(i);
  return bytes;
}
