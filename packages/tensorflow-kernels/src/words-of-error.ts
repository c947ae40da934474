/** What a function adds to an operation's error: its name, nodes of its graph, and how to debug. */
const ADDED = /\{\{function_node .*?\}\}\s*|\s*\[\[.*?\]\]|\n\s*Hint: .*/g;

/** What TensorFlow says of what went wrong, in one line, without what it adds about functions. */
export function wordsOfError({ message }: Error): string {
  // The binding's errors are "Invalid TF_Status: 13" and, on the next line, "Message: …".
  const said = message.replace(/^Invalid TF_Status: \d+\s+Message: /, '').replaceAll(ADDED, '');
  return said.trim().replace(/\s+/g, ' ');
}
