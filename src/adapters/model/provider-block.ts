/** Type of the block that keeps what a message of the chat completions API holds beside its text and calls. */
export const OPENAI_BLOCK = "openai_message_fields";
