// A newcomer's first minutes with the TypeScript SDK: upload games, order analyses with options, wait, read; and one error.
import createClient from "openapi-fetch";
import type { components, paths } from "./schema.js";

declare const process: { env: Record<string, string | undefined> };

type Game = components["schemas"]["Game"];

const PENNIES = `NFG 1 R "Pennies from TypeScript" { "Even" "Odd" } { { "H" "T" } { "H" "T" } } ""
1 -1  -1 1  -1 1  1 -1
`;

// It rains once in four days; who sees the sky decides about the umbrella.
const UMBRELLA = JSON.stringify({
  format_name: "maid",
  title: "Umbrella from TypeScript",
  agents: ["Me"],
  nodes: [
    { id: "Sky", type: "chance", domain: ["rain", "sun"] },
    { id: "Take", type: "decision", agent: "Me", domain: ["yes", "no"] },
    { id: "Mood", type: "utility", agent: "Me", domain: [-2, 0, 1] },
  ],
  edges: [
    { source: "Sky", target: "Take" },
    { source: "Sky", target: "Mood" },
    { source: "Take", target: "Mood" },
  ],
  cpds: [
    { node: "Sky", parents: [], values: [["1/4", "3/4"]] },
    { node: "Mood", parents: ["Sky", "Take"], values: [[0, 1, 0, 0], [1, 0, 1, 0], [0, 0, 0, 1]] },
  ],
});

const api = createClient<paths>({ baseUrl: process.env["ROOKERY_URL"] ?? "" });

function check(holds: boolean, what: unknown): asserts holds {
  if (!holds) throw new Error(JSON.stringify(what));
}

async function upload(name: string, content: string): Promise<Game> {
  const uploaded = await api.POST("/api/games/upload", {
    body: { file: content },
    bodySerializer: ({ file }) => {
      const form = new FormData();
      form.append("file", new Blob([file]), name);
      return form;
    },
  });
  check(uploaded.data !== undefined, uploaded);
  return uploaded.data;
}

function players(game: Game): string[] {
  return game.format_name === "maid" ? game.agents : game.players;
}

async function details(game: Game, plugin: string, config: Record<string, unknown>): Promise<unknown> {
  const ordered = await api.POST("/api/tasks", {
    params: { query: { game_id: game.id, plugin, owner: "smoke-typescript" } },
    body: { config },
  });
  check(ordered.data !== undefined, ordered);
  const finished = await api.GET("/api/tasks/{task_id}", {
    params: { path: { task_id: ordered.data.id }, query: { wait: 30 } },
  });
  check(finished.data?.status === "completed", finished);
  return (finished.data.result as { details: unknown }).details;
}

const pennies = await upload("pennies.nfg", PENNIES);
check(pennies.format_name === "normal" && pennies.strategies[1]?.[0] === "H", pennies);
check(players(pennies).join() === "Even,Odd", pennies);

// The only equilibrium: both mix half and half.
const half = { H: "1/2", T: "1/2" };
const found = (await details(pennies, "Nash Equilibrium", { solver: "exhaustive" })) as {
  equilibria: { exact: { strategies: unknown } }[];
};
const strategies = found.equilibria.map((equilibrium) => equilibrium.exact.strategies);
check(JSON.stringify(strategies) === JSON.stringify([{ Even: half, Odd: half }]), strategies);

type Verified = { is_equilibrium: boolean; max_regret: number };
const mixed = (await details(pennies, "Verify Profile", { profile: { Even: half, Odd: half } })) as Verified;
check(mixed.is_equilibrium, mixed);
const heads = { Even: { H: 1 }, Odd: { H: 1 } };
// Odd loses one where it could win one.
const pure = (await details(pennies, "Verify Profile", { profile: heads })) as Verified;
check(!pure.is_equilibrium && pure.max_regret === 2, pure);

const umbrella = await upload("umbrella.json", UMBRELLA);
check(umbrella.format_name === "maid" && players(umbrella).join() === "Me", umbrella);
check(umbrella.nodes.some((node) => node.type === "utility" && node.domain.join() === "-2,0,1"), umbrella);
// Seeing the sky: 0 when it rains, else 1, so 3/4. Not seeing it, the umbrella stays at home for 1/4.
const asked = { decision: "Take", observation: "Sky" };
const worth = (await details(umbrella, "Value of Information", asked)) as { exact: Record<string, unknown> };
check(worth.exact["value_of_information"] === "1/2", worth);

const converted = await api.GET("/api/games/{game_id}/as/{target_format}", {
  params: { path: { game_id: umbrella.id, target_format: "extensive" } },
});
const tree = converted.data;
check(tree?.format_name === "extensive" && tree.nodes[tree.root]?.player === "Chance", converted);
const moods = Object.values(tree.outcomes).map((outcome) => Number(outcome.payoffs["Me"]));
check([...new Set(moods)].sort((a, b) => a - b).join() === "-2,0,1", moods);

for (const game of [pennies, umbrella]) {
  await api.DELETE("/api/games/{game_id}", { params: { path: { game_id: game.id } } });
}
const missing = await api.GET("/api/games/{game_id}", { params: { path: { game_id: pennies.id } } });
check(missing.error?.detail === `Game not found: ${pennies.id}`, missing);
console.log("typescript: ok");
