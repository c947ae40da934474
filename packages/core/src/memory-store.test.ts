import { MemoryStore } from './memory-store.ts';
import { describeStoreConformance } from './testing/store-conformance.ts';

describeStoreConformance('the memory store', {
  createStore: async () => new MemoryStore({ nowMs: Date.now }),
  manyObjects: 2100,
});
