"""A newcomer's first minute with the Python SDK: upload a game, order its equilibria, wait, read; and one error."""

import os
from io import BytesIO

from rookery_client import Client
from rookery_client.api.games import delete_game, get_game, upload_game
from rookery_client.api.tasks import create_task, get_task
from rookery_client.models import DetailError, Game, Task, TaskStatus, UploadGameBody
from rookery_client.types import File, Unset

MATCHING_PENNIES = b"""NFG 1 R "Pennies from Python" { "Even" "Odd" } { { "H" "T" } { "H" "T" } } ""
1 -1  -1 1  -1 1  1 -1
"""

client = Client(base_url=os.environ["ROOKERY_URL"])

game = upload_game.sync(client=client, body=UploadGameBody(file=File(BytesIO(MATCHING_PENNIES), "pennies.nfg")))
assert isinstance(game, Game), game

ordered = create_task.sync(client=client, game_id=game.id, plugin="Nash Equilibrium", owner="smoke-python")
assert isinstance(ordered, Task), ordered

finished = get_task.sync(ordered.id, client=client, wait=30)
assert isinstance(finished, Task) and finished.status is TaskStatus.COMPLETED, finished
# The only equilibrium: both mix half and half.
assert not isinstance(finished.result, Unset)
(equilibrium,) = finished.result["details"]["equilibria"]
assert equilibrium["exact"]["strategies"] == {player: {"H": "1/2", "T": "1/2"} for player in ("Even", "Odd")}, equilibrium

delete_game.sync(game.id, client=client)
missing = get_game.sync(game.id, client=client)
assert isinstance(missing, DetailError) and missing.detail == f"Game not found: {game.id}", missing
print("python: ok")
