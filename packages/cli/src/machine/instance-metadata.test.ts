import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { StageEvent } from '@bakeoff/core';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { readBatchHost } from './batch-host.ts';
import { InstanceMetadata } from './instance-metadata.ts';
import { watchForSpotNotice } from './spot-notice.ts';
import { fakeInstanceMetadata, type FakeInstanceMetadata } from '../testing/fake-instance-metadata.ts';

const NOTICE = '{"action": "terminate", "time": "2026-01-31T12:02:00Z"}';
let server: FakeInstanceMetadata;
let metadata: InstanceMetadata;

beforeEach(async () => {
  server = await fakeInstanceMetadata({ 'instance-type': 'g4dn.xlarge', 'instance-life-cycle': 'spot' });
  metadata = new InstanceMetadata({ AWS_EC2_METADATA_SERVICE_ENDPOINT: server.endpoint });
});

afterEach(() => server.close());

describe('InstanceMetadata', () => {
  it('asks for a token first, and once', async () => {
    expect(await metadata.read('instance-type')).toBe('g4dn.xlarge');
    expect(await metadata.read('spot/instance-action')).toBeUndefined();
    expect(server.requests).toEqual([
      'PUT /latest/api/token',
      'GET /latest/meta-data/instance-type',
      'GET /latest/meta-data/spot/instance-action',
    ]);
  });

  it('asks for another token when the first has expired', async () => {
    await metadata.read('instance-type');
    server.expireToken();
    expect(await metadata.read('instance-type')).toBe('g4dn.xlarge');
  });

  it('knows nothing if no metadata service answers', async () => {
    expect(
      await new InstanceMetadata({ AWS_EC2_METADATA_SERVICE_ENDPOINT: 'http://127.0.0.1:1' }).read('instance-type'),
    ).toBeUndefined();
  });
});

describe('readBatchHost', () => {
  it('describes the machine and the attempt of a Batch job', async () => {
    expect(await readBatchHost({ AWS_BATCH_JOB_ID: 'j', AWS_BATCH_JOB_ATTEMPT: '3' }, metadata, 1.5)).toEqual({
      batchJobId: 'j',
      batchAttempt: 3,
      instanceType: 'g4dn.xlarge',
      purchase: 'spot',
      startupSeconds: 1.5,
    });
  });

  it('leaves out what the machine does not report', async () => {
    server.values.clear();
    expect(await readBatchHost({ AWS_BATCH_JOB_ID: 'j' }, metadata, 1)).toEqual({ batchJobId: 'j', startupSeconds: 1 });
  });

  it('describes the size of a Fargate task, and what the state machine says of Spot', async () => {
    const ecs = createServer((request, response) =>
      response.end(
        request.url === '/task' ? '{ "LaunchType": "FARGATE", "Limits": { "CPU": 1, "Memory": 8192 } }' : '{}',
      ),
    );
    await new Promise<void>((resolve) => ecs.listen(0, '127.0.0.1', resolve));
    const environment = {
      AWS_BATCH_JOB_ID: 'j',
      BAKEOFF_PURCHASE: 'spot',
      ECS_CONTAINER_METADATA_URI_V4: `http://127.0.0.1:${(ecs.address() as AddressInfo).port}`,
    };
    expect(await readBatchHost(environment, metadata, 1)).toEqual({
      batchJobId: 'j',
      startupSeconds: 1,
      fargate: { vcpus: 1, memoryMib: 8192 },
      purchase: 'spot',
    });
    expect(server.requests).toEqual([]);
    ecs.close();
  });

  it('sends no request outside a Batch job', async () => {
    expect(await readBatchHost({}, metadata, 1)).toBeUndefined();
    expect(server.requests).toEqual([]);
  });
});

describe('watchForSpotNotice', () => {
  it('aborts its signal once the notice is there, and says so', async () => {
    const events: StageEvent[] = [];
    const watch = watchForSpotNotice(metadata, (event) => events.push(event), 5);
    const looks = () => server.requests.filter((request) => request.endsWith('instance-action')).length;
    await expect.poll(looks).toBeGreaterThan(2);
    expect(watch.signal.aborted).toBe(false);
    server.values.set('spot/instance-action', NOTICE);
    await expect.poll(() => watch.signal.aborted).toBe(true);
    expect(events).toEqual([{ type: 'warning', text: expect.stringContaining('2026-01-31T12:02:00Z') }]);
    const after = looks();
    await new Promise((resolve) => setTimeout(resolve, 30));
    expect(looks()).toBe(after);
  });

  it('stops checking when it is aborted', async () => {
    const watch = watchForSpotNotice(metadata, () => undefined, 5);
    await expect.poll(() => server.requests.length).toBeGreaterThan(2);
    watch.stop();
    await new Promise((resolve) => setTimeout(resolve, 30));
    const after = server.requests.length;
    server.values.set('spot/instance-action', NOTICE);
    await new Promise((resolve) => setTimeout(resolve, 30));
    expect(server.requests.length).toBe(after);
    expect(watch.signal.aborted).toBe(false);
  });
});
