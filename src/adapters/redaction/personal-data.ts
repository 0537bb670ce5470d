import { findBankNumbers } from "./bank-numbers.ts";
import { findBirthDates } from "./birth-dates.ts";
import { findEmails } from "./emails.ts";
import type { FoundValue } from "./found-value.ts";
import { findIdentityNumbers } from "./identity-numbers.ts";
import { findNetworkAddresses } from "./network-addresses.ts";
import { findPersonNames } from "./person-names.ts";
import { findPhones } from "./phones.ts";
import { findStreetAddresses } from "./street-addresses.ts";

/** Finds personal data: by a check where its kind has one, else by the words that stand beside it. */
export function findPersonalData(text: string): readonly FoundValue[] {
  const found = [
    ...findEmails(text),
    ...findBankNumbers(text),
    ...findNetworkAddresses(text),
    ...findPhones(text),
    ...findIdentityNumbers(text),
    ...findBirthDates(text),
    ...findStreetAddresses(text),
  ];
  return [...found, ...findPersonNames(text, found)];
}
