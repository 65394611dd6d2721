// The Dockerfile and the history side by side, the rows that belong together joined.
import { html, nothing, type TemplateResult } from "lit";
import type { Alignment, Choices, Evidence, Relation, Report, Row, Setting, Verdict } from "../../protocol.js";
import { never } from "../format.js";
import { strings } from "../strings.js";
import { choose } from "./choose.js";
import { diff, type Run } from "./diff.js";
import { grown, type Growing } from "./grow.js";
import { icon, mark } from "./mark.js";
import { line, rich } from "./rich.js";

const words = strings.texts;

/** All alignments: the best one of each pair in full, others folded. */
export function texts(report: Report, choices: readonly Choices[], growing: Growing, set: (option: Setting) => void): TemplateResult {
  const seen = new Set<string>();
  const best = report.alignments.filter((one) => !seen.has(pair(one)) && seen.add(pair(one)));
  const choosable = choices.filter(({ dockerfile }) => report.alignments.some((one) => one.dockerfile === dockerfile));
  const article = (one: Alignment, at: number) => html`<article class="alignment">
    ${head(one, report)} ${rows(one, report, growing, at === 0 || one.verdict === "contradicted")}
    ${folded(report.alignments.filter((other) => other !== one && pair(other) === pair(one)), report, growing)}
  </article>`;
  return html`${choosable.map((choice) => choose(choice, nameOf(choice.dockerfile, report), set))} ${best.map(article)}`;
}

/** The rows; of a second history that says the same they are folded. */
function rows(one: Alignment, report: Report, growing: Growing, open: boolean): TemplateResult {
  return html`<details class="lines" ?open=${open}>
    <summary>${words.rows(one.rows.length)}</summary>
    ${table(one, report, growing)}
  </details>`;
}

/** Other ways to read the same pair. */
function folded(others: readonly Alignment[], report: Report, growing: Growing): TemplateResult | typeof nothing {
  if (others.length === 0) return nothing;
  return html`<details class="others">
    <summary>${words.others(others.length)}</summary>
    ${others.map((other) => html`${head(other, report)} ${table(other, report, growing)}`)}
  </details>`;
}

function pair(alignment: Alignment): string {
  return `${alignment.dockerfile} ${alignment.history}`;
}

function head(alignment: Alignment, report: Report): TemplateResult {
  return html`<h3>${mark(alignment.verdict)} <span class="title">${nameOf(alignment.dockerfile, report)} · ${nameOf(alignment.history, report)}</span></h3>
    <p class="quiet">${rich(alignment.builder_text)}${alignment.stage === "0" ? nothing : ` ${words.stage(alignment.stage)}`}</p>
    ${alignment.inferred.length === 0
      ? nothing
      : html`<ul class="inferred" aria-label=${words.inferred}>
          ${alignment.inferred.map(({ name, value, from }) => html`<li>${rich(words.inferredFrom(name, value, from))}</li>`)}
        </ul>`}`;
}

/** The name of an evidence; a part of one by what holds it and what it is, since a blob is named by its digest only. */
export function nameOf(id: string, report: { evidence: readonly Evidence[] }): string {
  const find = (list: readonly Evidence[], holder: Evidence | undefined): string | undefined => {
    for (const one of list) {
      if (one.id === id) return holder ? words.part(holder.name, one.what) : one.name;
      const inside = find(one.parts, holder ?? one);
      if (inside !== undefined) return inside;
    }
    return undefined;
  };
  return find(report.evidence, undefined) ?? id;
}

function table(alignment: Alignment, report: Report, growing: Growing): TemplateResult {
  const label = `${nameOf(alignment.dockerfile, report)}, ${nameOf(alignment.history, report)}`;
  return html`<table class="rows" role="table" aria-label=${label}>
    <thead role="rowgroup">
      <tr role="row">
        <th role="columnheader" scope="col" class="no"><span class="unseen">${words.line}</span></th>
        <th role="columnheader" scope="col">${words.dockerfile}</th>
        <th role="columnheader" scope="col" class="tie"><span class="unseen">${words.relation}</span></th>
        <th role="columnheader" scope="col" class="no"><span class="unseen">${words.entry}</span></th>
        <th role="columnheader" scope="col">${words.history}</th>
      </tr>
    </thead>
    <tbody role="rowgroup">${grown(alignment.rows, growing, (row, at) => pairOf(row, alignment.verdict, at === firstWith(row, alignment)))}</tbody>
  </table>`;
}

const places = new WeakMap<Alignment, Map<string, number>>();

/** The first row of an alignment that says the same as this one. */
function firstWith({ relation, why }: Row, alignment: Alignment): number | undefined {
  const known = places.get(alignment) ?? new Map<string, number>();
  if (known.size === 0) alignment.rows.forEach((row, at) => known.has(said(row)) || known.set(said(row), at));
  places.set(alignment, known);
  return known.get(said({ relation, why }));
}

function said({ relation, why }: Pick<Row, "relation" | "why">): string {
  return `${relation} ${why}`;
}

/** A row; what was said in a row above already is not said again, unless somebody should look at the row. */
function pairOf(row: Row, verdict: Verdict, first: boolean): TemplateResult {
  const tone = toneOf(row, verdict);
  const [left, right] = sides(row);
  const quiet = tone === "proved" || tone === "agrees";
  return html`<tr role="row" data-tone=${tone} data-relation=${row.relation} data-finding=${quiet ? nothing : ""} tabindex="-1">
    <td role="cell" class="no">${row.instruction?.line ?? nothing}</td>
    <td role="cell"><div class="text">${left ?? html`<span class="absent">${words.nothingLeft}</span>`}</div></td>
    <td role="cell" class="tie"><span class="wire" aria-hidden="true"></span>${icon(tone)}</td>
    <td role="cell" class="no">${row.history === null ? nothing : row.history + 1}</td>
    <td role="cell">
      <div class="text">${right ?? html`<span class="absent">${words.nothingRight}</span>`}</div>
      <p class="why"><b>${words.relations[row.relation]}${row.proved ? `, ${words.proved}` : ""}</b>${row.why && (first || !quiet) ? html` · ${rich(row.why)}` : nothing}</p>
    </td>
  </tr>`;
}

const known = new WeakMap<Row, [unknown, unknown]>();

/** Both cells of a row; comparing words takes time, so each row is compared once. */
function sides(row: Row): [unknown, unknown] {
  const cells = known.get(row) ?? compared(row);
  known.set(row, cells);
  return cells;
}

function compared(row: Row): [unknown, unknown] {
  const [left, right] = [row.instruction?.text, row.created_by];
  if (left === undefined || right === null || !marked(row.relation)) {
    return [left === undefined ? undefined : line(left), right === null ? undefined : line(right)];
  }
  const [one, other] = diff(left, right);
  return [runs(one, words.onlyLeft), runs(other, words.onlyRight)];
}

function runs(list: Run[], who: string): unknown {
  return list.map(({ text, only }) =>
    only ? html`<mark><span class="unseen">${who} </span>${line(text)}</mark>` : line(text),
  );
}

/** Whether the differences between the two texts matter to a reader. */
function marked(relation: Relation): boolean {
  return relation === "differs" || relation === "explained";
}

/** The verdict whose look a row takes. */
function toneOf(row: Row, verdict: Verdict): Verdict {
  if (row.proved) return "proved";
  switch (row.relation) {
    case "exact":
    case "equivalent":
    case "explained":
    case "base":
      return "agrees";
    case "differs":
    case "missing":
    case "extra":
      return verdict === "unknown" ? "unknown" : "contradicted";
    default:
      return never(row.relation);
  }
}
