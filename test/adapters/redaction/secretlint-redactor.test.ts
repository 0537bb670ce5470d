import { describe, expect, test } from "@jest/globals";
import fc from "fast-check";
import { makeSecretlintRedactor } from "../../../src/adapters/redaction/secretlint-redactor.ts";

// Written in halves, so that no scanner takes this file for a leak.
const GITHUB = ["ghp_", "a1B2".repeat(9)].join("");
const AWS_ID = ["AKIA", "IOSFODNN7QWERTYU"].join("");
const ANTHROPIC = ["sk-ant-", "api03-", "aB3_".repeat(23), "QAAA"].join("");
const OPENAI = ["sk-", "proj-", "aB3d".repeat(10)].join("");
const GOOGLE = ["AIza", "SyA1b2C3d4E5f6G7h8I9j0K1l2M3n4O5p6q"].join("");
const JWT = ["eyJhbGciOiJIUzI1NiJ9", "eyJzdWIiOiIxMjM0NTY3ODkwIn0", "c2lnbmF0dXJlLWhlcmU"].join(".");
const KEY_BEGIN = ["-----BEGIN RSA", "PRIVATE KEY-----"].join(" ");

const redactor = makeSecretlintRedactor();

async function redact(text: string): Promise<string> {
  return (await redactor.redact([text])).texts[0] ?? "";
}

describe("a secret is replaced", () => {
  test.each([
    ["GitHub token", `key ${GITHUB} end`, "key [secret-1] end"],
    ["AWS access key ID", `id ${AWS_ID} end`, "id [secret-1] end"],
    ["Anthropic key", `k=${ANTHROPIC}`, "k=[secret-1]"],
    ["OpenAI key", `use ${OPENAI}`, "use [secret-1]"],
    ["Google key", `use ${GOOGLE}`, "use [secret-1]"],
    ["JSON Web Token", `token ${JWT}.`, "token [secret-1]."],
    ["JSON Web Token cut before its signature", JWT.split(".").slice(0, 2).join("."), "[secret-1]"],
    ["bearer token", "Authorization: Bearer abcdefghijklmnop", "Authorization: Bearer [secret-1]"],
    ["connection string", "postgres://bob:s3cretpw@db.acme.com:5432/x", "[secret-1]"],
    ["password in an address", "redis://u:pw12@cache", "redis://u:[secret-1]@cache"],
    ["assignment", "password=hunter22!", "password=[secret-1]"],
    ["quoted assignment", 'api_key: "correct horse"', 'api_key: "[secret-1]"'],
    ["assignment in escaped JSON", '{\\"password\\":\\"hunter22\\"}', '{\\"password\\":\\"[secret-1]\\"}'],
    [
      "private key cut short",
      `${KEY_BEGIN}\nMIIEpAIBAAKCAQEA\n\nNext line of prose.`,
      "[secret-1]\n\nNext line of prose.",
    ],
    ["secret split by a zero-width space", `k ${GITHUB.slice(0, 6)}\u200b${GITHUB.slice(6)}`, "k [secret-1]"],
    ["secret in a quote", `> ${GITHUB}`, "> [secret-1]"],
    ["secret in a table", `| a | ${GITHUB} |`, "| a | [secret-1] |"],
    [
      "secret in Base64 beside itself",
      `${GITHUB} ${Buffer.from(GITHUB).toString("base64")}`,
      "[secret-1] [secret-1]",
    ],
    [
      "secret that is repeated on its own",
      "password=hunter22! then hunter22! again",
      "password=[secret-1] then [secret-1] again",
    ],
  ])("%s", async (_, text, redacted) => {
    expect(await redact(text)).toBe(redacted);
  });

  test.each([
    "secretlint-disable",
    "// secretlint-disable",
    "# secretlint-disable",
    "<!-- secretlint-disable -->",
    "secretlint-disable-next-line",
    "/* secretlint-disable */",
  ])("even after %s", async (comment) => {
    expect(await redact(`${comment}\n${GITHUB} secretlint-disable-line`)).not.toContain(GITHUB);
  });
});

