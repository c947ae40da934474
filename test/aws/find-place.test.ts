import { expect, it } from 'vitest';
import { findPlace } from '../../packages/cli/src/aws/find-place.ts';
import { temporaryFolder } from '../support/bakeoff.ts';

it.each([
  ['submit named', 'quickstart-20261128T103144Z-6724'],
  ['a schedule started', '7c3f6f4e-1d2b-4c5d-8e9f-0a1b2c3d4e5f'],
])('an execution that %s is of the deployment, unless a store is named', async (_, id) => {
  const folder = await temporaryFolder();
  try {
    expect(await findPlace({}, id)).toEqual({ stack: 'Bakeoff' });
    expect(await findPlace({ stack: 'Other' }, id)).toEqual({ stack: 'Other' });
    expect(await findPlace({ out: folder.path }, id)).toHaveProperty('store');
  } finally {
    await folder.remove();
  }
});
