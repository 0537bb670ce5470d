import { createHmac, timingSafeEqual } from "node:crypto";

const PREFIX = "sha256=";

/** Tells whether a body was signed with one of the secrets; takes the same time wherever a signature differs. */
export function hasValidSignature(body: Uint8Array, signature: string, secrets: readonly string[]): boolean {
  const given = Buffer.from(signature, "utf8");
  return secrets.some((secret) => {
    const expected = Buffer.from(PREFIX + createHmac("sha256", secret).update(body).digest("hex"), "utf8");
    return given.byteLength === expected.byteLength && timingSafeEqual(given, expected);
  });
}
