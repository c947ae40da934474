// Imported before anything else: it must run on a Node that is too old for the rest.
const [major, minor] = process.versions.node.split('.').map(Number);
if (major < 20 || (major === 20 && minor < 11)) {
  console.error(`error: Bakeoff needs Node 20.11 or newer; this is ${process.versions.node}`);
  process.exit(2);
}
