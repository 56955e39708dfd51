//! The fields of an extensive-form game in JSON: `root`, `nodes` and `outcomes`, linked by their ids.

use std::collections::HashMap;

use super::json_fields::{Fields, entries, label, list, number, text};
use super::json_game::Shared;
use super::json_text::{Field, Json};
use super::position::Source;
use super::{ParseError, chance};
use crate::game::{
    Action, CHANCE, ExtensiveGame, ExtensiveParts, Game, InformationSet, InfosetId, Mover, Node,
    NodeId, Outcome, OutcomeId, Place, PlayerId, Target, Text,
};

pub fn read(shared: Shared<'_>, mut fields: Fields<'_, '_>) -> Result<Game, ParseError> {
    let Shared {
        source,
        limits,
        meta,
        players,
    } = shared;
    let offset = fields.offset;
    let root = fields.required("root")?;
    let nodes = entries(source, fields.required("nodes")?, "nodes")?;
    let outcomes = entries(source, fields.required("outcomes")?, "outcomes")?;
    fields.optional("efg_content");
    fields.optional("maid_to_efg_nodes");
    fields.finish()?;
    if nodes.len() + outcomes.len() > limits.nodes {
        return Err(source.error(
            offset,
            format!("the game has more than {} nodes and outcomes", limits.nodes),
        ));
    }
    let mut targets = HashMap::with_capacity(nodes.len() + outcomes.len());
    for (number, field) in nodes.iter().enumerate() {
        targets.insert(field.key.as_ref(), Target::Node(NodeId::new(number)));
    }
    for (number, field) in outcomes.iter().enumerate() {
        if targets
            .insert(field.key.as_ref(), Target::Outcome(OutcomeId::new(number)))
            .is_some()
        {
            return Err(source.error(
                field.key_offset,
                format!("the id `{}` is used twice", field.key),
            ));
        }
    }
    let parts = ExtensiveParts {
        meta,
        players,
        ..ExtensiveParts::default()
    };
    let mut reader = Reader {
        source,
        targets,
        parts,
        sets: HashMap::new(),
        action_offsets: Vec::new(),
    };
    reader.parts.root = Some(reader.target(root, "root")?);
    for field in outcomes {
        reader.outcome(field)?;
    }
    for field in nodes {
        reader.node(field)?;
    }
    let Reader {
        parts,
        action_offsets,
        ..
    } = reader;
    let game = ExtensiveGame::new(parts).map_err(|defect| {
        let at = match defect.place {
            Place::Players => offset,
            Place::Root => root.offset,
            Place::Node(node) => nodes[node].value.offset,
            Place::Action(node, action) => action_offsets[node][action],
            Place::Outcome(outcome) => outcomes[outcome].value.offset,
        };
        source.error(at, defect.what)
    })?;
    Ok(Game::Extensive(game))
}

struct Reader<'s> {
    source: &'s Source<'s>,
    targets: HashMap<&'s str, Target>,
    parts: ExtensiveParts,
    /// Named information sets with the labels of their first node.
    sets: HashMap<String, (InfosetId, Vec<Text>)>,
    action_offsets: Vec<Vec<usize>>,
}

