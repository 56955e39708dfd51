// A newcomer's first minute with the TypeScript SDK: upload a game, order its equilibria, wait, read; and one error.
import createClient from "openapi-fetch";
import type { paths } from "./schema.js";

declare const process: { env: Record<string, string | undefined> };
const api = createClient<paths>({ baseUrl: process.env["ROOKERY_URL"]! });

function check(holds: boolean, what: string): asserts holds {
  if (!holds) throw new Error(what);
}

const ordered = await api.POST("/api/tasks", {
  params: { query: { game_id: "prisoners-dilemma", plugin: "Nash Equilibrium", owner: "smoke-typescript" } },
});
check(ordered.data !== undefined, "an order is accepted");

const finished = await api.GET("/api/tasks/{task_id}", {
  params: { path: { task_id: ordered.data.id }, query: { wait: 30 } },
});
check(finished.data?.status === "completed", "the task completes while we wait");

const missing = await api.GET("/api/games/{game_id}", { params: { path: { game_id: "no-such-game" } } });
check(missing.response.status === 404 && missing.error?.detail === "Game not found: no-such-game", "the error is typed");

console.log("typescript: ok");
