import { isIP } from "node:net";
import { type FoundValue, groupOf } from "./found-value.ts";

// They name no machine but the one that reads them.
const NOBODYS = new Set(["127.0.0.1", "0.0.0.0", "255.255.255.255", "::1", "::"]);
const NETMASK = /^255\./;
const IPV4 = /(?<![\w.-])\d{1,3}(?:\.\d{1,3}){3}(?!\.?\w|-[a-z])/gi;
const IPV6 = /(?<![\w:.])(?:[0-9a-f]{0,4}:){2,7}[0-9a-f]{0,4}(?:(?<=:)\d{1,3}(?:\.\d{1,3}){3})?(?![\w:])/gi;
const MAC =
  /(?<![\w:.-])[0-9a-f]{2}([:-])(?:[0-9a-f]{2}\1){4}[0-9a-f]{2}(?![\w:-])|(?<![\w.])[0-9a-f]{4}\.[0-9a-f]{4}\.[0-9a-f]{4}(?![\w.])/gi;
const VERSION_BEFORE =
  /(?:\bv|\bver|version|\brelease|\bbuild|\bpatch|\bupdate|\bupgraded? to|\bpackage|\bsection|\bchapter|\bclause|\brule|\bparagraph|§|\bchrome|\bfirefox|\bsafari|\bedge|\bagent|\bnginx|\bopenssl|\bkernel|\bdriver|\bfirmware|\bpython|\bnode|\bsdk|\blibrary|\bpinned to|\bpunkt|\babschnitt|\bkapitel)[\s/:=.@]{0,3}$/i;
const BEFORE_LENGTH = 20;

/** Finds addresses of machines, IP and MAC, public or private; versions of four numbers stay. */
export function findNetworkAddresses(text: string): readonly FoundValue[] {
  const addresses = [...text.matchAll(IPV4), ...text.matchAll(IPV6)].flatMap((match) => {
    const address = match[0].toLowerCase();
    const isVersion = VERSION_BEFORE.test(text.slice(Math.max(0, match.index - BEFORE_LENGTH), match.index));
    // Two colons between letters are a scope in many languages.
    const isAddress = isIP(address) === 4 || (isIP(address) === 6 && /\d/.test(address));
    if (!isAddress || isVersion || NOBODYS.has(address) || NETMASK.test(address)) return [];
    return [groupOf(match, "ip", match[0], address)];
  });
  const macs = [...text.matchAll(MAC)].flatMap((match) => {
    const key = match[0].replace(/[:.-]/g, "").toLowerCase();
    // Rows of two digits with hyphens may count anything.
    return /[a-f]/.test(key) ? [groupOf(match, "mac", match[0], key)] : [];
  });
  return [...addresses, ...macs];
}
