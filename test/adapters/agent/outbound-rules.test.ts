import { expect, test } from "@jest/globals";
import fc from "fast-check";
import { outboundRules } from "../../../src/adapters/agent/outbound-rules.ts";

/** Says why an address may not be reached when its host leads there, or that it may. */
function verdict(allow: readonly string[], address: string, leadsTo: string): string {
  const url = new URL(address);
  const rules = outboundRules(allow);
  return rules.urlProblem(url) ?? rules.addressProblem(leadsTo, url) ?? "allowed";
}

test.each([
  { allow: ["agent.acme.com"], url: "https://agent.acme.com/run", to: "93.184.216.34" },
  { allow: ["agent.acme.com"], url: "https://AGENT.acme.com.:8443/run", to: "2606:2800:220:1::1" },
  { allow: ["*.acme.com"], url: "https://pr-1.preview.acme.com/", to: "93.184.216.34" },
  { allow: ["agent.acme.com:8443"], url: "https://agent.acme.com:8443/", to: "93.184.216.34" },
  { allow: ["agent.acme.com:443"], url: "https://agent.acme.com/", to: "93.184.216.34" },
  { allow: ["10.0.0.5:8080"], url: "http://10.0.0.5:8080/", to: "10.0.0.5" },
  { allow: ["10.0.0.0/8"], url: "http://10.1.2.3/", to: "10.1.2.3" },
  { allow: ["agent.internal", "10.0.0.0/8"], url: "http://agent.internal/", to: "10.9.9.9" },
  { allow: ["agent.internal", "fd00::/8"], url: "http://agent.internal/", to: "fd12::1" },
  { allow: ["localhost:9000"], url: "http://localhost:9000/", to: "127.0.0.1" },
  { allow: ["localhost"], url: "http://localhost:9000/", to: "::1" },
  { allow: ["[::1]:80"], url: "http://[::1]/", to: "::1" },
])("$url to $to is allowed by $allow", ({ allow, url, to }) => {
  expect(verdict(allow, url, to)).toBe("allowed");
});

const LIST = "is not on the list";
const CLOSED = "not on the open internet";
test.each([
  { allow: [], url: "https://agent.acme.com/", to: "93.184.216.34", because: LIST },
  { allow: ["agent.acme.com"], url: "https://evil.com/", to: "93.184.216.34", because: LIST },
  { allow: ["agent.acme.com"], url: "https://agent.acme.com.evil.com/", to: "93.184.216.34", because: LIST },
  { allow: ["*.acme.com"], url: "https://acme.com/", to: "93.184.216.34", because: LIST },
  { allow: ["*.acme.com"], url: "https://evilacme.com/", to: "93.184.216.34", because: LIST },
  { allow: ["agent.acme.com:8443"], url: "https://agent.acme.com/", to: "93.184.216.34", because: LIST },
  { allow: ["agent.acme.com"], url: "ftp://agent.acme.com/", to: "93.184.216.34", because: "its protocol" },
  { allow: ["agent.acme.com"], url: "http://agent.acme.com/", to: "93.184.216.34", because: "no" },
  // A name that is allowed leads nowhere into our own network.
  { allow: ["agent.acme.com"], url: "https://agent.acme.com/", to: "127.0.0.1", because: CLOSED },
  { allow: ["agent.acme.com"], url: "https://agent.acme.com/", to: "169.254.169.254", because: CLOSED },
  { allow: ["agent.acme.com"], url: "https://agent.acme.com/", to: "100.64.0.1", because: CLOSED },
  { allow: ["agent.acme.com"], url: "https://agent.acme.com/", to: "0.0.0.0", because: CLOSED },
  { allow: ["agent.acme.com"], url: "https://agent.acme.com/", to: "::1", because: CLOSED },
  { allow: ["agent.acme.com"], url: "https://agent.acme.com/", to: "::ffff:10.0.0.1", because: CLOSED },
  { allow: ["agent.acme.com"], url: "https://agent.acme.com/", to: "::ffff:7f00:1", because: CLOSED },
  { allow: ["agent.acme.com"], url: "https://agent.acme.com/", to: "64:ff9b::a00:1", because: CLOSED },
  { allow: ["agent.acme.com"], url: "https://agent.acme.com/", to: "2002:a00:1::", because: CLOSED },
  { allow: ["agent.acme.com"], url: "https://agent.acme.com/", to: "fe80::1", because: CLOSED },
  { allow: ["agent.acme.com"], url: "https://agent.acme.com/", to: "fd00::1", because: CLOSED },
  {
    allow: ["agent.acme.com", "10.0.0.0/8"],
    url: "https://agent.acme.com/",
    to: "192.168.0.1",
    because: CLOSED,
  },
  { allow: ["10.0.0.5:8080"], url: "http://10.0.0.5:9090/", to: "10.0.0.5", because: LIST },
  // However an address is written, it is the one that it is.
  { allow: ["agent.acme.com"], url: "http://2130706433/", to: "127.0.0.1", because: LIST },
  { allow: ["agent.acme.com"], url: "http://0x7f.1/", to: "127.0.0.1", because: LIST },
])("$url to $to is refused by $allow", ({ allow, url, to, because }) => {
  expect(verdict(allow, url, to)).toContain(because === "no" ? "it is not an https address" : because);
});

test("no private address is ever reached by a name alone", () => {
  const octet = fc.integer({ min: 0, max: 255 });
  const inside = fc.oneof(
    fc.tuple(fc.constant(10), octet, octet, octet),
    fc.tuple(fc.constant(127), octet, octet, octet),
    fc.tuple(fc.constant(192), fc.constant(168), octet, octet),
    fc.tuple(fc.constant(172), fc.integer({ min: 16, max: 31 }), octet, octet),
    fc.tuple(fc.constant(169), fc.constant(254), octet, octet),
  );
  fc.assert(
    fc.property(inside, fc.boolean(), (bytes, isMapped) => {
      const address = `${isMapped ? "::ffff:" : ""}${bytes.join(".")}`;
      expect(verdict(["agent.acme.com", "*.com"], "https://agent.acme.com/", address)).toContain(CLOSED);
    }),
  );
});