impl Reader<'_> {
    fn target(&self, json: &Json<'_>, what: &str) -> Result<Target, ParseError> {
        let id = text(self.source, json, what)?;
        let missing = || {
            self.source
                .error(json.offset, format!("there is no node or outcome `{id}`"))
        };
        self.targets.get(id.as_str()).copied().ok_or_else(missing)
    }

    fn outcome(&mut self, field: &Field<'_>) -> Result<(), ParseError> {
        let mut fields = Fields::of(self.source, &field.value, "an outcome")?;
        let label = fields
            .text("label")?
            .unwrap_or_else(|| field.key.clone().into_owned());
        let given = fields.required("payoffs")?;
        fields.finish()?;
        let mut payoffs = vec![None; self.parts.players.len()];
        for entry in entries(self.source, given, "payoffs")? {
            let Some(player) = self
                .parts
                .players
                .iter()
                .position(|name| *name == entry.key)
            else {
                return Err(self.source.error(
                    entry.key_offset,
                    format!(
                        "outcome `{}` pays `{}`, who is no player",
                        field.key, entry.key
                    ),
                ));
            };
            payoffs[player] = Some(number(self.source, &entry.value, "payoffs")?);
        }
        if let Some(player) = payoffs.iter().position(Option::is_none) {
            let what = format!(
                "outcome `{}` has no payoff for player `{}`",
                field.key, self.parts.players[player]
            );
            return Err(self.source.error(given.offset, what));
        }
        let payoffs = payoffs.into_iter().flatten().collect();
        self.parts.outcomes.push(Outcome {
            id: field.key.as_ref().into(),
            label: label.into(),
            payoffs,
        });
        Ok(())
    }

    fn node(&mut self, field: &Field<'_>) -> Result<(), ParseError> {
        let source = self.source;
        let at = field.value.offset;
        let mut fields = Fields::of(source, &field.value, "a node")?;
        let id = fields
            .text("id")?
            .unwrap_or_else(|| field.key.clone().into_owned());
        if id != field.key {
            return Err(source.error(
                at,
                format!("the node under the key `{}` calls itself `{id}`", field.key),
            ));
        }
        let player = text(source, fields.required("player")?, "player")?;
        let choices = fields.required("actions")?;
        let set = fields.text("information_set")?;
        let outcome = match fields.optional("outcome") {
            None => None,
            Some(json) => match self.target(json, "outcome")? {
                Target::Outcome(outcome) => Some(outcome),
                Target::Node(_) => {
                    return Err(
                        source.error(json.offset, "the `outcome` of a node must be an outcome")
                    );
                }
            },
        };
        let label = fields.text("label")?.unwrap_or_default();
        let mut warning = fields.text("warning")?;
        fields.finish()?;
        let mut offsets = Vec::new();
        let mut actions = Vec::new();
        for choice in list(source, choices, "actions")? {
            offsets.push(choice.offset);
            actions.push(self.action(choice)?);
        }
        let mover = if player == CHANCE {
            if let Some(settled) =
                settle_chance(&mut actions).map_err(|what| source.error(choices.offset, what))?
            {
                warning = Some(settled);
            }
            Mover::Chance
        } else {
            let position = self.parts.players.iter().position(|name| *name == player);
            let position = position.ok_or_else(|| {
                source.error(
                    at,
                    format!("node `{id}` belongs to `{player}`, who is no player"),
                )
            })?;
            Mover::Infoset(
                self.set(set, PlayerId::new(position), &mut actions)
                    .map_err(|what| source.error(at, what))?,
            )
        };
        self.action_offsets.push(offsets);
        self.parts.nodes.push(Node {
            id: id.into(),
            label: label.into(),
            mover,
            actions,
            outcome,
            warning: warning.map(|text| Box::new(text.into())),
        });
        Ok(())
    }

    fn action(&self, json: &Json<'_>) -> Result<Action, ParseError> {
        let mut fields = Fields::of(self.source, json, "an action")?;
        let label = label(self.source, fields.required("label")?, "label")?;
        let target = self.target(fields.required("target")?, "target")?;
        let probability = fields.number("probability")?;
        let warning = fields.text("warning")?;
        fields.finish()?;
        Ok(Action {
            label: label.into(),
            target,
            probability,
            warning: warning.map(|text| Box::new(text.into())),
        })
    }

    /// The information set of a node; its actions are put in the order that they have at the set's first node.
    fn set(
        &mut self,
        name: Option<String>,
        player: PlayerId,
        actions: &mut [Action],
    ) -> Result<InfosetId, String> {
        let next = InfosetId::new(self.parts.infosets.len());
        let Some(name) = name else {
            self.parts
                .infosets
                .push(InformationSet { id: None, player });
            return Ok(next);
        };
        let Some((set, labels)) = self.sets.get(&name) else {
            let labels = actions.iter().map(|action| action.label.clone()).collect();
            self.parts.infosets.push(InformationSet {
                id: Some(name.as_str().into()),
                player,
            });
            self.sets.insert(name, (next, labels));
            return Ok(next);
        };
        if self.parts.infosets[set.index()].player != player {
            return Err(format!("information set `{name}` has nodes of two players"));
        }
        let places: HashMap<&str, usize> = labels
            .iter()
            .enumerate()
            .map(|(place, label)| (label.as_str(), place))
            .collect();
        if labels.len() != actions.len()
            || actions
                .iter()
                .any(|action| !places.contains_key(action.label.as_str()))
        {
            return Err(format!(
                "the nodes of information set `{name}` have different actions"
            ));
        }
        actions.sort_by_key(|action| places[action.label.as_str()]);
        Ok(*set)
    }
}

fn settle_chance(actions: &mut [Action]) -> Result<Option<String>, String> {
    let given: Option<Vec<_>> = actions
        .iter()
        .map(|action| action.probability.clone())
        .collect();
    let mut probabilities = given.ok_or("every action of a chance node needs a `probability`")?;
    let warning = chance::settle(&mut probabilities)?;
    for (action, probability) in actions.iter_mut().zip(probabilities) {
        action.probability = Some(probability);
    }
    Ok(warning)
}
