import { generateKeyPairSync } from "node:crypto";

const RSA_BITS_MIN = 2048;
let made: string | undefined;

/** An RSA private key in PEM form; the same one each time, because making one is slow. */
export function aPrivateKey(): string {
  made ??= generateKeyPairSync("rsa", {
    modulusLength: RSA_BITS_MIN,
    privateKeyEncoding: { type: "pkcs8", format: "pem" },
    publicKeyEncoding: { type: "spki", format: "pem" },
  }).privateKey;
  return made;
}

/** A webhook secret as an operator would make it. */
export const A_WEBHOOK_SECRET = "0f9d6c1b7e5a4832b1c0d9e8f7a6b5c40f9d6c1b7e5a4832b1c0d9e8f7a6b5c4";
