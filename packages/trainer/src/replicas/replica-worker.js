// The entry point of a replica's thread when the sources run unbundled, because a thread cannot load TypeScript on its
// own. In the bundle, it is run-replica.ts.
import { register } from 'tsx/esm/api';

register();
await import('./run-replica.ts');
