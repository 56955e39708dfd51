"""A newcomer's first minutes with the Python SDK: upload games, order analyses with options, wait, read; and one error."""

import os
from io import BytesIO
from typing import Any

from rookery_client import Client
from rookery_client.api.games import convert_game, delete_game, get_game, upload_game
from rookery_client.api.tasks import create_task, get_task
from rookery_client.models import (
    DetailError,
    ExtensiveGame,
    MAIDGame,
    NormalFormGame,
    Task,
    TaskOptions,
    TaskStatus,
    UploadGameBody,
    VegasGame,
)
from rookery_client.types import File, Unset

PENNIES = b"""NFG 1 R "Pennies from Python" { "Even" "Odd" } { { "H" "T" } { "H" "T" } } ""
1 -1  -1 1  -1 1  1 -1
"""

# It rains once in four days; who sees the sky decides about the umbrella.
UMBRELLA = b"""{
  "format_name": "maid", "title": "Umbrella from Python", "agents": ["Me"],
  "nodes": [
    {"id": "Sky", "type": "chance", "domain": ["rain", "sun"]},
    {"id": "Take", "type": "decision", "agent": "Me", "domain": ["yes", "no"]},
    {"id": "Mood", "type": "utility", "agent": "Me", "domain": [-2, 0, 1]}
  ],
  "edges": [
    {"source": "Sky", "target": "Take"}, {"source": "Sky", "target": "Mood"}, {"source": "Take", "target": "Mood"}
  ],
  "cpds": [
    {"node": "Sky", "parents": [], "values": [["1/4", "3/4"]]},
    {"node": "Mood", "parents": ["Sky", "Take"], "values": [[0, 1, 0, 0], [1, 0, 1, 0], [0, 0, 0, 1]]}
  ]
}"""

Game = ExtensiveGame | MAIDGame | NormalFormGame | VegasGame

client = Client(base_url=os.environ["ROOKERY_URL"])


def upload(name: str, content: bytes) -> Game:
    game = upload_game.sync(client=client, body=UploadGameBody(file=File(BytesIO(content), name)))
    assert isinstance(game, Game), game
    return game


def players(game: Game) -> list[str]:
    return game.agents if isinstance(game, MAIDGame) else game.players


def details(game: Game, plugin: str, config: dict[str, Any]) -> Any:
    options = TaskOptions.from_dict({"config": config})
    ordered = create_task.sync(client=client, game_id=game.id, plugin=plugin, owner="smoke-python", body=options)
    assert isinstance(ordered, Task), ordered
    finished = get_task.sync(ordered.id, client=client, wait=30)
    assert isinstance(finished, Task) and finished.status is TaskStatus.COMPLETED, finished
    assert not isinstance(finished.result, Unset)
    return finished.result["details"]


pennies = upload("pennies.nfg", PENNIES)
assert isinstance(pennies, NormalFormGame) and players(pennies) == ["Even", "Odd"], pennies

# The only equilibrium: both mix half and half.
(equilibrium,) = details(pennies, "Nash Equilibrium", {"solver": "exhaustive"})["equilibria"]
half = {player: {"H": "1/2", "T": "1/2"} for player in players(pennies)}
assert equilibrium["exact"]["strategies"] == half, equilibrium
assert details(pennies, "Verify Profile", {"profile": half})["is_equilibrium"]
heads = {player: {"H": 1} for player in players(pennies)}
verified = details(pennies, "Verify Profile", {"profile": heads})
# Odd loses one where it could win one.
assert not verified["is_equilibrium"] and verified["max_regret"] == 2, verified

umbrella = upload("umbrella.json", UMBRELLA)
assert isinstance(umbrella, MAIDGame) and players(umbrella) == ["Me"], umbrella
(mood,) = (node for node in umbrella.nodes if node.id == "Mood")
assert mood.type_ == "utility" and mood.domain == [-2, 0, 1], mood
# Seeing the sky: 0 when it rains, else 1, so 3/4. Not seeing it, the umbrella stays at home for 1/4.
worth = details(umbrella, "Value of Information", {"decision": "Take", "observation": "Sky"})
assert worth["exact"]["value_of_information"] == "1/2", worth

tree = convert_game.sync(umbrella.id, "extensive", client=client)
assert isinstance(tree, ExtensiveGame) and tree.nodes[tree.root].player == "Chance", tree
assert {outcome.payoffs["Me"] for outcome in tree.outcomes.additional_properties.values()} == {-2, 0, 1}, tree

for game in (pennies, umbrella):
    delete_game.sync(game.id, client=client)
missing = get_game.sync(pennies.id, client=client)
assert isinstance(missing, DetailError) and missing.detail == f"Game not found: {pennies.id}", missing
print("python: ok")
