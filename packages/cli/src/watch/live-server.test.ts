import { request } from 'node:http';
import {
  evaluationRecordSchema,
  evaluationIds,
  keys,
  MemoryStore,
  type Plan,
  type PlannedRun,
  readJson,
} from '@bakeoff/core';
import type { LiveUpdate } from '@bakeoff/report';
import { small, studySpec, writeFixture } from '@bakeoff/report/testing';
import { rewindRun } from '@bakeoff/trainer/testing';
import { afterEach, beforeAll, describe, expect, it } from 'vitest';
import { type LiveServer, serveLive } from './live-server.ts';
import { WatchedStudy } from './watched-study.ts';

const TOKEN = 'a-token';
const NOW_MS = Date.UTC(2026, 0, 2);

interface Answer {
  readonly status: number;
  readonly text: string;
}

function ask(url: string, headers: Record<string, string> = {}, method = 'GET'): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const call = request(url, { headers, method }, (response) => {
      let text = '';
      response.setEncoding('utf8').on('data', (part: string) => (text += part));
      response.on('end', () => resolve({ status: response.statusCode ?? 0, text }));
    });
    call.on('error', reject);
    call.end();
  });
}

async function statusOf(url: string, headers?: Record<string, string>, method?: string): Promise<number> {
  return (await ask(url, headers, method)).status;
}

/** The events of a stream, as they arrive. */
class Events {
  private readonly received: LiveUpdate[] = [];
  private readonly waiting: ((update: LiveUpdate) => void)[] = [];
  private readonly call: ReturnType<typeof request>;
  readonly opened: Promise<void>;

  constructor(url: string, headers: Record<string, string> = {}) {
    let text = '';
    this.call = request(url, { headers });
    this.opened = new Promise((resolve) => {
      this.call.on('response', (response) => {
        response.setEncoding('utf8').on('data', (part: string) => {
          resolve();
          text += part;
          const events = text.split('\n\n');
          text = events.pop()!;
          for (const event of events) this.read(event);
        });
        response.on('error', () => undefined);
      });
    });
    this.call.on('error', () => undefined);
    this.call.end();
  }

  private read(event: string): void {
    const data = /^event: update\ndata: (.*)$/m.exec(event)?.[1];
    if (data === undefined) return;
    const update = JSON.parse(data) as LiveUpdate;
    const next = this.waiting.shift();
    if (next === undefined) this.received.push(update);
    else next(update);
  }

  next(): Promise<LiveUpdate> {
    const update = this.received.shift();
    return update === undefined ? new Promise((resolve) => this.waiting.push(resolve)) : Promise.resolve(update);
  }

  get count(): number {
    return this.received.length;
  }

  close(): void {
    this.call.destroy();
  }
}

