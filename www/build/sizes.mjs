// What a visit costs, as a server would send it: bytes after brotli at its best, held against the budgets of wasm-pack.toml.
import fs from "node:fs";
import path from "node:path";
import { brotliCompressSync, constants } from "node:zlib";

const brotli = (bytes) => brotliCompressSync(bytes, { params: { [constants.BROTLI_PARAM_QUALITY]: 11, [constants.BROTLI_PARAM_SIZE_HINT]: bytes.length } }).length;
const sum = (numbers) => numbers.reduce((one, other) => one + other, 0);
const count = (bytes) => bytes.toString().replace(/\B(?=(\d{3})+$)/g, ",").padStart(9);

/** Prints the table; false when something is over its budget. */
export function checkBudgets(plan, modules, site) {
  const sizes = new Map(modules.map((module) => [module.file, brotli(module.bytes)]));
  const fine = modules.map((module) => row(module.file, module.bytes.length, sizes.get(module.file), module.budget, module.goal));
  for (const { name, parts, partsBudget } of modules) {
    const small = parts.map(({ bytes }) => brotli(bytes));
    fine.push(row(`${name}, ${parts.length} parts on call`, sum(parts.map(({ bytes }) => bytes.length)), sum(small), partsBudget, partsBudget));
  }
  if (fs.existsSync(site)) {
    const late = new Set([...modules.filter((module) => module.onDemand), ...modules.flatMap((module) => module.parts)].map((module) => module.file));
    const names = fs.readdirSync(site).filter((name) => !late.has(name) && fs.statSync(path.join(site, name)).isFile());
    const bytes = names.map((name) => fs.readFileSync(path.join(site, name)));
    const total = sum(names.map((name, i) => sizes.get(name) ?? brotli(bytes[i])));
    fine.push(row("a visit to dist/site", sum(bytes.map(({ length }) => length)), total, plan.visitBudget, plan.visitGoal));
  }
  return fine.every(Boolean);
}

function row(what, raw, small, budget, goal) {
  const over = small > budget;
  const said = over ? "   OVER BUDGET (wasm-pack.toml)" : small > goal ? `   above its goal of ${count(goal).trim()}` : "";
  console.log(`    ${what.padEnd(36)}${count(raw)} bytes${count(small)} brotli${count(budget)} allowed${said}`);
  return !over;
}
