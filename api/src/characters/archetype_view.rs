//! A kind of characters as clients see and write it.

use poem_openapi::types::Example;
use poem_openapi::{Enum, Object};
use rookery_characters::archetype::{Archetype, Kind, Parameter, Tool, catalogue};

use super::refusals::{self, bad_field};
use crate::errors::Problem;

/// A kind of characters.
#[derive(Object)]
#[oai(rename = "Archetype", rename_all = "camelCase", example)]
pub(super) struct ArchetypeView {
    /// What characters of this kind name as their archetype; unique.
    id: String,
    name: String,
    description: String,
    /// How somebody of this kind speaks, in a few words.
    #[oai(default)]
    speech_style: String,
    /// What somebody of this kind can do, the most typical first.
    #[oai(validator(min_items = 1, max_items = 32))]
    tools: Vec<ToolView>,
}

/// Something a character can do.
#[derive(Object)]
#[oai(rename = "Tool", example)]
pub(super) struct ToolView {
    /// Letters, digits, `_` and `-`, at most 64.
    #[oai(validator(min_length = 1, max_length = 64))]
    name: String,
    /// For language models. A tool that another archetype has is described as there unless said.
    description: Option<String>,
    /// Likewise.
    #[oai(validator(max_items = 16))]
    parameters: Option<Vec<ParameterView>>,
}

/// An argument of a tool.
#[derive(Object)]
#[oai(rename = "ToolParameter", example)]
pub(super) struct ParameterView {
    /// Letters, digits, `_` and `-`, at most 64.
    #[oai(validator(min_length = 1, max_length = 64))]
    name: String,
    #[oai(default)]
    description: String,
    /// `text` unless said.
    #[oai(rename = "type")]
    kind: Option<KindName>,
    /// What a `choice` may be.
    #[oai(default, validator(max_items = 64), skip_serializing_if_is_empty)]
    options: Vec<String>,
    #[oai(default)]
    required: bool,
}

/// What an argument may be.
#[derive(Enum, Clone, Copy)]
#[oai(rename = "ToolParameterType", rename_all = "lowercase")]
enum KindName {
    Text,
    Number,
    /// The id of somebody near.
    Character,
    /// One of the options.
    Choice,
}

impl ArchetypeView {
    pub(super) fn checked(self) -> Result<Archetype, Problem> {
        refusals::name("id", &self.id)?;
        refusals::name("name", &self.name)?;
        refusals::short_text("description", &self.description)?;
        refusals::short_text("speechStyle", &self.speech_style)?;
        let tools = self.tools.into_iter().enumerate();
        let tools = tools.map(|(at, tool)| tool.checked(&format!("tools.{at}")));
        let tools = tools.collect::<Result<Vec<_>, _>>()?;
        for (at, tool) in tools.iter().enumerate() {
            if tools.iter().take(at).any(|other| other.name == tool.name) {
                let field = format!("tools.{at}.name");
                return Err(bad_field(&field, "must not be there twice"));
            }
        }
        Ok(Archetype {
            id: self.id,
            name: self.name,
            description: self.description,
            tools,
            speech_style: self.speech_style,
        })
    }
}

impl ToolView {
    fn checked(self, place: &str) -> Result<Tool, Problem> {
        word(&format!("{place}.name"), &self.name)?;
        let mut all = catalogue::all()
            .iter()
            .flat_map(|archetype| &archetype.tools);
        let known = all.find(|tool| tool.name == self.name);
        let described = format!("{place}.description");
        let description = match (self.description, known) {
            (Some(description), _) => description,
            (None, Some(known)) => known.description.clone(),
            (None, None) => {
                let reason = "must be given: no other archetype has this tool";
                return Err(bad_field(&described, reason));
            }
        };
        refusals::short_text(&described, &description)?;
        let parameters = match (self.parameters, known) {
            (Some(parameters), _) => parameters
                .into_iter()
                .enumerate()
                .map(|(at, parameter)| parameter.checked(&format!("{place}.parameters.{at}")))
                .collect::<Result<_, _>>()?,
            (None, known) => known.map_or_else(Vec::new, |known| known.parameters.clone()),
        };
        Ok(Tool {
            name: self.name,
            description,
            parameters,
        })
    }
}

impl ParameterView {
    fn checked(self, place: &str) -> Result<Parameter, Problem> {
        word(&format!("{place}.name"), &self.name)?;
        refusals::short_text(&format!("{place}.description"), &self.description)?;
        let options = format!("{place}.options");
        let kind = match self.kind {
            None | Some(KindName::Text) => Kind::Text,
            Some(KindName::Number) => Kind::Number,
            Some(KindName::Character) => Kind::Character,
            Some(KindName::Choice) if self.options.is_empty() => {
                return Err(bad_field(&options, "must not be empty"));
            }
            Some(KindName::Choice) => Kind::OneOf(self.options),
        };
        if let Kind::OneOf(words) = &kind {
            words
                .iter()
                .try_for_each(|one| refusals::name(&options, one))?;
        }
        Ok(Parameter {
            name: self.name,
            description: self.description,
            kind,
            required: self.required,
        })
    }
}

/// What language models take as a name.
fn word(field: &str, name: &str) -> Result<(), Problem> {
    let is_fit = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'_' || byte == b'-';
    match name.bytes().all(is_fit) {
        true => Ok(()),
        false => Err(bad_field(field, "must have only letters, digits, _ and -")),
    }
}

impl From<Archetype> for ArchetypeView {
    fn from(archetype: Archetype) -> Self {
        Self {
            id: archetype.id,
            name: archetype.name,
            description: archetype.description,
            speech_style: archetype.speech_style,
            tools: archetype.tools.into_iter().map(ToolView::from).collect(),
        }
    }
}

impl From<Tool> for ToolView {
    fn from(tool: Tool) -> Self {
        let parameters = tool.parameters.into_iter().map(ParameterView::from);
        Self {
            name: tool.name,
            description: Some(tool.description),
            parameters: Some(parameters.collect()),
        }
    }
}

impl From<Parameter> for ParameterView {
    fn from(parameter: Parameter) -> Self {
        let (kind, options) = match parameter.kind {
            Kind::Text => (KindName::Text, Vec::new()),
            Kind::Number => (KindName::Number, Vec::new()),
            Kind::Character => (KindName::Character, Vec::new()),
            Kind::OneOf(words) => (KindName::Choice, words),
        };
        Self {
            name: parameter.name,
            description: parameter.description,
            kind: Some(kind),
            options,
            required: parameter.required,
        }
    }
}

impl Example for ArchetypeView {
    fn example() -> Self {
        Self {
            id: "beekeeper".to_owned(),
            name: "Beekeeper".to_owned(),
            description: "Keeps bees and sells their honey.".to_owned(),
            speech_style: "calm, humming".to_owned(),
            tools: vec![ToolView::example()],
        }
    }
}

impl Example for ToolView {
    fn example() -> Self {
        Self {
            name: "tend_hives".to_owned(),
            description: Some("Look after the bees.".to_owned()),
            parameters: Some(vec![ParameterView::example()]),
        }
    }
}

impl Example for ParameterView {
    fn example() -> Self {
        Self {
            name: "care".to_owned(),
            description: "What the bees get.".to_owned(),
            kind: Some(KindName::Choice),
            options: vec!["smoke".to_owned(), "sugar".to_owned()],
            required: true,
        }
    }
}
