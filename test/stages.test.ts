import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { jobNames, jobs } from '@bakeoff/core';
import { type EngineFacts, engines } from '@bakeoff/engine/engines';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { repository } from './support/bakeoff.ts';

interface Service {
  readonly command?: readonly string[];
  readonly profiles?: readonly string[];
  readonly depends_on?: Readonly<Record<string, { readonly condition: string }>>;
}

const read = (file: string): Promise<string> => readFile(join(repository, file), 'utf8');

describe('compose.yaml', () => {
  it.each([
    { store: 'in the volume', suffix: '', beside: {} },
    { store: 'in S3', suffix: '-s3', beside: { plan: { s3: { condition: 'service_healthy' } } } },
  ])('has a service per stage, each after the one before it, with the store $store', async ({ suffix, beside }) => {
    const { services } = parse(await read('compose.yaml'), { merge: true }) as { services: Record<string, Service> };
    const manifest = '${MANIFEST:-experiments/quickstart.yaml}';
    const names = jobNames.map((job) => `${job}${suffix}`);
    for (const [position, job] of jobNames.entries()) {
      const before = names[position - 1];
      expect(services[`${job}${suffix}`]).toMatchObject({ command: [job, manifest] });
      expect(services[`${job}${suffix}`]?.depends_on).toEqual(
        before === undefined
          ? (beside as Record<string, unknown>)[job]
          : { [before]: { condition: 'service_completed_successfully' } },
      );
    }
    const ofStages = Object.keys(services).filter(
      (name) => services[name]?.command !== undefined && name.endsWith('-s3') === (suffix !== ''),
    );
    expect(ofStages).toEqual(names);
  });
});

describe('the engines that jobs request', () => {
  it("are those of the table that compute on the job's hardware", () => {
    for (const job of jobNames) {
      const { engine, gpus } = jobs[job].batch;
      const facts: Readonly<Record<string, EngineFacts>> = engines;
      if (engine !== null) expect(facts[engine]?.usesGpu).toBe(gpus > 0);
    }
  });

  it('are those of the image that the jobs run in', async () => {
    const [, inImage] = /^ENV .*BAKEOFF_ENGINE=(\S+)/m.exec(await read('Dockerfile')) ?? [];
    for (const job of jobNames) if (jobs[job].batch.gpus > 0) expect(jobs[job].batch.engine).toBe(inImage);
  });
});
