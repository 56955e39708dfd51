//! `/api/emotions`: what a character feels, and making it feel.

use poem_openapi::param::Path;
use poem_openapi::payload::Json;
use poem_openapi::types::Example;
use poem_openapi::{Enum, Object, OpenApi};
use rookery_characters::Now;
use rookery_characters::emotion::{Emotion, Feelings};
use rookery_shared::characters::Characters as Cast;
use serde::{Deserialize, Serialize};

use super::Tag;
use super::refusals::{self, CharacterMissing, Invalid};
use super::view::{THEN_MS, rounded};
use crate::errors::{Fail, Problem};
use crate::strict::Strict;

pub struct Emotions {
    cast: Cast,
}

/// What a character feels, now: it fades with fast ticks.
#[derive(Object, Serialize, Deserialize, Clone)]
#[oai(rename = "CharacterEmotions", rename_all = "camelCase", example)]
#[serde(rename_all = "camelCase")]
pub(super) struct EmotionsView {
    character_id: String,
    /// Each emotion once at most.
    active: Vec<FeelingView>,
    /// The strongest of them; `trust` when there is none.
    pub(super) mood: String,
    /// 0 to 1.
    mood_intensity: f64,
}

/// One emotion that is felt.
#[derive(Object, Serialize, Deserialize, Clone)]
#[oai(rename = "Feeling", rename_all = "camelCase", example)]
#[serde(rename_all = "camelCase")]
pub(super) struct FeelingView {
    /// One of Plutchik's eight.
    #[oai(rename = "type")]
    #[serde(rename = "type")]
    emotion: String,
    /// 0 to 1.
    intensity: f64,
    /// The share that is lost in a fast tick, down to the emotion's floor.
    decay_rate: f64,
    /// What stirred it.
    #[oai(skip_serializing_if_is_none)]
    #[serde(skip_serializing_if = "Option::is_none")]
    source: Option<String>,
    /// Milliseconds since 1970.
    created_at: i64,
}

/// What a character feels.
#[derive(Object)]
#[oai(rename = "EmotionsAnswer", example)]
struct Answer {
    emotions: EmotionsView,
}

/// Something to be felt.
#[derive(Object)]
#[oai(rename = "NewEmotion", example)]
struct NewEmotion {
    /// What is felt. Felt already, it is felt more: by half of the intensity.
    emotion: EmotionName,
    /// How strongly.
    #[oai(validator(minimum(value = "0"), maximum(value = "1")))]
    intensity: f64,
    /// What it comes from, for people who look into the character.
    source: Option<String>,
}

/// Plutchik's eight primary emotions.
#[derive(Enum, Clone, Copy)]
#[oai(rename = "Emotion", rename_all = "lowercase")]
enum EmotionName {
    Joy,
    Sadness,
    Anger,
    Fear,
    Surprise,
    Disgust,
    Trust,
    Anticipation,
}

#[OpenApi]
impl Emotions {
    pub(super) fn new(cast: Cast) -> Self {
        Self { cast }
    }

    /// Look at what a character feels
    ///
    /// As it is now: what has faded since it was stirred is taken off.
    #[oai(
        path = "/api/emotions/:character_id",
        method = "get",
        tag = "Tag::Social",
        operation_id = "get_emotions"
    )]
    async fn look(
        &self,
        /// The character's id.
        character_id: Path<String>,
    ) -> Result<Json<Answer>, Fail<CharacterMissing>> {
        refusals::known(&character_id)?;
        let (mind, world) = self.cast.mind(&character_id).await.map_err(Problem::from)?;
        Ok(Json(Answer {
            emotions: EmotionsView::of(&character_id, &mind.feelings, world.now),
        }))
    }

    /// Make a character feel something
    ///
    /// At once, and whatever else happens to it meanwhile. It shows in its mood, and in what it does and says.
    #[oai(
        path = "/api/emotions/:character_id",
        method = "post",
        tag = "Tag::Social",
        operation_id = "apply_emotion"
    )]
    async fn apply(
        &self,
        /// The character's id.
        character_id: Path<String>,
        body: Strict<NewEmotion>,
    ) -> Result<Json<Answer>, Fail<(CharacterMissing, Invalid)>> {
        let NewEmotion {
            emotion,
            intensity,
            source,
        } = body.0;
        if let Some(source) = &source {
            refusals::name("source", source)?;
        }
        refusals::known(&character_id)?;
        let felt = self.cast.change_mind(&character_id, |subject| {
            let (feelings, now) = (&mut subject.mind.feelings, subject.now);
            feelings.settle(now.fast);
            feelings.apply(emotion.into(), intensity, source.as_deref(), now);
            EmotionsView::of(&character_id, feelings, now)
        });
        Ok(Json(Answer {
            emotions: felt.await.map_err(Problem::from)?,
        }))
    }
}

impl EmotionsView {
    pub(super) fn of(character_id: &str, feelings: &Feelings, now: Now) -> Self {
        let mood = feelings.mood_at(now.fast);
        let active = feelings.at(now.fast).0.into_iter().map(|one| FeelingView {
            emotion: one.emotion.as_str().to_owned(),
            intensity: rounded(one.intensity),
            decay_rate: one.decay_rate,
            source: one.source,
            created_at: one.created_at,
        });
        Self {
            character_id: character_id.to_owned(),
            active: active.collect(),
            mood: mood.emotion.as_str().to_owned(),
            mood_intensity: rounded(mood.intensity),
        }
    }
}

impl From<EmotionName> for Emotion {
    fn from(name: EmotionName) -> Self {
        match name {
            EmotionName::Joy => Self::Joy,
            EmotionName::Sadness => Self::Sadness,
            EmotionName::Anger => Self::Anger,
            EmotionName::Fear => Self::Fear,
            EmotionName::Surprise => Self::Surprise,
            EmotionName::Disgust => Self::Disgust,
            EmotionName::Trust => Self::Trust,
            EmotionName::Anticipation => Self::Anticipation,
        }
    }
}

impl Example for EmotionsView {
    fn example() -> Self {
        Self {
            character_id: "barkeep".to_owned(),
            active: vec![FeelingView::example()],
            mood: "joy".to_owned(),
            mood_intensity: 0.8,
        }
    }
}

impl Example for FeelingView {
    fn example() -> Self {
        Self {
            emotion: "joy".to_owned(),
            intensity: 0.8,
            decay_rate: 0.05,
            source: None,
            created_at: THEN_MS,
        }
    }
}

impl Example for Answer {
    fn example() -> Self {
        Self {
            emotions: EmotionsView::example(),
        }
    }
}

impl Example for NewEmotion {
    fn example() -> Self {
        Self {
            emotion: EmotionName::Joy,
            intensity: 0.8,
            source: None,
        }
    }
}
