import type { Asn1Node } from '../../../electron/contract/diagnostics/inspect.ts';

/** A node with its place among the others. */
export interface TreeRow {
  readonly node: Asn1Node;
  /** Place in the list of all nodes. */
  readonly index: number;
  /** Of the parent in that list; -1 for the root. */
  readonly parent: number;
  readonly hasChildren: boolean;
  /** Among its siblings, from 1; and how many they are. */
  readonly position: number;
  readonly siblings: number;
}

/** The nodes as a tree: depths that jump (a broken list) count as one step. */
export function treeRows(nodes: readonly Asn1Node[]): readonly TreeRow[] {
  const path: number[] = [];
  const counts = new Map<number, number>();
  const placed = nodes.map((node, index) => {
    while (path.length > 0 && (nodes[path.at(-1) as number]?.depth ?? 0) >= node.depth) path.pop();
    const parent = path.at(-1) ?? -1;
    path.push(index);
    const position = (counts.get(parent) ?? 0) + 1;
    counts.set(parent, position);
    return { node, index, parent, position };
  });
  return placed.map((row) => ({
    ...row,
    hasChildren: counts.has(row.index),
    siblings: counts.get(row.parent) ?? 1,
  }));
}

/** Those of open parents. */
export function visibleRows(rows: readonly TreeRow[], open: ReadonlySet<number>): readonly TreeRow[] {
  const seen = new Set<number>([-1]);
  return rows.filter(({ index, parent }) => {
    if (!seen.has(parent)) return false;
    if (open.has(index)) seen.add(index);
    return true;
  });
}

/** What is open at first: the outermost levels. */
export const openAtFirst = (rows: readonly TreeRow[]): ReadonlySet<number> =>
  new Set(rows.filter(({ node, hasChildren }) => hasChildren && node.depth < 2).map(({ index }) => index));
