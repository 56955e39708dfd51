//! Characters out of character cards.

use rookery_characters::Persona;
use rookery_characters::card::Imported;

use super::{Character, CharacterError, Characters, NewCharacter, archetype};

/// A card, and what the client says instead of what it says.
#[derive(Debug, Clone)]
pub struct NewCard {
    pub card: Imported,
    pub id: Option<String>,
    pub archetype: Option<String>,
    pub location: Option<String>,
    pub initial_closeness: f64,
    pub player_id: String,
}

/// What somebody is of whose trade nothing is known.
const ANYBODY: &str = "npc";

impl Characters {
    pub async fn register_card(&self, new: NewCard) -> Result<Character, CharacterError> {
        let archetype = match &new.archetype {
            Some(asked) => asked.clone(),
            None => self.trade(&new.card).await?,
        };
        let card = new.card;
        let id = new.id.or(card.id).unwrap_or_else(|| id_of(&card.name));
        let character = NewCharacter {
            persona: Persona {
                id,
                name: card.name,
                archetype,
                identity: card.identity,
                location: new.location.or(card.location),
            },
            metadata: serde_json::json!({}),
            initial_closeness: new.initial_closeness,
            player_id: new.player_id,
        };
        self.register(character).await
    }

    /// What the card says, or the first of its tags that is known here: a card from elsewhere knows other trades.
    async fn trade(&self, card: &Imported) -> Result<String, CharacterError> {
        /// More tags are not looked at.
        const TAGS: usize = 20;
        let tags = card.tags.iter().map(|tag| tag.trim().to_lowercase());
        for named in card.archetype.iter().cloned().chain(tags.take(TAGS)) {
            if !named.contains('\0') && archetype(&self.store.pool, &named).await?.is_some() {
                return Ok(named);
            }
        }
        Ok(ANYBODY.to_owned())
    }
}

/// `Seraphine of the Hills` is `seraphine_of_the_hills`.
fn id_of(name: &str) -> String {
    let words = name.split(|one: char| !one.is_alphanumeric());
    let words: Vec<String> = words
        .filter(|word| !word.is_empty())
        .map(str::to_lowercase)
        .collect();
    match words.is_empty() {
        true => "character".to_owned(),
        false => words.join("_"),
    }
}

#[cfg(test)]
mod tests {
    use super::id_of;

    #[test]
    fn names_become_ids() {
        assert_eq!(id_of("Seraphine of the Hills"), "seraphine_of_the_hills");
        assert_eq!(id_of(" Zoë-Ann  (II) "), "zoë_ann_ii");
        assert_eq!(id_of("***"), "character");
    }
}
