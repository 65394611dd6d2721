// Elements as they are everywhere: text, links, buttons, fields, tables, focus.
import { css } from "lit";

export const base = css`
  *, ::before, ::after { box-sizing: border-box; }
  [hidden] { display: none !important; }
  h1, h2, h3, h4, p, ul, ol, dl, dd, figure { margin: 0; padding: 0; }
  ul, ol { list-style: none; }
  h1, h2, h3, h4 { line-height: 1.25; font-weight: 650; text-wrap: balance; }
  h1 { font-size: clamp(1.6rem, 4.5vw, 2.4rem); letter-spacing: -0.015em; }
  h2 { font-size: 1.2rem; }
  h3 { font-size: 1rem; }
  h4 { font-size: 0.875rem; color: var(--quiet); margin-block: 0.75rem 0.25rem; }
  a { color: var(--accent); text-underline-offset: 0.15em; }
  code, kbd, pre, .text, .digest, .path { font-family: var(--mono); font-size: 0.875em; }
  code { overflow-wrap: anywhere; }
  kbd { border: 1px solid var(--strong-rule); border-radius: 3px; padding: 0 0.35em; min-inline-size: 1.8em; display: inline-block; text-align: center; }
  :focus-visible { outline: 3px solid var(--accent); outline-offset: 2px; }
  :focus:not(:focus-visible) { outline: none; }

  button, input, select, textarea { font: inherit; color: inherit; }
  button { background: var(--ground); border: 1px solid var(--strong-rule); border-radius: 4px; padding: 0.4em 0.85em; min-block-size: 2.25rem; cursor: pointer; }
  button:hover { border-color: var(--accent); color: var(--accent); }
  button.main { background: var(--accent); border-color: var(--accent); color: var(--on-accent); }
  button.main:hover { filter: brightness(1.1); color: var(--on-accent); }
  button.small { min-block-size: 1.5rem; padding: 0.1em 0.6em; font-size: 0.8125rem; }
  button.plain { border-color: transparent; background: none; color: var(--accent); text-decoration: underline; text-underline-offset: 0.15em; padding-inline: 0.2em; }
  button:disabled { opacity: 0.55; cursor: default; }
  input, select, textarea { background: var(--ground); border: 1px solid var(--strong-rule); border-radius: 4px; padding: 0.35em 0.5em; max-inline-size: 100%; }
  textarea { inline-size: 100%; font-family: var(--mono); font-size: 0.875rem; resize: vertical; }
  label { display: inline-flex; flex-direction: column; gap: 0.25em; font-size: 0.875rem; }
  summary { cursor: pointer; color: var(--accent); padding-block: 0.2rem; width: fit-content; }
  progress { inline-size: 100%; block-size: 0.5rem; accent-color: var(--accent); }
  table { border-collapse: collapse; inline-size: 100%; }
  th { text-align: start; font-weight: 600; font-size: 0.8125rem; color: var(--quiet); }
  td, th { vertical-align: top; padding: 0.3rem 0.6rem; }
  .number { text-align: end; font-variant-numeric: tabular-nums; white-space: nowrap; }

  .unseen:not(:focus) { position: absolute; inline-size: 1px; block-size: 1px; overflow: hidden; clip-path: inset(50%); white-space: nowrap; }
  .quiet { color: var(--quiet); font-size: 0.875rem; }
  .many { color: var(--quiet); font-weight: 400; }
  .buttons { display: flex; flex-wrap: wrap; gap: 0.5rem; align-items: center; }
  .wide { overflow-x: auto; }
  .tag { border: 1px solid var(--strong-rule); border-radius: 3px; padding-inline: 0.35em; font-family: var(--sans); font-size: 0.75rem; }

  .term { color: inherit; text-decoration: underline dotted; text-decoration-thickness: 1.5px; text-underline-offset: 0.2em; cursor: help; }
  .command { display: flex; align-items: start; gap: 0.5rem; background: var(--raised); border-inline-start: 3px solid var(--rule); padding: 0.35rem 0.6rem; margin-block: 0.35rem; }
  .command code { flex: 1; padding-block: 0.15em; }

  .digest { all: unset; font-family: var(--mono); font-size: 0.875em; white-space: nowrap; cursor: copy; border-radius: 2px; border-block-end: 1px solid var(--rule); }
  .digest:hover, .digest[data-lit] { background: var(--lit); border-block-end-color: var(--accent); }
  .digest:focus-visible { outline: 3px solid var(--accent); outline-offset: 2px; }
  .digest .whole { display: none; }
  /* Bytes, code and digests run from left to right in every language. */
  code, .text, .digest, .path, .subject, .picture svg { direction: ltr; unicode-bidi: isolate; }

  .mark { display: inline-flex; align-items: center; gap: 0.4em; color: var(--verdict); font-weight: 650; }
  .icon { inline-size: 1.15em; block-size: 1.15em; flex: none; vertical-align: -0.2em; color: var(--verdict); overflow: visible; }
  .icon .fill { fill: currentColor; }
  .icon .line { fill: none; stroke: currentColor; stroke-width: 1.5; stroke-linecap: round; stroke-linejoin: round; }
  .icon .dashed { stroke-dasharray: 2.4 2.2; stroke-linecap: butt; }
  .icon .on { fill: none; stroke: var(--ground); stroke-width: 1.8; stroke-linecap: round; stroke-linejoin: round; }

  .bar { border-inline-start: 6px solid var(--verdict); padding-inline-start: 1rem; }
  .bar[data-verdict="agrees"] { border-inline-start-style: double; }
  .bar[data-verdict="unknown"] { border-inline-start-style: dashed; border-inline-start-width: 4px; }
  .bar[data-verdict="ambiguous"] { border-inline-start-color: transparent; background: repeating-linear-gradient(-45deg, var(--verdict) 0 3px, transparent 3px 6px) 0 0 / 6px 100% no-repeat; background-origin: border-box; }
  .bar[data-verdict="ambiguous"]:dir(rtl) { background-position-x: 100%; }
`;
