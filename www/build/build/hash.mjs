// Hashes, and the place in the texts where the build label goes once everything else is known.
import { createHash } from "node:crypto";

export const LABEL = "@layerproof-build@";
export const sha256Hex = (content) => createHash("sha256").update(content).digest("hex");
export const sha256Base64 = (content) => createHash("sha256").update(content).digest("base64");
