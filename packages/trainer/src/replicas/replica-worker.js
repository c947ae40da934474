// The entry point of a replica's thread when the sources run unbundled, because a thread cannot load TypeScript on its
// own. In the bundle, it is run-replica.ts; tests name the bundle's, which starts in a tenth of the time.
import { register } from 'tsx/esm/api';

const bundled = process.env.BAKEOFF_REPLICA_WORKER;
if (bundled === undefined) register();
await import(bundled ?? './run-replica.ts');
