// A newcomer's first minute with the TypeScript SDK: upload a game, order its equilibria, wait, read; and one error.
import createClient from "openapi-fetch";
import type { paths } from "./schema.js";

declare const process: { env: Record<string, string | undefined> };

const MATCHING_PENNIES = `NFG 1 R "Pennies from TypeScript" { "Even" "Odd" } { { "H" "T" } { "H" "T" } } ""
1 -1  -1 1  -1 1  1 -1
`;

const api = createClient<paths>({ baseUrl: process.env["ROOKERY_URL"] ?? "" });

function check(holds: boolean, what: unknown): asserts holds {
  if (!holds) throw new Error(JSON.stringify(what));
}

const uploaded = await api.POST("/api/games/upload", {
  body: { file: MATCHING_PENNIES },
  bodySerializer: ({ file }) => {
    const form = new FormData();
    form.append("file", new Blob([file]), "pennies.nfg");
    return form;
  },
});
check(uploaded.data !== undefined, uploaded);
const game_id = uploaded.data.id;

const ordered = await api.POST("/api/tasks", {
  params: { query: { game_id, plugin: "Nash Equilibrium", owner: "smoke-typescript" } },
});
check(ordered.data !== undefined, ordered);

const finished = await api.GET("/api/tasks/{task_id}", {
  params: { path: { task_id: ordered.data.id }, query: { wait: 30 } },
});
check(finished.data?.status === "completed", finished);
// The only equilibrium: both mix half and half.
const result = finished.data.result as { details: { equilibria: { exact: { strategies: unknown } }[] } };
const strategies = result.details.equilibria.map((equilibrium) => equilibrium.exact.strategies);
const half = { H: "1/2", T: "1/2" };
check(JSON.stringify(strategies) === JSON.stringify([{ Even: half, Odd: half }]), strategies);

await api.DELETE("/api/games/{game_id}", { params: { path: { game_id } } });
const missing = await api.GET("/api/games/{game_id}", { params: { path: { game_id } } });
check(missing.error?.detail === `Game not found: ${game_id}`, missing);
console.log("typescript: ok");
