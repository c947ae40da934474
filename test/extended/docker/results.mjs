// Compares the results of two stores: everything that a manifest determines must be the same bytes.
import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { join, relative } from 'node:path';

/**
 * SHA-256 by key of what a manifest determines: no measurements, no measurement blocks of the page, and attempts
 * without their ids.
 */
export function determined(folder) {
  const found = new Map();
  for (const entry of readdirSync(folder, { recursive: true, withFileTypes: true })) {
    const key = relative(folder, join(entry.parentPath, entry.name));
    if (!entry.isFile() || key.startsWith('.tmp/') || key.includes('/measurements/')) continue;
    const body = readFileSync(join(folder, key));
    const counted = key.endsWith('.html') ? withoutMeasurements(body.toString('utf8')) : body;
    found.set(key.replace(/\/attempts\/[^/]+\//, '/attempts/*/'), createHash('sha256').update(counted).digest('hex'));
  }
  return found;
}

function withoutMeasurements(page) {
  return page
    .replace(/<!--measurements-->[^]*?<!--\/measurements-->/g, '')
    .replace(/<script type="application\/json" id="measurements">[^]*?<\/script>/g, '');
}

/** What differs between two stores, in words; empty if they are equal. */
export function differences(expected, actual) {
  const [a, b] = [determined(expected), determined(actual)];
  return [...new Set([...a.keys(), ...b.keys()])]
    .filter((key) => a.get(key) !== b.get(key))
    .map((key) => `${key} ${!b.has(key) ? 'is missing' : a.has(key) ? 'differs' : 'is unexpected'}`);
}
