// The sections under the answer: the two texts, next steps, digests, layers, checks, report.
import { css } from "lit";

/** Lines and entries one below the other, where two columns have no room. */
export const stackedRows = css`
  .rows thead { position: absolute; inline-size: 1px; block-size: 1px; overflow: hidden; clip-path: inset(50%); }
  .rows, .rows tbody { display: block; }
  .rows tr { display: grid; grid-template-columns: 2.2rem minmax(0, 1fr); padding-block: 0.4rem; }
  .rows td { padding-block: 0.1rem; }
  .rows .no { inline-size: auto; }
  .rows .tie { grid-column: 2; inline-size: auto; text-align: start; padding-inline-start: 0.6rem; }
  .rows .wire { display: none; }
`;

export const partsStyle = css`
  .index { position: sticky; inset-block-start: 0; background: var(--ground); border-block: 1px solid var(--rule); z-index: 2; }
  .index ul { display: flex; flex-wrap: wrap; gap: 0 1.25rem; padding-block: 0.5rem; font-size: 0.875rem; }
  .index a { display: inline-block; padding-block: 0.2rem; }
  .part { padding-block: 1.75rem 0.5rem; }
  .part > h2 { margin-block-end: 0.75rem; }
  [data-finding]:focus { outline: 3px solid var(--accent); outline-offset: 2px; }

  .more { margin-block: 1.25rem 0.5rem; font-size: 1rem; }
  .next { display: grid; gap: 1rem; max-inline-size: 54rem; }
  .next .what { font-weight: 600; }

  .alignment + .alignment { margin-block-start: 2rem; }
  .inferred { font-size: 0.875rem; margin-block: 0.35rem; }
  .choose form { display: flex; flex-wrap: wrap; gap: 0.75rem; align-items: end; padding-block: 0.5rem 0.75rem; }
  .rows { margin-block-start: 0.5rem; table-layout: fixed; }
  .rows th { border-block-end: 1px solid var(--strong-rule); }
  .rows .no { inline-size: 2.75rem; text-align: end; color: var(--quiet); font-variant-numeric: tabular-nums; font-size: 0.8125rem; padding-inline: 0.2rem 0.4rem; }
  .rows .tie { inline-size: 5rem; position: relative; text-align: center; padding-inline: 0; }
  .rows tbody tr { border-block-end: 1px solid var(--rule); }
  .rows tbody tr[data-tone="contradicted"] { background: color-mix(in srgb, var(--contradicted) 9%, transparent); }
  .rows .text { white-space: pre-wrap; overflow-wrap: anywhere; line-height: 1.5; }
  .rows .why { font-size: 0.8125rem; color: var(--quiet); margin-block-start: 0.15rem; }
  .rows .why b { color: var(--verdict); font-weight: 600; }
  .rows .absent { font-family: var(--sans); font-style: italic; color: var(--quiet); }
  .wire { position: absolute; inset-inline: 0.25rem; inset-block-start: 0.95rem; border-block-start: 4px double var(--verdict); }
  tr[data-tone="proved"] .wire, tr[data-tone="contradicted"] .wire { border-block-start: 3px solid var(--verdict); }
  tr[data-tone="unknown"] .wire, tr[data-relation="explained"]:not([data-tone="proved"]) .wire { border-block-start: 2px dashed var(--verdict); }
  tr[data-relation="missing"] .wire { inset-inline-end: 50%; }
  tr[data-relation="extra"] .wire, tr[data-relation="base"] .wire { inset-inline-start: 50%; }
  .tie .icon { position: relative; background: var(--ground); border-radius: 50%; outline: 3px solid var(--ground); margin-block-start: 0.1rem; }
  mark { background: var(--marked); color: inherit; border-block-end: 2px solid var(--ambiguous); }

  .picture { overflow-x: auto; border: 1px solid var(--rule); margin-block: 0.75rem; }
  .picture svg { display: block; font-family: var(--sans); }
  .box rect { fill: var(--ground); stroke: var(--strong-rule); }
  .box text { fill: var(--ink); font-size: 13px; }
  .box .role { fill: var(--quiet); font-size: 11px; }
  .box .label { font-weight: 600; }
  .box .hex { font-family: var(--mono); font-size: 12px; }
  .box[data-digest] { cursor: copy; }
  .box[data-lit] rect { fill: var(--lit); stroke: var(--accent); stroke-width: 2; }
  .box:focus-visible { outline: none; }
  .box:focus-visible rect { stroke: var(--accent); stroke-width: 4; }
  .picture .wire { position: static; fill: none; stroke: var(--verdict); stroke-width: 2.5; border: 0; }
  .picture .under { stroke: var(--ground); stroke-width: 8; }
  .picture .wire[data-verdict="agrees"] { stroke-width: 1.5; stroke-dasharray: 1 0; }
  .picture .wire[data-verdict="unknown"] { stroke-width: 1.5; stroke-dasharray: 6 5; }
  .picture .wire[data-verdict="ambiguous"] { stroke-dasharray: 10 3 2 3; }
  .picture .under { stroke-dasharray: none !important; stroke-width: 8 !important; stroke: var(--ground) !important; }
  .edges li { display: flex; flex-wrap: wrap; gap: 0.2rem 0.6rem; padding-block: 0.25rem; font-size: 0.875rem; }

  .layers, .checks, .next { grid-template-columns: minmax(0, 1fr); }
  .layers { display: grid; gap: 1rem; }
  .layer { border-block-start: 1px solid var(--rule); padding-block-start: 0.6rem; }
  #layers > h3 { margin-block-end: 0.6rem; }
  .layers + h3, .layers + .layers { margin-block-start: 1.5rem; }
  .made .text { white-space: pre-wrap; overflow-wrap: anywhere; }
  .hidden-layer { color: var(--contradicted); font-weight: 600; }
  .layer .name { font-weight: 600; overflow-wrap: anywhere; }
  .numbers { display: flex; flex-wrap: wrap; gap: 0.2rem 1.5rem; font-size: 0.875rem; }
  .numbers div { display: flex; gap: 0.5em; }
  .numbers dt { color: var(--quiet); }
  .filter { display: flex; flex-wrap: wrap; gap: 0.75rem; padding-block: 0.5rem; }
  .files { font-size: 0.8125rem; white-space: nowrap; }
  .files .path { white-space: normal; overflow-wrap: anywhere; min-inline-size: 16rem; }
  .files tbody tr { border-block-end: 1px solid var(--rule); }

  .checks { display: grid; gap: 1.25rem; }
  .check { scroll-margin-block-start: 4rem; max-inline-size: 60rem; }
  .check h3, .alignment h3 { display: flex; flex-wrap: wrap; align-items: center; gap: 0.15rem 0.75rem; }
  .title { font-weight: 600; overflow-wrap: anywhere; }
  .subject { font-family: var(--mono); font-size: 0.8125rem; color: var(--quiet); overflow-wrap: anywhere; }
  .check p { overflow-wrap: anywhere; }
  .proves { display: grid; grid-template-columns: repeat(auto-fit, minmax(min(18rem, 100%), 1fr)); gap: 0.75rem 2rem; padding-block: 0.5rem; font-size: 0.875rem; }
  .proves dt { font-weight: 600; }
  .facts { font-size: 0.875rem; list-style: disc; padding-inline-start: 1.2rem; overflow-wrap: anywhere; }
  .built { display: grid; gap: 0.75rem; max-inline-size: 60rem; overflow-wrap: anywhere; }
  .explained .text { white-space: pre-wrap; overflow-wrap: anywhere; }
  .explained .no { text-align: end; color: var(--quiet); }
  .explained tr { border-block-end: 1px solid var(--rule); }
  .limits table { inline-size: auto; }
  #report > * + *, #build > * + * { margin-block-start: 0.75rem; }

  @media (max-width: 46rem) {
    .index ul { flex-wrap: nowrap; overflow-x: auto; white-space: nowrap; }
    ${stackedRows}
  }
`;
