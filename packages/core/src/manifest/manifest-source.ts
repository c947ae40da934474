import {
  isAlias,
  isMap,
  isScalar,
  isSeq,
  LineCounter,
  parseDocument,
  type Document,
  type Node,
  type Pair,
  type YAMLMap,
  type YAMLError,
} from 'yaml';
import { isObject } from './merge.ts';
import { nearestNames } from './nearest-names.ts';
import { type Place, problemsError, showValue, type Problem } from './problem.ts';

/**
 * The most nodes that aliases may add to a manifest. A file whose aliases multiply beyond this is a mistake or an
 * attack ("billion laughs").
 */
const MAXIMUM_ALIASED_NODES = 100_000;

/** As in Compose files: a place for what is written once and used by anchors. */
export const EXTENSION_PREFIX = 'x-';

/** A manifest's text as plain values, with the place of each in the text. The text is YAML 1.2, which includes JSON. */
export class ManifestSource {
  readonly value: unknown;
  private readonly lines = new LineCounter();
  private readonly document: Document.Parsed;
  private readonly anchors = new Map<string, Node>();
  /** What each alias means: anchors may be defined again. */
  private readonly targets = new Map<Node, Node>();
  private readonly converted = new Map<Node, { readonly value: unknown; readonly nodes: number }>();
  private readonly unfinished = new Set<Node>();
  private aliasedNodes = 0;

  /** @throws UserError for syntax errors, duplicate keys, unknown tags, aliases that multiply, and an empty file. */
  constructor(
    readonly text: string,
    readonly fileName: string,
  ) {
    this.document = this.parse();
    const faults = [...this.document.errors, ...this.document.warnings];
    if (faults.length > 0)
      throw problemsError(
        fileName,
        faults.map((fault) => this.syntaxProblem(fault)),
      );
    if (this.document.contents === null) {
      throw problemsError(fileName, [
        { line: 1, column: 1, what: 'the manifest is empty', fix: 'write at least name, dataset and experiments' },
      ]);
    }
    this.value = withoutExtensions(this.convert(this.document.contents).value);
  }

  /**
   * The place of the value at a path, or of its key; of a value that an alias or a merge key brings, where it is
   * written. If the path does not exist, the nearest one above it.
   */
  locate(path: readonly PropertyKey[], part: 'key' | 'value' = 'value'): Place {
    let node = this.document.contents as Node | null;
    let offset = node?.range?.[0] ?? 0;
    for (const [depth, step] of path.entries()) {
      const target = this.meant(node);
      if (isSeq(target)) node = (target.items[Number(step)] as Node | undefined) ?? null;
      else if (isMap(target)) {
        const pair = this.pairOf(target, String(step));
        if (pair === undefined) break;
        const key = pair.key as Node;
        node = pair.value as Node | null;
        if ((part === 'key' && depth === path.length - 1) || node === null) {
          offset = key.range?.[0] ?? offset;
          continue;
        }
      } else break;
      if (node === null) break;
      offset = node.range?.[0] ?? offset;
    }
    return this.placeAt(offset);
  }

  /** What stands at a node: an alias means its anchor's. */
  private meant(node: Node | null): Node | null {
    return isAlias(node) ? (this.targets.get(node) ?? null) : node;
  }

  /** The member of a map by its name: its own one, or else that of the first map it merges that has one. */
  private pairOf(map: YAMLMap, name: string): Pair | undefined {
    const own = map.items.find(({ key }) => isScalar(key) && !isMergeKey(key) && String(key.value) === name);
    if (own !== undefined) return own;
    for (const { key, value } of map.items) {
      if (!isMergeKey(key)) continue;
      const merged = this.meant(value as Node | null);
      for (const each of isSeq(merged) ? merged.items : [merged]) {
        const source = this.meant(each as Node | null);
        const found = isMap(source) ? this.pairOf(source, name) : undefined;
        if (found !== undefined) return found;
      }
    }
    return undefined;
  }

  private parse(): Document.Parsed {
    try {
      return parseDocument(this.text, {
        lineCounter: this.lines,
        prettyErrors: false,
        uniqueKeys: true,
        strict: true,
        version: '1.2',
        schema: 'core',
        merge: true,
      });
    } catch (error) {
      if (!(error instanceof RangeError)) throw error;
      throw problemsError(this.fileName, [
        { line: 1, column: 1, what: 'the manifest is nested too deeply', fix: 'write it with fewer levels' },
      ]);
    }
  }

  private placeAt(offset: number): Place {
    const { line, col } = this.lines.linePos(offset);
    return { line: Math.max(1, line), column: Math.max(1, col) };
  }

