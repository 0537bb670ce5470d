import type { JsonObject } from "../../../src/core/json.ts";
import { bodyOf, json, page, refusal, succeeded } from "./exchange.ts";
import type { GitHub } from "./github.ts";
import { objectAt, textAt } from "./members.ts";
import type { Routes } from "./routes.ts";

const COMMENT = "/repos/:owner/:repo/issues/comments/:comment";
const CONTENTS = ["+1", "-1", "laugh", "confused", "heart", "hooray", "rocket", "eyes"];

/** Reactions to comments: one of a kind from each person. */
export function reactionRoutes(github: GitHub): Routes {
  const reactions: { readonly comment: string; readonly reaction: JsonObject }[] = [];
  const on = (comment: string) =>
    reactions.filter((one) => one.comment === comment).map(({ reaction }) => reaction);

  return {
    [`GET ${COMMENT}/reactions`]: async ({ request, at, query }) => {
      const wanted = query.get("content");
      const found = on(at("comment")).filter(({ content }) => wanted === null || content === wanted);
      const { items, headers } = page(request, found);
      return json(200, [...items], headers);
    },

    [`POST ${COMMENT}/reactions`]: async ({ request, at, pass }) => {
      const path = request.path.replace(/\/reactions$/, "");
      const comment = await pass({ ...request, method: "GET", path, body: "" });
      if (!succeeded(comment)) return comment;
      const content = textAt(bodyOf(request), "content");
      if (!CONTENTS.includes(content)) return refusal(422, "Validation Failed");
      const user = await github.sender(request);
      const standing = on(at("comment")).find(
        (one) => one.content === content && textAt(objectAt(one, "user"), "login") === user.login,
      );
      if (standing !== undefined) return json(200, standing);
      const id = reactions.length + 1;
      const reaction = { id, node_id: `REA_${id}`, user, content, created_at: new Date().toISOString() };
      reactions.push({ comment: at("comment"), reaction });
      return json(201, reaction);
    },

    [`DELETE ${COMMENT}/reactions/:id`]: async ({ at }) => {
      const index = reactions.findIndex(({ reaction }) => String(reaction.id) === at("id"));
      if (index === -1) return refusal(404, "Not Found");
      reactions.splice(index, 1);
      return json(204, null);
    },
  };
}
