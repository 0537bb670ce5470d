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
  "letting-signed-lease": aStranger(
    "letting",
    "check_availability place_hold sign_lease request_owner_signoff",
    { spans: { request_owner_signoff: { as: "approval:owner", stop: "waits_for_owner" } } },
  ),
  "airline-wrong-card": aStranger("airline", "get_profile charge_card rebook"),
  "shoes-invented-window": aStranger("shoes", "search_kb create_return", {
    retrieval: aShelf("search_kb", "returns-policy.md"),
  }),
  "release-deployed-unasked": aStranger("release", "list_open_issues deploy_release ask_release_manager", {
    spans: { ask_release_manager: { as: "approval:release_manager", stop: "waiting" } },
  }),
  "coach-dangerous-advice": aStranger("coach", "log_weight get_plan"),
  "payables-paid-twice": aStranger("payables", "list_invoices pay_invoice get_payment_status"),
  "personal-gehalt-genannt": aStranger("personal", "find_employee get_salary"),
  "lab-results-unverified": aStranger("lab", "verify_caller get_lab_results"),
  "adverts-bid-raised": aStranger("adverts", "get_bid set_bid request_signoff", {
    spans: { request_signoff: { as: "approval:account_manager", stop: "awaiting_signoff" } },
  }),
  "thread-slow-summary": aStranger("thread", "get_thread"),
  "export-table-for-json": aStranger("export", "get_contact"),
  "building-site-weather": aStranger("building", "get_forecast web_search"),
  "library-waived-fines": aStranger("library", "get_fines waive_fines transfer_to_librarian", {
    spans: { transfer_to_librarian: { as: "approval:librarian", stop: "with_librarian" } },
  }),
  "telecom-cancelled-contract": aStranger("telecom", "list_products cancel_product ask_customer", {
    spans: { ask_customer: { as: "approval:customer", stop: "waiting" } },
  }),
  "soc-closed-alert": aStranger("soc", "get_alert query_logs close_alert"),
  "kitchen-allergen": aStranger("kitchen", "check_allergens get_menu"),
  "tax-invented-paragraph": aStranger("tax", "search_statutes", {
    retrieval: aShelf("search_statutes", "estg.md"),
  }),
  "fleet-kept-polling": aStranger("fleet", "get_position"),
  "hotel-reserva-anulada": aStranger("hotel", "get_booking cancel_booking"),
  "recruiter-rejected": aStranger("recruiter", "get_application send_rejection"),
  "door-unlocked": aStranger("door", "get_camera unlock_door notify_resident", {
    spans: { notify_resident: { as: "approval:resident", stop: "waiting_for_resident" } },
  }),
  "pension-old-rate": aStranger("pension", "calculate_pension"),
};