describe("personal data is replaced", () => {
  test.each([
    ["e-mail", "write to Jane.Doe@example.com.", "write to [email-1]."],
    ["e-mail in brackets", "<jane+x@mail.example.co.uk>", "<[email-1]>"],
    ["international phone", "call +1 212 555 0123 now", "call [phone-1] now"],
    ["national phone", "call (212) 555-0147 or 415-555-2671", "call [phone-1] or [phone-2]"],
    ["phone in a list", "+49 30 901820, 10.20.4.17, 3 seats", "[phone-1], [ip-1], 3 seats"],
    ["phone before a number", "+1 415 555 2671, 3 seats", "[phone-1], 3 seats"],
    ["phone with its extension", "+1 415 555 2671 ext. 204 now", "[phone-1] now"],
    ["phone that a word announces", "Tel: 030 1234567", "Tel: [phone-1]"],
    ["card", "4111 1111 1111 1111", "[card-1]"],
    ["IBAN", "DE89 3704 0044 0532 0130 00 AND more", "[iban-1] AND more"],
    ["IP v4", "from 192.168.1.20, port 80", "from [ip-1], port 80"],
    ["IP v6", "from 2001:db8::1 on", "from [ip-1] on"],
  ])("%s", async (_, text, redacted) => {
    expect(await redact(text)).toBe(redacted);
  });
});

test.each([
  "order ord_redacted, 88-1042, 4155552671",
  "INC-2026-04-18-017 on 2026-04-18 at 12:30:45",
  "version 1.2.3.4 and v10.0.0.1, 127.0.0.1, 0.0.0.0",
  "@acme/agent-quality owns it",
  "Password: required. The token is missing. password: reset by support",
  "token_count: 12345678, max_tokens=4096",
  "api_key=$API_KEY password=process.env.PASSWORD secret=<redacted> token: [secret-1]",
  "std::vector and a::b at 12:34:56",
  "1234 5678 9012 3456 is no card",
  "1a2b3c4d5e6f7890a1b2c3d4e5f60718293a4b5c is a commit",
])("leaves alone: %s", async (text) => {
  expect(await redact(text)).toBe(text);
});

describe("placeholders", () => {
  test("are the same for the same value, over all texts of a call", async () => {
    const { texts, counts } = await redactor.redact([
      "jane@acme.com wrote",
      "JANE@acme.com and bob@acme.com",
      "+1 212-555-0123",
      "+12125550123",
    ]);
    expect(texts).toEqual(["[email-1] wrote", "[email-1] and [email-2]", "[phone-1]", "[phone-1]"]);
    expect(counts).toEqual({ email: 3, phone: 2 });
  });

  test("that stand in a text already stay, and are given to no other value", async () => {
    expect(await redact("[email-1] and x@acme.com, y@acme.com [email-3]")).toBe(
      "[email-1] and [email-2], [email-4] [email-3]",
    );
  });

  test("tell nothing where there is nothing to tell", async () => {
    expect(await redactor.redact(["", "all fine"])).toEqual({ texts: ["", "all fine"], counts: {} });
  });
});

const values = [
  "jane@acme.com",
  "+1 212 555 0123",
  "4111111111111111",
  "DE89370400440532013000",
  "10.1.2.3",
  GITHUB,
  ANTHROPIC,
  JWT,
  "password=hunter22",
];
const pieces = fc.oneof(
  fc.constantFrom(...values),
  fc.constantFrom(
    " ",
    "\n",
    ".",
    ",",
    ":",
    "-",
    "@",
    "/",
    "=",
    '"',
    "secretlint-disable",
    "[email-1]",
    "Bearer ",
    "token=",
    "-----BEGIN PRIVATE KEY-----",
  ),
  fc.string({ maxLength: 12 }),
);
const hostileText = fc.array(pieces, { maxLength: 12 }).map((parts) => parts.join(""));

test("redacting twice changes nothing more", async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(hostileText, { maxLength: 3 }), async (texts) => {
      const once = (await redactor.redact(texts)).texts;
      expect(await redactor.redact(once)).toEqual({ texts: once, counts: {} });
    }),
    { numRuns: 150 },
  );
});

const words = fc.array(
  fc.constantFrom(...values, "and", "order 88-1042", "(", "secretlint-disable", "2026-04-18", "12"),
  { maxLength: 6 },
);

test("nothing that is found remains, whatever stands beside it", async () => {
  await fc.assert(
    fc.asyncProperty(words, fc.constantFrom(...values), words, async (before, value, after) => {
      expect(await redact([...before, value, ...after].join(" "))).not.toContain(value);
    }),
    { numRuns: 300 },
  );
});

