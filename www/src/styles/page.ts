// The hosted page around the answer: its frame, the first minute, the evidence, what is under way.
import { css } from "lit";

export const pageStyle = css`
  :root { background: var(--ground); color: var(--ink); font-family: var(--sans); line-height: 1.5; scroll-padding-block-start: 4rem; }
  body { margin: 0; }
  lp-page { display: block; max-inline-size: 84rem; margin-inline: auto; padding-inline: clamp(0.75rem, 3vw, 2rem); }
  .skip { position: absolute; inset-block-start: -10rem; background: var(--accent); color: var(--on-accent); padding: 0.6rem 1rem; z-index: 5; }
  .skip:focus { inset-block-start: 0; }
  .top { display: flex; flex-wrap: wrap; align-items: baseline; justify-content: space-between; gap: 0.25rem 1rem; padding-block: 0.8rem; border-block-end: 1px solid var(--rule); }
  .top nav { display: flex; gap: 1.25rem; align-items: baseline; font-size: 0.875rem; }
  .brand { font-family: var(--mono); font-weight: 650; color: var(--ink); text-decoration: none; }
  .framed { border: 1px solid var(--ambiguous); padding: 0.4rem 0.8rem; margin-block: 0.75rem; font-size: 0.875rem; }
  footer { border-block-start: 1px solid var(--rule); margin-block-start: 3rem; padding-block: 1rem 3rem; font-size: 0.8125rem; color: var(--quiet); }
  footer ol { list-style: decimal; padding-inline-start: 1.5rem; max-inline-size: 48rem; }
  section { scroll-margin-block-start: 4rem; }

  .welcome { padding-block: clamp(1.5rem, 6vh, 4rem) 1rem; }
  .lead { font-size: 1.125rem; max-inline-size: 46rem; margin-block: 0.75rem 1.5rem; text-wrap: pretty; }
  .drop { border: 2px dashed var(--strong-rule); border-radius: 6px; padding: clamp(1rem, 4vw, 2.25rem); display: grid; gap: 1rem; justify-items: start; }
  .drop .big { font-size: 1.25rem; font-weight: 650; }
  .private { font-size: 0.875rem; }
  .private a { color: var(--ink); font-weight: 650; text-decoration: none; }
  .private span { color: var(--accent); font-weight: 400; text-decoration: underline; }
  dialog.paste { inline-size: min(44rem, 92vw); max-inline-size: none; }
  .paste form { display: grid; gap: 0.75rem; }
  .paste label { display: flex; }
  .notice:empty { display: none; }
  .notice { color: var(--contradicted); margin-block: 0.75rem; }
  .examples { margin-block-start: 2rem; display: grid; gap: 0.6rem; }
  .examples ul { display: grid; grid-template-columns: repeat(auto-fill, minmax(min(14rem, 100%), 1fr)); gap: 0.6rem; }
  .example { inline-size: 100%; block-size: 100%; display: grid; text-align: start; padding: 0.7rem 0.9rem; }
  .example span { color: var(--quiet); font-size: 0.875rem; }
  .where, .how, .privacy, .words { margin-block-start: 2.5rem; max-inline-size: 54rem; }
  .where details { border-block-end: 1px solid var(--rule); padding-block: 0.35rem; }
  .where ul { display: grid; gap: 0.75rem; padding-block: 0.5rem; }
  .privacy ol, .how ol { list-style: decimal; padding-inline-start: 1.4rem; display: grid; gap: 0.5rem; margin-block-start: 0.5rem; }
  .how dl { display: grid; gap: 0.5rem 1.5rem; margin-block-start: 0.75rem; }
  .how dl div { display: grid; grid-template-columns: minmax(0, 16rem) minmax(0, 1fr); gap: 0 1rem; }
  .words dl { display: grid; grid-template-columns: repeat(auto-fill, minmax(min(24rem, 100%), 1fr)); gap: 1rem 2rem; margin-block-start: 0.75rem; }
  .words dt { font-weight: 650; }
  .words dd { font-size: 0.875rem; }
  .words > dl > div:target { outline: 3px solid var(--accent); outline-offset: 6px; }

  .first { display: grid; grid-template-columns: minmax(17rem, 22rem) minmax(0, 1fr); gap: 2.5rem; padding-block: 1.5rem; align-items: start; }
  .result { container-type: inline-size; min-inline-size: 0; }
  .brought { display: grid; gap: 0.75rem; min-inline-size: 0; }
  .evidence > li { display: flex; gap: 0.5rem; justify-content: space-between; border-block-start: 1px solid var(--rule); padding-block: 0.6rem; }
  .evidence[data-long] > li { content-visibility: auto; contain-intrinsic-size: auto 5.5rem; }
  .evidence .head { min-inline-size: 0; flex: 1; }
  .evidence .name { font-weight: 600; overflow-wrap: anywhere; }
  .evidence .parts ul { border-inline-start: 1px solid var(--rule); padding-inline-start: 0.75rem; display: grid; gap: 0.6rem; margin-block: 0.4rem; }
  .evidence summary { font-size: 0.875rem; }
  .remove { border-color: transparent; background: none; padding: 0 0.5em; min-block-size: 2rem; color: var(--quiet); align-self: start; }
  .digests { font-size: 0.8125rem; display: grid; margin-block-start: 0.15rem; }
  .digests div { display: flex; gap: 0.5em; flex-wrap: wrap; }
  .digests dt { color: var(--quiet); }
  .trouble { border-inline-start: 4px solid var(--contradicted); padding-inline-start: 0.6rem; margin-block: 0.4rem; font-size: 0.875rem; overflow-wrap: anywhere; }
  section.trouble { padding: 0.75rem 1rem; margin-block: 1rem; display: grid; gap: 0.5rem; }
  .oddities li { font-size: 0.8125rem; padding-block: 0.2rem; overflow-wrap: anywhere; }
  .oddities [data-level="warn"] b { color: var(--ambiguous); }
  .oddities .advice { display: block; color: var(--quiet); }
  .place { color: var(--quiet); }
  .saved .result { border: 2px dashed var(--ambiguous); padding: 0.75rem 1rem; }
  .says { margin-block-end: 0.75rem; font-weight: 600; }
  .claim { border: 2px dashed var(--ambiguous); padding: 0.75rem 1rem; margin-block: 1rem; display: grid; gap: 0.5rem; overflow-wrap: anywhere; }

  .work[data-over] { position: fixed; inset-block-end: 0; inset-inline: 0; z-index: 3; background: var(--ground); border-block-start: 1px solid var(--strong-rule); padding: 0.6rem clamp(0.75rem, 3vw, 2rem); }
  .work p { display: flex; flex-wrap: wrap; justify-content: space-between; gap: 0.5rem; font-variant-numeric: tabular-nums; }
  .toast { position: fixed; inset-block-end: 1rem; inset-inline: 1rem; margin-inline: auto; width: fit-content; max-inline-size: min(40rem, 92vw); background: var(--ink); color: var(--ground); padding: 0.5rem 0.9rem; border-radius: 4px; overflow-wrap: anywhere; z-index: 4; font-size: 0.875rem; }
  .toast:empty { padding: 0; }
  .over { position: fixed; inset: 0; z-index: 3; display: grid; place-content: center; background: color-mix(in srgb, var(--ground) 88%, transparent); border: 4px dashed var(--accent); font-size: 1.5rem; font-weight: 650; pointer-events: none; }
  .note { position: fixed; z-index: 6; inline-size: max-content; max-inline-size: min(26rem, 92vw); background: var(--ground); border: 1px solid var(--strong-rule); border-radius: 4px; padding: 0.6rem 0.8rem; font-size: 0.875rem; box-shadow: 0 4px 16px #0003; pointer-events: none; }
  dialog { color: inherit; background: var(--ground); border: 1px solid var(--strong-rule); border-radius: 6px; padding: 1.25rem; max-inline-size: min(26rem, 92vw); }
  dialog::backdrop { background: #0006; }
  .keys dl { display: grid; gap: 0.35rem; margin-block: 0.75rem 1rem; }
  .keys dl div { display: grid; grid-template-columns: 4rem 1fr; }

  @media (max-width: 52rem) {
    .first { grid-template-columns: minmax(0, 1fr); gap: 1.5rem; }
    .result { order: -1; }
    .how dl div { grid-template-columns: minmax(0, 1fr); }
  }
  @media (prefers-reduced-motion: no-preference) { html { scroll-behavior: smooth; } }
`;
