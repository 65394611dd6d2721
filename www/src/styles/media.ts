// Paper and forced colours.
import { css } from "lit";

export const mediaStyle = css`
  @media print {
    :root { font-size: 10pt; }
    :root, :root[data-theme], .lp, :host([theme]) .lp { color-scheme: light; }
    .index, .buttons, .top nav, .skip, .toast, .remove, .where, .how, .privacy, .words, .listing, #build, #report, .filter, .private, .work, .explain, #explain, .choose, .command button { display: none !important; }
    .first { grid-template-columns: 1fr; }
    .result { order: -1; }
    summary { list-style: none; color: inherit; }
    .evidence[data-long] > li { content-visibility: visible; }
    .picture { overflow: visible; border: 0; }
    .picture svg { max-inline-size: 100%; block-size: auto; }
    .digest .short { display: none; }
    .digest .whole { display: inline; white-space: normal; overflow-wrap: anywhere; }
    .station { max-inline-size: none; }
    .check, .rows tr, .layer { break-inside: avoid; }
    details:not([open])::details-content { content-visibility: visible; block-size: auto; display: block; }
    a { color: inherit; }
  }
  @media (forced-colors: active) {
    /* The person's colours, not those of a theme. */
    :root[data-theme], :host([theme]) .lp { color-scheme: light dark; }
    .bar { border-inline-start-color: CanvasText; }
    .bar[data-verdict="ambiguous"] { border-inline-start: 6px dotted CanvasText; }
    .icon { forced-color-adjust: none; color: CanvasText; }
    .icon .on { stroke: Canvas; }
    .digest[data-lit], .box[data-lit] rect { outline: 2px solid Highlight; }
    .box rect { fill: Canvas; stroke: CanvasText; }
    .box[data-lit] rect { stroke: Highlight; stroke-width: 4; }
    .box text, .box .role { fill: CanvasText; }
    .picture .wire { stroke: CanvasText; }
    .picture .under { stroke: Canvas !important; }
    .joint .icon, .tie .icon { background: Canvas; outline-color: Canvas; }
    mark { background: Mark; color: MarkText; }
  }
`;
