// Where the boxes of the digest graph stand: a column for each step from claim to bytes, rows so that lines cross little.
import type { Graph, Node } from "../../protocol.js";

/** Size of a box and the space around it, in SVG units (CSS pixels at full size). */
export const BOX = { width: 168, height: 64, gapX: 40, gapY: 18, margin: 8 };

/** Boxes of one column that are drawn; the list has them all. */
const MOST = 12;

/** Roles from left to right; those that stand at the same step share a column. */
const COLUMNS: readonly (readonly string[])[] = [
  ["claim", "library-file", "checksum-list"],
  ["archive", "index"],
  ["manifest", "attestation"],
  ["config", "history", "dockerfile"],
  ["layer", "chain-id", "add-hash"],
  ["diff-id"],
  ["tarball", "file"],
];

/** A box with its upper left corner. */
export interface Placed {
  node: Node;
  x: number;
  y: number;
}

/** The boxes that are drawn, how many of which role are not, and the size of the whole. */
export interface Arrangement {
  placed: Placed[];
  hidden: { count: number; role: string }[];
  width: number;
  height: number;
}

export function arrange(graph: Graph): Arrangement {
  const columns = COLUMNS.map((_, at) => graph.nodes.filter((node) => step(node.role) === at)).filter((column) => column.length > 0);
  const hidden = columns.filter((column) => column.length > MOST).map((column) => ({ count: column.length - MOST, role: column[0]!.role_text }));
  const shown = columns.map((column) => column.slice(0, MOST));
  order(shown, graph);
  const tallest = Math.max(...shown.map((column) => column.length));
  const placed = shown.flatMap((column, at) => column.map((node, row) => ({ node, ...corner(at, row + (tallest - column.length) / 2) })));
  return {
    placed,
    hidden,
    width: 2 * BOX.margin + shown.length * BOX.width + (shown.length - 1) * BOX.gapX,
    height: 2 * BOX.margin + tallest * BOX.height + (tallest - 1) * BOX.gapY,
  };
}

function corner(column: number, row: number): { x: number; y: number } {
  return { x: BOX.margin + column * (BOX.width + BOX.gapX), y: BOX.margin + row * (BOX.height + BOX.gapY) };
}

function step(role: string): number {
  const found = COLUMNS.findIndex((roles) => roles.includes(role));
  return found < 0 ? COLUMNS.length - 1 : found;
}

/** Sorts each column by the mean row of its neighbours in the columns before. */
function order(columns: Node[][], graph: Graph): void {
  const rows = new Map<string, number>();
  for (const column of columns) {
    const wanted = new Map(column.map((node, at) => [node.id, mean(neighbours(node.id, graph, rows)) ?? at]));
    column.sort((one, other) => wanted.get(one.id)! - wanted.get(other.id)!);
    column.forEach((node, at) => rows.set(node.id, at));
  }
}

function neighbours(id: string, graph: Graph, rows: Map<string, number>): number[] {
  const ids = graph.edges.flatMap(({ from, to }) => (from === id ? [to] : to === id ? [from] : []));
  return ids.map((other) => rows.get(other)).filter((row) => row !== undefined);
}

function mean(values: number[]): number | undefined {
  return values.length === 0 ? undefined : values.reduce((sum, value) => sum + value, 0) / values.length;
}
