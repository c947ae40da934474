// What a replica's thread starts with where the sources run as they are: a thread loads no TypeScript by itself. In the bundle this is run-replica.ts.
import { register } from 'tsx/esm/api';

register();
await import('./run-replica.ts');
