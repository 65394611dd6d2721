// The answer: one sentence, the chain that carries it, and the count of all five verdicts.
import { html, nothing, type TemplateResult } from "lit";
import type { Link, Node, Report, Summary, Verdict } from "../../protocol.js";
import { strings } from "../strings.js";
import { labelOf } from "./graph.js";
import { icon, mark, VERDICTS } from "./mark.js";
import { digest, rich, type Terms } from "./rich.js";

/** What there is around an answer that it can lead to. */
export interface Around {
  /** A list of words: then terms are underlined and explained. */
  words: boolean;
  /** The checks: then each count leads to the first check of its kind. */
  checks: boolean;
}

/** Sentence, chain and counts. */
export function answer(report: Report, incomplete: boolean, around: Around = { words: true, checks: true }): TemplateResult {
  const { summary } = report;
  const terms: Terms | undefined = around.words ? new Set() : undefined;
  const [first, rest] = split(summary.text);
  return html`
    <div class="answer bar" part="answer" data-verdict=${summary.verdict}>
      <p class="verdict">${mark(summary.verdict)} <span class="quiet">${tail(summary)}</span></p>
      <p class="sentence" part="sentence">${rich(first, terms)}</p>
      ${rest === "" ? nothing : html`<p class="rest">${rich(rest, terms)}</p>`}
      ${incomplete ? html`<p class="quiet">${strings.answer.incomplete}</p>` : nothing}
    </div>
    ${chain(report)} ${counts(report, around.checks)}
  `;
}

/** What else there is beside the loudest verdict, so that one open question does not read as if nothing had come out. */
function tail({ verdict, counts }: Summary): string {
  if (verdict === "contradicted" || verdict === "ambiguous" || counts.proved + counts.agrees === 0) return "";
  return strings.answer.tail(counts.proved, counts.agrees, counts.unknown);
}

/** The answer proper, and what carries it. A sentence ends with a full stop before a blank; neither digests nor names hold one. */
function split(text: string): [string, string] {
  const end = text.search(/(?<=\.) (?=\S)/);
  return end < 0 || end > 300 ? [text, ""] : [text.slice(0, end), text.slice(end + 1)];
}

/** From the claimed digest down to the bytes: stations, and between them how they are joined. */
function chain(report: Report): TemplateResult | typeof nothing {
  const { chain } = report.summary;
  if (chain.length === 0) return nothing;
  const nodes = new Map(report.graph.nodes.map((node) => [node.id, node]));
  return html`<ol class="chain" part="chain" aria-label=${strings.answer.chain}>
    ${chain.map((link) => station(link, nodes.get(link.node)))}
  </ol>`;
}

function station(link: Link, node: Node | undefined): TemplateResult | typeof nothing {
  if (!node) return nothing;
  return html`<li>
    <div class="station">
      <span class="role">${node.role_text}</span>
      <span class="label">${labelOf(node)}</span>
      ${node.digest ? digest(node.digest) : nothing}
    </div>
    ${link.verdict ? joint(link.verdict) : nothing}
  </li>`;
}

function joint(verdict: Verdict): TemplateResult {
  return html`<span class="joint" data-verdict=${verdict}>${icon(verdict)}<span class="unseen">${strings.verdicts[verdict]}</span></span>`;
}

/** All five counts; unknowns always show. Each leads to the first check of its kind. */
function counts(report: Report, leading: boolean): TemplateResult {
  return html`<ul class="counts" part="counts" aria-label=${strings.answer.counts}>
    ${VERDICTS.map((verdict) => counted(verdict, report.summary.counts[verdict], leading))}
  </ul>`;
}

function counted(verdict: Verdict, count: number, leading: boolean): TemplateResult {
  const text = html`${icon(verdict)}<span>${strings.verdictsShort[verdict]}</span> <b>${count}</b>`;
  return html`<li data-verdict=${verdict} class=${count === 0 ? "none" : ""} title=${strings.verdictsMean[verdict]}>
    ${count === 0 || !leading ? html`<span class="count">${text}</span>` : html`<button type="button" class="count" data-first=${verdict}>${text}</button>`}
  </li>`;
}
