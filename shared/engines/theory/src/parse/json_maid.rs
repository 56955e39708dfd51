//! The fields of an influence diagram in JSON: lists of typed `nodes`, of `edges` and of tables (`cpds`).

use std::collections::HashMap;

use super::chance::settle;
use super::json_fields::{Fields, list, number, text, texts};
use super::json_game::Shared;
use super::json_text::{Json, Kind};
use super::position::Source;
use super::{Limits, ParseError};
use crate::game::{
    DomainValue, Game, MaidGame, MaidKind, MaidNode, MaidParts, MaidPlace, PlayerId, TabularCpd,
};
use crate::rational::Rational;

/// Tables may be written in three ways beside the usual one (a row per value of the node, a column per configuration of its parents,
/// the first parent's value most significant): the distribution of a node without parents as one row; that of a chance node
/// without a `domain`, whose values are then counted from 0; and the payoffs of a utility node without a `domain` as one row.
pub fn read(shared: Shared<'_>, mut fields: Fields<'_, '_>) -> Result<Game, ParseError> {
    let Shared {
        source,
        limits,
        meta,
        players,
    } = shared;
    let offset = fields.offset;
    let nodes = list(source, fields.required("nodes")?, "nodes")?;
    let edges = match fields.optional("edges") {
        None => &[],
        Some(edges) => list(source, edges, "edges")?,
    };
    let cpds = match fields.optional("cpds") {
        None => &[],
        Some(cpds) => list(source, cpds, "cpds")?,
    };
    fields.finish()?;
    if nodes.len() > limits.nodes || edges.len() > limits.cells {
        let what = format!(
            "the diagram has {} nodes and {} edges; the limits are {} and {}",
            nodes.len(),
            edges.len(),
            limits.nodes,
            limits.cells
        );
        return Err(source.error(offset, what));
    }
    let mut diagram = Diagram {
        source,
        limits,
        names: HashMap::with_capacity(nodes.len()),
        parts: MaidParts {
            meta,
            agents: players,
            ..MaidParts::default()
        },
        cells: 0,
    };
    for json in nodes {
        diagram.node(json)?;
    }
    for json in edges {
        diagram.edge(json)?;
    }
    for json in cpds {
        diagram.cpd(json)?;
    }
    let game = MaidGame::new(diagram.parts).map_err(|defect| {
        let place = match defect.place {
            MaidPlace::Agents => offset,
            MaidPlace::Node(number) => nodes[number].offset,
            MaidPlace::Edge(number) => edges[number].offset,
            MaidPlace::Cpd(number) => cpds[number].offset,
        };
        source.error(place, defect.what)
    })?;
    Ok(Game::Maid(game))
}

struct Diagram<'s> {
    source: &'s Source<'s>,
    limits: &'s Limits,
    names: HashMap<String, usize>,
    parts: MaidParts,
    /// Entries of the tables so far.
    cells: usize,
}

