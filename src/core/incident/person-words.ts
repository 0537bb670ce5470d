/** Nouns for people who deal with an agent or decide about what it does, as alternatives of a pattern. */
export const PERSONS = [
  "users?|customers?|clients?|consumers?|employees?|staff|workers?|patients?|travell?ers?|passengers?|guests?|callers?|students?|teachers?|parents?",
  "buyers?|sellers?|shoppers?|merchants?|applicants?|candidates?|visitors?|members?|subscribers?|tenants?|citizens?|drivers?|requesters?|senders?",
  "colleagues?|engineers?|developers?|operators?|managers?|supervisors?|reviewers?|approvers?|owners?|humans?|person|people|somebody|someone|nurses?|doctors?|physicians?|pharmacists?|lawyers?|adjusters?|accountants?|recruiters?|account holders?",
].join("|");