  private syntaxProblem(fault: YAMLError): Problem {
    const place = this.placeAt(fault.pos[0]);
    if (fault.code === 'DUPLICATE_KEY') {
      const name = /^["']?([\w.-]+)/.exec(this.text.slice(fault.pos[0], fault.pos[0] + 100))?.[1] ?? 'key';
      return {
        ...place,
        what: `"${name}" appears twice in one map`,
        received: `a second "${name}"`,
        allowed: 'each name only once',
        fix: 'remove or rename one of the two',
      };
    }
    const line = this.text.split('\n', place.line)[place.line - 1]?.trim() ?? '';
    return {
      ...place,
      what: `this is not valid YAML: ${fault.message}`,
      received: line.slice(0, 100),
      allowed: 'YAML 1.2 or JSON',
      fix: 'correct the syntax at this place',
    };
  }

  private refuse(node: Node, problem: Omit<Problem, 'line' | 'column'>): never {
    throw problemsError(this.fileName, [{ ...this.placeAt(node.range?.[0] ?? 0), ...problem }]);
  }

  /** In the document's order, because an alias means the last anchor of its name before it. */
  private convert(node: Node | null): { readonly value: unknown; readonly nodes: number } {
    if (node === null) return { value: null, nodes: 1 };
    if (isAlias(node)) return this.resolveAlias(node, node.source);
    if ('anchor' in node && node.anchor !== undefined) this.anchors.set(node.anchor, node);
    this.unfinished.add(node);
    const result = this.convertContent(node);
    this.unfinished.delete(node);
    this.converted.set(node, result);
    return result;
  }

  private resolveAlias(node: Node, name: string): { readonly value: unknown; readonly nodes: number } {
    const target = this.anchors.get(name);
    if (target === undefined)
      return this.refuse(node, {
        what: `the alias *${name} has no anchor`,
        received: `*${name}`,
        allowed: [...this.anchors.keys()].map((anchor) => `*${anchor}`).join(', ') || 'no anchor comes before it',
        fix:
          nearestNames(name, [...this.anchors.keys()])[0] === undefined
            ? 'write the value itself'
            : `did you mean *${nearestNames(name, [...this.anchors.keys()])[0]}?`,
      });
    this.targets.set(node, target);
    const result = this.converted.get(target);
    if (result === undefined || this.unfinished.has(target))
      return this.refuse(node, {
        what: `the alias *${name} is inside its own anchor`,
        received: `*${name}`,
        fix: 'write the value itself',
      });
    this.aliasedNodes += result.nodes;
    if (this.aliasedNodes > MAXIMUM_ALIASED_NODES) {
      this.refuse(node, {
        what: 'the aliases of this manifest multiply to too many values',
        received: `more than ${MAXIMUM_ALIASED_NODES} values from aliases`,
        allowed: `at most ${MAXIMUM_ALIASED_NODES}`,
        fix: 'use defaults and sweeps instead of aliases of aliases',
      });
    }
    return result;
  }

  private convertContent(node: Node): { readonly value: unknown; readonly nodes: number } {
    if (isScalar(node)) return { value: node.value, nodes: 1 };
    if (isSeq(node)) {
      const items = node.items.map((item) => this.convert(item as Node | null));
      return { value: items.map((item) => item.value), nodes: items.reduce((sum, item) => sum + item.nodes, 1) };
    }
    if (!isMap(node))
      return this.refuse(node, {
        what: 'manifests do not use values of this form',
        fix: 'write a map, a list, text, a number, true, false or null',
      });
    const value: Record<string, unknown> = {};
    let nodes = 1;
    for (const pair of node.items as Pair<Node, Node | null>[]) {
      const { key } = pair;
      if (isMergeKey(key)) {
        const merged = this.convertMerged(key, pair.value);
        for (const [name, member] of merged.members) if (!Object.hasOwn(value, name)) value[name] = member;
        nodes += merged.nodes;
        continue;
      }
      // Names of settings are text; "__proto__" would change the object instead of adding a member.
      if (!isScalar(key) || !['string', 'number', 'boolean'].includes(typeof key.value) || key.value === '__proto__') {
        return this.refuse(isScalar(key) || isMap(key) || isSeq(key) ? key : node, {
          what: 'this key is not a name',
          received: showKey(key),
          allowed: 'plain text',
          fix: 'write a name before the colon',
        });
      }
      const member = this.convert(pair.value);
      value[String(key.value)] = member.value;
      nodes += 1 + member.nodes;
    }
    return { value, nodes };
  }

  /** The members that a merge key (`<<`) brings from one map or a list of maps; the first of a name counts. */
  private convertMerged(
    key: Node,
    source: Node | null,
  ): { readonly members: readonly (readonly [string, unknown])[]; readonly nodes: number } {
    const { value, nodes } = this.convert(source);
    const maps: readonly unknown[] = Array.isArray(value) ? value : [value];
    if (!maps.every(isObject))
      this.refuse(source ?? key, {
        what: 'what "<<" merges is not a map',
        received: showValue(value),
        allowed: 'a map, an alias of one, or a list of them',
        fix: 'give a map an anchor (defaults: &base { … }) and merge its alias (<<: *base)',
      });
    return { members: maps.flatMap((map) => Object.entries(map as object)), nodes };
  }
}

/** A plain `<<`, whose value's members are those of the map around it (YAML 1.1's merge key). */
const isMergeKey = (key: unknown): boolean => isScalar(key) && typeof key.value === 'symbol';

/** Top-level members called `x-…` only hold what anchors name. */
function withoutExtensions(value: unknown): unknown {
  if (!isObject(value)) return value;
  return Object.fromEntries(Object.entries(value).filter(([name]) => !name.startsWith(EXTENSION_PREFIX)));
}

function showKey(key: Node): string {
  return isScalar(key) ? String(key.value) : 'a map or a list';
}
