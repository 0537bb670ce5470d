import type { Agent } from "../../src/core/agent/agent.ts";
import { anAgent } from "./models.ts";
import { aToolList } from "./postmortem.ts";

type Rules = Pick<Agent, "spans" | "retrieval">;

function aStranger(name: string, tools: string, rules: Partial<Rules> = {}): Agent {
  return anAgent({
    name,
    tools: aToolList(tools.split(" ")),
    spans: rules.spans ?? {},
    retrieval: rules.retrieval,
  });
}

function aShelf(tool: string, source: string): Agent["retrieval"] {
  return { tool, documents: [{ source, content: "What the document says." }] };
}

/** Agents of trades that have nothing in common, by the incident that is told of them in `strangers/`. */
export const STRANGERS: Readonly<Record<string, Agent>> = {
  "travel-booked-without-asking": aStranger("travel", "search_flights book_flight ask_traveller", {
    spans: { ask_traveller: { as: "approval:traveller", stop: "waiting_for_traveller" } },
  }),
  "bank-wrong-customer": aStranger("teller", "get_session get_balance transfer_funds"),
  "hr-invented-leave": aStranger("hr-buddy", "search_handbook open_ticket", {
    retrieval: aShelf("search_handbook", "leave-policy.md"),
  }),
  "clinic-cancelled-instead": aStranger(
    "scheduler",
    "find_appointment reschedule_appointment cancel_appointment",
  ),
  "devops-restart-loop": aStranger("ops", "get_status restart_service page_oncall"),
  "shop-broken-json": aStranger("orders", "get_order"),
  "crm-expensive-report": aStranger("crm", "get_account query_pipeline"),
  "legal-missed-clause": aStranger("counsel", "search_contracts", {
    retrieval: aShelf("search_contracts", "meridian-lease.md"),
  }),
  "helpdesk-passwort": aStranger(
    "helpdesk",
    "find_employee verify_identity reset_password request_approval",
    { spans: { request_approval: { as: "approval:manager", stop: "waits_for_manager" } } },
  ),
  "boutique-remboursement": aStranger("boutique", "get_order refund_order request_approval", {
    spans: { request_approval: { as: "approval:responsable", stop: "attend_responsable" } },
  }),
  "devops-dropped-table": aStranger("dba", "list_tables drop_table ask_oncall", {
    spans: { ask_oncall: { as: "approval:oncall" } },
  }),
  "crm-mass-mail": aStranger("sales", "list_contacts create_draft send_campaign", {
    spans: { send_campaign: { as: "message:campaign" } },
  }),
  "support-injected-ticket": aStranger("support", "read_ticket issue_voucher"),
  "insurance-large-claim": aStranger("claims", "get_claim approve_claim escalate_to_adjuster", {
    spans: { escalate_to_adjuster: { as: "approval:adjuster", stop: "with_adjuster" } },
  }),
  "pharmacy-no-interaction-check": aStranger("pharma", "get_profile check_interactions refill_prescription"),
  "logistics-double-shipment": aStranger("shipping", "get_order create_shipment"),
  "delivery-slow-answer": aStranger("pizza", "track_order search_help"),
  "tutor-wrong-language": aStranger("tutor", "get_calendar"),
  "energy-wrong-meter": aStranger("metering", "list_meters submit_reading"),
  "hotel-leaked-guest": aStranger("concierge", "get_guest take_message"),
};
