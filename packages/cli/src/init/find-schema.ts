import { access } from 'node:fs/promises';
import { dirname, join, relative, sep } from 'node:path';

const SCHEMA = join('schema', 'manifest.schema.json');

/** The path of the manifests' JSON Schema in a folder above, relative to `folder`, for editors; undefined if there is none. */
export async function findSchema(folder: string): Promise<string | undefined> {
  for (let above = folder; ; above = dirname(above)) {
    const path = join(above, SCHEMA);
    const found = await access(path).then(
      () => true,
      () => false,
    );
    if (found) return relative(folder, path).split(sep).join('/');
    if (dirname(above) === above) return undefined;
  }
}
