// The digests of a case as a picture (columns by role, lines by verdict) and as a list that says the same.
import { html, nothing, svg, type SVGTemplateResult, type TemplateResult } from "lit";
import type { Edge, Graph, Node } from "../../protocol.js";
import { shortDigest, shortName } from "../format.js";
import { strings } from "../strings.js";
import { grown, type Growing } from "./grow.js";
import { mark } from "./mark.js";
import { digest, key, rich } from "./rich.js";
import { arrange, BOX, type Placed } from "./place.js";

const words = strings.graph;

export function graph(data: Graph, growing: Growing): TemplateResult | typeof nothing {
  if (data.nodes.length === 0) return nothing;
  const nodes = new Map(data.nodes.map((node) => [node.id, node]));
  return html`<p class="quiet">${rich(words.lead)}</p>
    ${picture(data)}
    <details class="edges" ?open=${data.edges.length <= 12}>
      <summary>${words.list}</summary>
      <ul>${grown(data.edges, growing, (edge) => listed(edge, nodes))}</ul>
    </details>`;
}

function listed(edge: Edge, nodes: Map<string, Node>): TemplateResult {
  return html`<li>${end(nodes.get(edge.from))} <span aria-hidden="true">→</span> ${end(nodes.get(edge.to))} ${mark(edge.verdict)}</li>`;
}

function end(node: Node | undefined): TemplateResult | typeof nothing {
  if (!node) return nothing;
  return html`<span class="end">${node.role_text} <b>${shortName(labelOf(node), 60)}</b> ${node.digest ? digest(node.digest) : nothing}</span>`;
}

/** The picture; it scrolls sideways where it does not fit, and the keyboard can do that. */
function picture(data: Graph): TemplateResult {
  const { placed, hidden, width, height } = arrange(data);
  const at = new Map(placed.map((one) => [one.node.id, one]));
  return html`<div class="picture" tabindex="0" role="group" aria-label=${words.picture}>
      <svg viewBox="0 0 ${width} ${height}" width=${width} height=${height}>
        ${data.edges.map((edge) => wire(edge, at))} ${placed.map(box)}
      </svg>
    </div>
    ${hidden.map(({ count, role }) => html`<p class="quiet">${words.more(count, role)} (${words.seeAll})</p>`)}`;
}

function wire(edge: Edge, at: Map<string, Placed>): SVGTemplateResult | typeof nothing {
  const [from, to] = [at.get(edge.from), at.get(edge.to)];
  if (!from || !to) return nothing;
  const path = curve(from, to);
  return svg`<path class="wire under" data-verdict=${edge.verdict} d=${path}/><path class="wire" data-verdict=${edge.verdict} d=${path}/>`;
}

/** From the right side of one box to the left side of the other; within a column, along its right side. */
function curve(from: Placed, to: Placed): string {
  const [start, target] = from.x <= to.x ? [from, to] : [to, from];
  const [x, y] = [start.x + BOX.width, start.y + BOX.height / 2];
  const [u, v] = [start.x === target.x ? target.x + BOX.width : target.x, target.y + BOX.height / 2];
  const bend = start.x === target.x ? 40 : (u - x) / 2;
  return `M${x} ${y}C${x + bend} ${y} ${start.x === target.x ? u + bend : u - bend} ${v} ${u} ${v}`;
}

function box({ node, x, y }: Placed): SVGTemplateResult {
  const [role, name] = [cut(node.role_text), cut(labelOf(node))];
  const hex = node.digest ? shortDigest(node.digest).replace(/^sha256:/, "") : "";
  const label = `${role} ${name} ${hex}`.trim();
  const inside = svg`<rect width=${BOX.width} height=${BOX.height} rx="3"/>
    <text class="role" x="10" y="18">${role}</text>
    <text class="label" x="10" y="36">${name}</text>
    <text class="hex" x="10" y="54">${hex}</text>`;
  if (!node.digest) return svg`<g class="box" transform="translate(${x} ${y})" role="img" aria-label=${label}>${inside}</g>`;
  return svg`<g class="box" transform="translate(${x} ${y})" role="button" tabindex="0" data-digest=${key(node.digest)}
    data-whole=${node.digest} aria-label=${strings.digest.copy(label)}>
    <title>${node.digest}</title>${inside}</g>`;
}

/** The name of a node without its digest, which stands beside it. */
export function labelOf({ label, digest }: Node): string {
  const hex = digest === null ? "" : key(digest).slice(0, 12);
  return hex === "" ? label : label.replace(new RegExp(`(?:\\s*\\b[a-z0-9]+:)?\\s*${hex}[0-9a-f]*…?`), "").replace(/:$/, "");
}

/** As much of a name as fits into a box. */
function cut(label: string): string {
  return label.length <= 18 ? label : `${label.slice(0, 9)}…${label.slice(-7)}`;
}
