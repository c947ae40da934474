import { readFileSync } from 'node:fs';
import { join } from 'node:path';

/** The manifests of `experiments/` that are templates too. */
export type ShippedName = 'quickstart' | 'stepik-cifar10';

/** The bundle's build puts them in. */
declare const BAKEOFF_MANIFESTS: Readonly<Record<ShippedName, string>> | undefined;

/** The text of a manifest that ships with Bakeoff. */
export function shippedManifest(name: ShippedName): string {
  if (typeof BAKEOFF_MANIFESTS !== 'undefined') return BAKEOFF_MANIFESTS[name];
  return readFileSync(join(import.meta.dirname, `../../../../experiments/${name}.yaml`), 'utf8');
}