describe('the server of a live page', () => {
  let finished: MemoryStore;
  let plan: Plan;
  let store: MemoryStore;
  let nowMs: number;
  const open: { close: () => unknown }[] = [];
  beforeAll(async () => {
    finished = new MemoryStore();
    const spec = studySpec();
    plan = await writeFixture(
      finished,
      small({
        ...spec,
        experiments: spec.experiments.slice(0, 2),
        sections: spec.sections
          .slice(0, 1)
          .map((section) => ({ ...section, experiments: spec.experiments.slice(0, 2).map(({ id }) => id) })),
      }),
    );
  });
  afterEach(async () => {
    for (const each of open.splice(0)) await each.close();
  });

  const [first, second] = [0, 1].map((i) => (): PlannedRun => plan.runs[i]!) as [() => PlannedRun, () => PlannedRun];

  /** The first run is in its fourth epoch, the second has not begun. */
  async function begin(): Promise<void> {
    store = new MemoryStore();
    for await (const { key } of finished.list('')) await store.put(key, (await finished.get(key))!);
    nowMs = NOW_MS;
    await rewindRun(store, first(), { epochs: 3, outcome: 'running', startMs: NOW_MS - 30_000, wallSeconds: 30 });
    for await (const { key } of store.list(`runs/${second().runId}/`)) await store.delete(key);
    for (const id of evaluationIds(second())) await store.delete(keys.evaluationRecord(id));
  }

  async function serve(port = 0): Promise<{ server: LiveServer; study: WatchedStudy; at: (path: string) => string }> {
    const clock = { nowMs: () => nowMs, elapsedMs: () => 0 };
    const study = new WatchedStudy({ store, clock, log: () => undefined, signal: new AbortController().signal }, plan);
    const server = await serveLive(study, { port, token: TOKEN });
    open.push(server);
    return { server, study, at: (path) => server.url.replace('/?', `${path}?`) };
  }

  function listen(url: string, headers?: Record<string, string>): Events {
    const events = new Events(url, headers);
    open.push(events);
    return events;
  }

  it('answers only to its own address, its own page, and its token', async () => {
    await begin();
    const { server, at } = await serve();
    const { host, origin } = new URL(server.url);
    const port = new URL(server.url).port;
    expect(await statusOf(server.url)).toBe(200);
    expect(await statusOf(server.url, { host: `localhost:${port}`, origin })).toBe(200);
    expect(await statusOf(server.url, { 'sec-fetch-site': 'cross-site', 'sec-fetch-mode': 'navigate' })).toBe(200);
    expect(await statusOf(at('/nothing'))).toBe(404);
    for (const path of ['/', '/events']) {
      const url = at(path);
      expect(await statusOf(url.replace(TOKEN, 'b-token'))).toBe(403);
      expect(await statusOf(url.split('?')[0]!)).toBe(403);
      expect(await statusOf(url, { host: `attacker.example:${port}` })).toBe(403);
      expect(await statusOf(url, { host: '127.0.0.1' })).toBe(403);
      expect(await statusOf(url, { origin: 'https://attacker.example' })).toBe(403);
      expect(await statusOf(url, { origin: 'null' })).toBe(403);
      expect(await statusOf(url, { host, 'sec-fetch-site': 'cross-site', 'sec-fetch-mode': 'cors' })).toBe(403);
      expect(await statusOf(url, { 'sec-fetch-site': 'same-site', 'sec-fetch-mode': 'no-cors' })).toBe(403);
      expect(await statusOf(url, {}, 'POST')).toBe(405);
    }
  });

  it('shows the report with what is under way, and refuses every load but its own', async () => {
    await begin();
    const { server } = await serve();
    const { text } = await ask(server.url);
    expect(text).toContain('running, epoch 4 of');
    expect(text).toContain(`${plan.runs.length - 2} of ${plan.runs.length} trainings finished, 1 running, 1 waiting`);
    expect(text).toMatch(/1 waiting · (at most )?about \d+ (s|min|h)[^<]* left/);
    expect(text).toMatch(/default-src (&#39;|')none/);
    expect(text).toMatch(/connect-src (&#39;|')self/);
    expect(text).not.toContain('Failures and missing runs');
  });

  it('sends an event for a new epoch: that run, and the parts of the page that say so', async () => {
    await begin();
    const { study, at } = await serve();
    const events = listen(at('/events'));
    const all = await events.next();
    expect(all.base).toBeNull();
    await rewindAgain(4);
    await study.refresh();
    const update = await events.next();
    expect(update.base).toBe(all.version);
    const changed = (update.data as readonly [readonly (string | number)[], unknown][]).map(([path]) => path.join('.'));
    expect(changed).toContain('runs.0.epochs');
    expect(changed).toContain('runs.0.curve.loss.mean');
    expect(changed.filter((path) => path.startsWith('runs.') && !path.startsWith('runs.0.'))).toEqual([]);
    expect(update.parts['progress']).toContain('running, epoch 5 of');
    expect(Object.keys(update.parts)).not.toContain('methods');
    await study.refresh();
    expect(events.count).toBe(0);
  });

  async function rewindAgain(epochs: number): Promise<void> {
    for await (const { key } of finished.list(`runs/${first().runId}/`))
      await store.put(key, (await finished.get(key))!);
    await rewindRun(store, first(), { epochs, outcome: 'running', startMs: NOW_MS - 30_000, wallSeconds: 30 + epochs });
  }

  it('tells a page that connects again only what it lacks, also after the server was started again', async () => {
    await begin();
    const { server, at } = await serve();
    const events = listen(at('/events'));
    const { version } = await events.next();
    await server.close();
    const again = await serve(Number(new URL(server.url).port));
    expect(again.server.url).toBe(server.url);
    const same = listen(again.at('/events'), { 'last-event-id': version });
    await same.opened;
    await rewindAgain(5);
    await again.study.refresh();
    expect((await same.next()).base).toBe(version);
    const late = listen(again.at('/events'), { 'last-event-id': version });
    expect((await late.next()).base).toBeNull();
  });

  it('says that a run was killed when it has been silent for too long, and that it goes on when it was resumed', async () => {
    await begin();
    const { study, at } = await serve();
    const events = listen(at('/events'));
    await events.next();
    nowMs += 10 * 60_000;
    await study.refresh();
    const killed = await events.next();
    expect(killed.parts['progress']).toContain('stopped in epoch 4 of');
    expect(killed.parts['absent']).toContain('stopped in epoch 4 of');
    const [measurement] = await attempts();
    await store.put(
      keys.runMeasurement(first().runId, 'z'),
      new TextEncoder().encode(
        JSON.stringify({
          ...measurement!,
          attemptId: 'z',
          startedAt: new Date(nowMs).toISOString(),
          wallSeconds: 0,
          epochs: [],
        }),
      ),
    );
    await study.refresh();
    const resumed = await events.next();
    expect(resumed.parts['progress']).toContain('running, epoch 4 of');
    expect(resumed.parts['absent']).toBe('');
  });

  async function attempts(): Promise<object[]> {
    const found: object[] = [];
    for await (const { key } of store.list(keys.runMeasurements(first().runId)))
      found.push(JSON.parse(new TextDecoder().decode(await store.get(key))) as object);
    return found;
  }

  it('ends with the page of the finished study', async () => {
    await begin();
    const { server, study, at } = await serve();
    const events = listen(at('/events'));
    await events.next();
    for await (const { key } of finished.list('')) await store.put(key, (await finished.get(key))!);
    await study.refresh();
    const update = await events.next();
    expect(update.parts['progress']).toContain(`${plan.runs.length} of ${plan.runs.length} trainings finished`);
    const record = await readJson(store, keys.evaluationRecord(evaluationIds(first())[0]!), evaluationRecordSchema);
    expect(JSON.stringify(update.data)).toContain(record!.evaluationId);
    expect((await ask(server.url)).text).not.toMatch(/running, epoch \d|\d waiting/);
  });

  it('takes another port if its own is in use, unless that was asked for', async () => {
    await begin();
    const { server, study } = await serve();
    const port = Number(new URL(server.url).port);
    const other = await serveLive(study, { port, token: TOKEN });
    open.push(other);
    expect(Number(new URL(other.url).port)).toBeGreaterThan(port);
    await expect(serveLive(study, { port, token: TOKEN }, true)).rejects.toThrow(`port ${port} of 127.0.0.1 is in use`);
  });
});