test.each([
  "a",
  "@",
  "a@",
  "1",
  "1 ",
  "1.",
  "+1",
  ":",
  "eyJhbGciOi.",
  "DE89 ",
  "-",
  KEY_BEGIN,
  "password=",
  "Bearer ",
  "phone: 1",
  "a\u200b",
  "[email-1]",
  "[email-1] a@b.co ",
  "http://a:",
  "A'",
  "A.",
  "Maria ",
  "a ",
])("a body of nothing but %j is read", async (piece) => {
  const text = piece.repeat(20_000 / piece.length);
  expect((await redact(text)).length).toBeLessThanOrEqual(text.length * 2);
});

describe("the same value has the same placeholder however it is written", () => {
  test.each([
    [
      "email",
      ["jane@acme.com", "JANE@ACME.COM", "jane%40acme.com", "jane&#64;acme.com", "jane\\u0040acme.com"],
    ],
    ["card", ["4539148803436467", "4539 1488 0343 6467", "4539-1488-0343-6467"]],
    ["phone", ["+49 30 901820", "+4930901820", "+49 (30) 901820"]],
    ["iban", ["DE89 3704 0044 0532 0130 00", "DE89370400440532013000"]],
    ["ip", ["84.132.17.9", "\uff18\uff14.132.17.9"]],
    ["secret", [GITHUB, Buffer.from(GITHUB).toString("base64")]],
  ])("%s", async (kind, writings) => {
    expect(await redact(writings.join(" "))).toBe(writings.map(() => `[${kind}-1]`).join(" "));
  });

  test("a name by its parts too, and in every text of the call", async () => {
    const { texts } = await redactor.redact([
      "The customer Maria Gonzalez called.",
      "Gonzalez was angry; Maria hung up.",
    ]);
    expect(texts).toEqual(["The customer [person-1] called.", "[person-1] was angry; [person-1] hung up."]);
  });

  test("also where a limit has cut it off", async () => {
    const { texts } = await redactor.redact([
      "write to jane.longname@department.acme.com",
      "to jane.longname@dep",
    ]);
    expect(texts).toEqual(["write to [email-1]", "to [email-1]"]);
  });
});

describe("what a repository allows stands", () => {
  const allowed = ["support@acme.com", GITHUB, { pattern: "test-\\d+@acme\\.com" }, { pattern: "(a+)+b" }];
  const redactAllowed = async (text: string) => (await redactor.redact([text], allowed)).texts[0];

  test.each([
    ["a value in its exact letters", "support@acme.com", "support@acme.com"],
    ["a value under a pattern", "test-17@acme.com", "test-17@acme.com"],
    ["not one that only holds such a value", "x-test-17@acme.com", "[email-1]"],
    ["not one in other letters", "Support@acme.com.au", "[email-1]"],
    ["a secret in its exact letters", `key ${GITHUB}`, `key ${GITHUB}`],
  ])("%s", async (_, text, redacted) => {
    expect(await redactAllowed(text)).toBe(redacted);
  });

  test("and no pattern lets a secret stand", async () => {
    const { texts } = await redactor.redact([`key ${GITHUB}`], [{ pattern: "ghp_.*" }]);
    expect(texts).toEqual(["key [secret-1]"]);
  });
});

test("more than can be looked through is refused, and nothing of it comes back", async () => {
  const half = "a ".repeat(400_000);
  await expect(redactor.redact([half, half])).rejects.toMatchObject({
    name: "ExternalFailure",
    system: "redaction",
    retryable: false,
    message: expect.stringContaining("1600000 characters"),
  });
});

test.each([
  ["link target", `[here](https://acme.example/x?token=${JWT})`],
  ["image text", `![of jane@acme.com](a.png)`],
  ["info string of a fence", `\`\`\`${GITHUB}\nx\n\`\`\``],
  ["anchor of YAML", `a: &${GITHUB} 1\nb: *${GITHUB}`],
  ["key of front matter", `---\n${AWS_ID}: 1\n---`],
  ["name of a file", `trace-jane@acme.com-${AWS_ID}.jsonl`],
  ["heading", `### ${GITHUB}`],
  ["reference", `[1]: https://u:hunter22@acme.example "jane@acme.com"`],
  ["comment", `<!-- ${GITHUB} jane@acme.com -->`],
  ["check box", `- [x] ${GITHUB}`],
  ["attribute", `<img alt="jane@acme.com" src="https://x.example/?sig=${JWT}">`],
])("nothing gets past in a %s", async (_, text) => {
  const redacted = await redact(text);
  for (const value of [GITHUB, AWS_ID, JWT, "jane@acme.com", "hunter22"])
    expect(redacted).not.toContain(value);
});
