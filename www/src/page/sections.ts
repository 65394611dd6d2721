// The sections under the answer, and the index that leads to them. All are there at once, so that find-in-page, printing and
// screen readers see everything; a section that has nothing to show is left out.
import { html, nothing, type TemplateResult } from "lit";
import { guard } from "lit/directives/guard.js";
import type { Report } from "../../protocol.js";
import type { Case } from "../shell/case.js";
import { count, strings } from "../strings.js";
import { build, buildable, type Build } from "../views/build.js";
import { checks } from "../views/checks.js";
import { graph } from "../views/graph.js";
import type { Growing } from "../views/grow.js";
import { hasLayers, layers } from "../views/layers.js";
import { leaving, limits, type Leave } from "../views/report.js";
import { nameOf, texts } from "../views/texts.js";

/** What the sections draw from. */
export interface Shown {
  report: Report;
  /** The case that answers for the report; `null` for a saved report, with which nothing can be done. */
  current: Case | null;
  growing: Growing;
  open: string | null;
  show(id: string | null): void;
  leave: Leave;
  build: Build;
}

interface Section {
  id: string;
  title: string;
  count?: number;
  body: unknown;
}

/** Index and sections. */
export function sections(shown: Shown): TemplateResult {
  const list = all(shown).filter((section) => section.body !== nothing);
  return html`
    <nav class="index" aria-label=${strings.index}>
      <ul>${list.map(({ id, title }) => html`<li><a href="#${id}">${title}</a></li>`)}</ul>
    </nav>
    ${list.map(
      ({ id, title, count: many, body }) => html`<section id=${id} class="part" aria-labelledby="${id}-title" tabindex="-1">
        <h2 id="${id}-title">${title}${many === undefined ? nothing : html` <span class="many">(${count(many)})</span>`}</h2>
        ${body}
      </section>`,
    )}
  `;
}

function all(shown: Shown): Section[] {
  const { report, current, growing } = shown;
  const set = current ? (option: Parameters<Case["set"]>[0]) => void current.set(option) : null;
  const choices = current?.choices ?? [];
  // What does not depend on progress is drawn anew only when a report comes or a long list grows.
  const still = (draw: () => unknown, ...also: unknown[]) => guard([report, growing.version, ...also], draw);
  return [
    { id: "texts", title: strings.texts.title, body: report.alignments.length ? still(() => texts(report, choices, growing, set ?? (() => undefined)), choices) : nothing },
    { id: "digests", title: strings.graph.title, body: report.graph.nodes.length ? still(() => graph(report.graph, growing)) : nothing },
    {
      id: "layers",
      title: strings.layers.title,
      body: hasLayers(report) ? still(() => layers(report, { current, open: shown.open, show: shown.show }, growing), shown.open) : nothing,
    },
    { id: "checks", title: strings.checks.title, count: report.checks.length, body: still(() => checks(report, growing)) },
    { id: "build", title: strings.build.title, body: current && buildable(report) ? build(report, current.busy, shown.build) : nothing },
    { id: "explain", title: strings.explain.title, body: current ? explains(report, current) : nothing },
    { id: "report", title: strings.report.title, body: current ? html`${leaving(shown.leave)} ${still(() => limits(report, set))}` : nothing },
  ];
}

function explains(report: Report, current: Case): unknown {
  const dockerfiles = report.evidence.filter((one) => one.kind === "dockerfile");
  if (dockerfiles.length === 0) return nothing;
  return dockerfiles.map(({ id }) => html`<lp-explain .current=${current} .evidence=${id} .name=${nameOf(id, report)}></lp-explain>`);
}