impl Diagram<'_> {
    fn node(&mut self, json: &Json<'_>) -> Result<(), ParseError> {
        let source = self.source;
        let mut fields = Fields::of(source, json, "a node")?;
        let id = text(source, fields.required("id")?, "id")?;
        let typed = fields.required("type")?;
        let agent = match fields.optional("agent") {
            None => None,
            Some(named) => Some(self.agent(named)?),
        };
        let owner = || {
            agent.ok_or_else(|| source.error(json.offset, format!("node `{id}` has no `agent`")))
        };
        let kind = match text(source, typed, "type")?.as_str() {
            "chance" => MaidKind::Chance,
            "decision" => MaidKind::Decision(owner()?),
            "utility" => MaidKind::Utility(owner()?),
            other => {
                let what = format!(
                    "`{other}` is no type of node; there are `chance`, `decision` and `utility`"
                );
                return Err(source.error(typed.offset, what));
            }
        };
        let domain = match fields.optional("domain") {
            None => Vec::new(),
            Some(values) => list(source, values, "domain")?
                .iter()
                .map(|value| match kind {
                    // A payoff that no JSON number can state exactly is a text, as everywhere.
                    MaidKind::Utility(_) => payoff(source, value),
                    _ => domain_value(source, value),
                })
                .collect::<Result<_, _>>()?,
        };
        fields.finish()?;
        let position = self.parts.nodes.len();
        if self.names.insert(id.clone(), position).is_some() {
            return Err(source.error(json.offset, format!("the id `{id}` is used twice")));
        }
        self.parts.nodes.push(MaidNode { id, kind, domain });
        Ok(())
    }

    fn agent(&self, json: &Json<'_>) -> Result<PlayerId, ParseError> {
        let name = text(self.source, json, "agent")?;
        let position = self.parts.agents.iter().position(|agent| *agent == name);
        position.map(PlayerId::new).ok_or_else(|| {
            self.source
                .error(json.offset, format!("there is no agent `{name}`"))
        })
    }

    fn edge(&mut self, json: &Json<'_>) -> Result<(), ParseError> {
        let mut fields = Fields::of(self.source, json, "an edge")?;
        let ends = (fields.required("source")?, fields.required("target")?);
        fields.finish()?;
        let edge = (self.named(ends.0, "source")?, self.named(ends.1, "target")?);
        self.parts.edges.push(edge);
        Ok(())
    }

    fn named(&self, json: &Json<'_>, what: &str) -> Result<usize, ParseError> {
        let name = text(self.source, json, what)?;
        self.find(&name, json.offset)
    }

    fn find(&self, name: &str, offset: usize) -> Result<usize, ParseError> {
        self.names.get(name).copied().ok_or_else(|| {
            self.source
                .error(offset, format!("there is no node `{name}`"))
        })
    }

    fn cpd(&mut self, json: &Json<'_>) -> Result<(), ParseError> {
        let source = self.source;
        let mut fields = Fields::of(source, json, "a table")?;
        let node = self.named(fields.required("node")?, "node")?;
        let parents = match fields.optional("parents") {
            None => Vec::new(),
            Some(parents) => texts(source, parents, "parents")?
                .iter()
                .map(|name| self.find(name, parents.offset))
                .collect::<Result<_, _>>()?,
        };
        let written = fields.required("values")?;
        fields.finish()?;
        let mut values = Vec::new();
        for row in list(source, written, "values")? {
            let row = list(source, row, "values")?;
            self.cells = self.cells.saturating_add(row.len());
            self.bound(written)?;
            let row: Result<Vec<Rational>, _> = row
                .iter()
                .map(|entry| number(source, entry, "values"))
                .collect();
            values.push(row?);
        }
        let subject = &mut self.parts.nodes[node];
        let unnamed = subject.domain.is_empty();
        match subject.kind {
            MaidKind::Utility(_) if unnamed && values.len() == 1 => {
                let payoffs = values.remove(0);
                let mut domain = payoffs.clone();
                domain.sort();
                domain.dedup();
                self.cells =
                    (self.cells).saturating_add(domain.len().saturating_mul(payoffs.len()));
                self.bound(written)?;
                values = certain(&payoffs, &domain);
                let domain = domain.into_iter().map(DomainValue::Number);
                self.parts.nodes[node].domain = domain.collect();
            }
            kind => {
                if parents.is_empty() && values.len() == 1 {
                    values = values.remove(0).into_iter().map(|p| vec![p]).collect();
                }
                if unnamed && kind == MaidKind::Chance {
                    let counted = (0..values.len()).map(|value| Rational::from(value as i64));
                    subject.domain = counted.map(DomainValue::Number).collect();
                }
            }
        }
        let cpd = TabularCpd {
            node,
            parents,
            values,
        };
        let cpd = self.settled(cpd, written)?;
        self.parts.cpds.push(cpd);
        Ok(())
    }

    fn bound(&self, json: &Json<'_>) -> Result<(), ParseError> {
        if self.cells <= self.limits.cells {
            return Ok(());
        }
        let what = format!("the tables have more than {} entries", self.limits.cells);
        Err(self.source.error(json.offset, what))
    }

    /// The table with every column summing to one exactly. Rows of different lengths are left to [`MaidGame::new`].
    fn settled(&mut self, mut cpd: TabularCpd, json: &Json<'_>) -> Result<TabularCpd, ParseError> {
        let columns = cpd.values.iter().map(Vec::len).min().unwrap_or(0);
        let name = &self.parts.nodes[cpd.node].id;
        let mut rounded = 0;
        for column in 0..columns {
            let mut entries: Vec<Rational> =
                cpd.values.iter().map(|row| row[column].clone()).collect();
            let warning = settle(&mut entries).map_err(|what| {
                let what = format!("table of `{name}`, column {}: {what}", column + 1);
                self.source.error(json.offset, what)
            })?;
            if warning.is_some() {
                rounded += 1;
                for (row, entry) in cpd.values.iter_mut().zip(entries) {
                    row[column] = entry;
                }
            }
        }
        if rounded > 0 {
            let warning = format!(
                "Table of node '{name}': {rounded} rounded column(s) were rescaled to sum to 1"
            );
            self.parts.meta.warnings.push(warning);
        }
        Ok(cpd)
    }
}

fn domain_value(source: &Source<'_>, json: &Json<'_>) -> Result<DomainValue, ParseError> {
    match &json.kind {
        Kind::Text(text) => Ok(DomainValue::Text(text.clone().into_owned())),
        Kind::Bool(truth) => Ok(DomainValue::Truth(*truth)),
        Kind::Number(_) => number(source, json, "domain").map(DomainValue::Number),
        _ => Err(source.error(json.offset, "a value of a node must be a text or a number")),
    }
}

fn payoff(source: &Source<'_>, json: &Json<'_>) -> Result<DomainValue, ParseError> {
    match &json.kind {
        Kind::Text(text) if Rational::parse(text).is_ok() => {
            number(source, json, "domain").map(DomainValue::Number)
        }
        _ => domain_value(source, json),
    }
}

/// The table that gives each configuration its payoff with certainty.
fn certain(payoffs: &[Rational], domain: &[Rational]) -> Vec<Vec<Rational>> {
    let entry = |value: &Rational, payoff: &Rational| {
        if value == payoff {
            Rational::ONE
        } else {
            Rational::ZERO
        }
    };
    domain
        .iter()
        .map(|value| payoffs.iter().map(|payoff| entry(value, payoff)).collect())
        .collect()
}
