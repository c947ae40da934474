// usage: tsx build-page.mts FOLDER PLAN: builds the report in its own process and prints its time, memory and page.
import { keys, planSchema, readJson } from '@bakeoff/core';
import { FileStore } from '@bakeoff/core/file';
import { buildReport } from '@bakeoff/report';

const [folder = '', planId = ''] = process.argv.slice(2);
const store = new FileStore(folder);
const plan = (await readJson(store, keys.plan(planId), planSchema))!;
const startMs = performance.now();
const { pageKey } = await buildReport(
  { plan },
  { store, log: () => {}, signal: new AbortController().signal, clock: { nowMs: () => 0, elapsedMs: () => 0 } },
);
const seconds = (performance.now() - startMs) / 1000;
console.log(
  JSON.stringify({
    seconds,
    memoryMib: process.resourceUsage().maxRSS / 1024,
    bytes: (await store.get(pageKey))!.length,
    pageKey,
  }),
);
