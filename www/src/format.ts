// Small helpers for showing texts that others wrote.

/** `sha256:0199853f…86c7e`: enough to recognise a digest, short enough to read. */
export function shortDigest(digest: string): string {
  const colon = digest.lastIndexOf(":") + 1;
  const hex = digest.slice(colon);
  return hex.length <= 20 ? digest : `${digest.slice(0, colon)}${hex.slice(0, 8)}…${hex.slice(-5)}`;
}

/** A name whose middle is cut when it is very long; whole names are in the report. */
export function shortName(name: string, most = 120): string {
  return name.length <= most ? name : `${name.slice(0, most - 30)}…${name.slice(-24)}`;
}

/** For a `switch` over a union: a case that was forgotten does not compile. */
export function never(value: never): never {
  throw new Error(`unexpected: ${String(value)}`);
}
