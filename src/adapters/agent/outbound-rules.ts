import { BlockList, isIP } from "node:net";

/** What an address is allowed by. */
export interface OutboundRules {
  /** Says why nothing may be sent to an address of the web, or undefined where it may. */
  readonly urlProblem: (url: URL) => string | undefined;
  /** Says why no connection may be made to a resolved address, or undefined where it may. */
  readonly addressProblem: (address: string, url: URL) => string | undefined;
}

/** Networks that are nobody's on the open internet: private, shared, loopback, link-local, documentation, multicast. */
const CLOSED_V4 = [
  ["0.0.0.0", 8],
  ["10.0.0.0", 8],
  ["100.64.0.0", 10],
  ["127.0.0.0", 8],
  ["169.254.0.0", 16],
  ["172.16.0.0", 12],
  ["192.0.0.0", 24],
  ["192.0.2.0", 24],
  ["192.88.99.0", 24],
  ["192.168.0.0", 16],
  ["198.18.0.0", 15],
  ["198.51.100.0", 24],
  ["203.0.113.0", 24],
  ["224.0.0.0", 3],
] as const;
/** In IPv6 only 2000::/3 is given out; in it Teredo, ORCHID, documentation and 6to4 lead somewhere else. */
const OPEN_V6 = ["2000::", 3] as const;
const CLOSED_V6 = [
  ["2001::", 23],
  ["2001:db8::", 32],
  ["2002::", 16],
  ["3fff::", 20],
] as const;

/**
 * Makes the rules of an allow-list: host names, `*.` for all below one, addresses and networks such as 10.0.0.0/8, each
 * but networks with or without a port. A name alone allows no private address: that takes the address or its network
 * beside it, so that whoever answers for the name cannot lead a request into our own network.
 */
export function outboundRules(allow: readonly string[]): OutboundRules {
  const entries = allow.map(readEntry);
  const named = (url: URL): boolean =>
    entries.some(
      (entry) => fitsPort(entry, url) && (fitsHost(entry.host, hostOf(url)) || covers(entry, hostOf(url))),
    );
  const allowsAddress = (address: string, url: URL): boolean =>
    entries.some((entry) => fitsPort(entry, url) && covers(entry, address));
  return {
    urlProblem: (url) => {
      if (url.protocol !== "https:" && url.protocol !== "http:") return `its protocol is ${url.protocol}`;
      return named(url) ? undefined : `the host ${url.host} is not on the list \`OUTBOUND_ALLOW\``;
    },
    addressProblem: (address, url) => {
      if (allowsAddress(address, url)) return undefined;
      if (!isOpen(address)) {
        return `${url.hostname} leads to ${address}, which is not on the open internet; if it is meant, add the address or its network to \`OUTBOUND_ALLOW\``;
      }
      // A token and what a case holds are not sent through the open internet for everybody to read.
      return url.protocol === "https:" ? undefined : "it is not an https address";
    },
  };
}

/** One entry of the list, taken apart. */
interface Entry {
  readonly host: string;
  readonly port: string | undefined;
  readonly network: BlockList | undefined;
}

function readEntry(text: string): Entry {
  const [network, prefix] = text.split("/");
  if (network !== undefined && prefix !== undefined) {
    return { host: "", port: undefined, network: networkOf(bare(network), Number(prefix)) };
  }
  const match = /^(\[[^\]]*\]|[^:]*)(?::(\d+))?$/.exec(text);
  const host = bare(match?.[1] ?? text);
  const address =
    host === "localhost"
      ? ["127.0.0.0/8", "::1/128"]
      : isIP(host) === 0
        ? []
        : [`${host}/${isIP(host) === 4 ? 32 : 128}`];
  const list = new BlockList();
  for (const one of address) {
    const [base = "", bits] = one.split("/");
    list.addSubnet(base, Number(bits), familyOf(base));
  }
  return { host, port: match?.[2], network: address.length === 0 ? undefined : list };
}

function networkOf(address: string, prefix: number): BlockList {
  const list = new BlockList();
  list.addSubnet(address, prefix, familyOf(address));
  return list;
}

function fitsPort({ port }: Entry, url: URL): boolean {
  return port === undefined || port === portOf(url);
}

function portOf(url: URL): string {
  return url.port !== "" ? url.port : url.protocol === "https:" ? "443" : "80";
}

function fitsHost(pattern: string, host: string): boolean {
  if (pattern === "") return false;
  return pattern.startsWith("*.") ? host.endsWith(pattern.slice(1)) : host === pattern;
}

function covers({ network }: Entry, address: string): boolean {
  return network !== undefined && isIP(address) !== 0 && network.check(address, familyOf(address));
}

const closed = new BlockList();
for (const [address, prefix] of CLOSED_V4) closed.addSubnet(address, prefix, "ipv4");
for (const [address, prefix] of CLOSED_V6) closed.addSubnet(address, prefix, "ipv6");
const openV6 = networkOf(...OPEN_V6);

/** Tells addresses of the open internet; an IPv4 address in the dress of IPv6 is none. */
function isOpen(address: string): boolean {
  const family = isIP(address);
  if (family === 4) return !closed.check(address, "ipv4");
  return family === 6 && openV6.check(address, "ipv6") && !closed.check(address, "ipv6");
}

function familyOf(address: string): "ipv4" | "ipv6" {
  return isIP(address) === 6 ? "ipv6" : "ipv4";
}

/** The host as the list writes it: without the brackets of IPv6 and the final dot of a whole name. */
function hostOf(url: URL): string {
  return bare(url.hostname).replace(/\.$/, "");
}

function bare(host: string): string {
  return host.replace(/^\[|\]$/g, "");
}
