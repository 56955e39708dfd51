//! `/api/config`: the settings of the world, for every process at once.

use poem_openapi::payload::Json;
use poem_openapi::types::Example;
use poem_openapi::{Object, OpenApi};
use rookery_characters::Config;
use rookery_shared::characters::Characters as Cast;

use super::Tag;
use super::refusals::{self, Invalid};
use crate::errors::{Fail, Problem};
use crate::strict::Strict;

pub struct Settings {
    cast: Cast,
}

/// What is to be changed; the rest stays.
#[derive(Object, Default)]
#[oai(rename = "ConfigChange", example)]
struct Change {
    tick: Option<TickChange>,
    proximity: Option<ProximityChange>,
}

/// How often characters are asked.
#[derive(Object, Default)]
#[oai(rename = "TickConfigChange", rename_all = "camelCase")]
struct TickChange {
    /// Milliseconds, 50 to 86,400,000.
    fast_tick_ms: Option<f64>,
    /// Milliseconds, 50 to 86,400,000.
    slow_tick_ms: Option<f64>,
    /// Calls of a language model that each worker has under way for ticks, 1 to 1,000.
    batch_size: Option<f64>,
    /// Dormant characters asked in one slow tick, all workers together, 0 to 100,000.
    max_dormant_per_slow_tick: Option<f64>,
    /// Whether time passes: false stops every tick and all that fades.
    running: Option<bool>,
}

/// What closeness does.
#[derive(Object, Default)]
#[oai(rename = "ProximityConfigChange", rename_all = "camelCase")]
struct ProximityChange {
    /// Lost each slow tick, 0 to 100.
    decay_rate_per_tick: Option<f64>,
    /// Gained by an interaction, -100 to 100.
    interaction_boost: Option<f64>,
    /// Gained by a chat, -100 to 100.
    chat_boost: Option<f64>,
    /// From here on a character is active, 0 to 100.
    promotion_threshold: Option<f64>,
    /// From here on a character is in the background, 0 to 100.
    background_threshold: Option<f64>,
    /// From here on a player may chat with it, 0 to 100.
    chat_min_closeness: Option<f64>,
    /// Of what fades when it was once closer than the promotion threshold, 0 to 1.
    high_water_decay_multiplier: Option<f64>,
}

/// That the settings are changed, and what they are now.
#[derive(Object)]
#[oai(rename = "ConfigUpdated", example)]
struct Updated {
    /// Always true.
    updated: bool,
    config: ConfigView,
}

/// The settings.
#[derive(Object, Clone)]
#[oai(rename = "CharacterConfig", example)]
struct ConfigView {
    tick: TickView,
    proximity: ProximityConfigView,
}

/// As in `POST /api/config`.
#[derive(Object, Clone)]
#[oai(rename = "TickConfig", rename_all = "camelCase")]
struct TickView {
    fast_tick_ms: u64,
    slow_tick_ms: u64,
    batch_size: u32,
    max_dormant_per_slow_tick: u32,
    running: bool,
}

/// As in `POST /api/config`.
#[derive(Object, Clone)]
#[oai(rename = "ProximityConfig", rename_all = "camelCase")]
struct ProximityConfigView {
    decay_rate_per_tick: f64,
    interaction_boost: f64,
    chat_boost: f64,
    promotion_threshold: f64,
    background_threshold: f64,
    chat_min_closeness: f64,
    high_water_decay_multiplier: f64,
}

const TICK_MS: (f64, f64) = (50.0, 86_400_000.0);
const CLOSENESS: (f64, f64) = (0.0, 100.0);
const BOOST: (f64, f64) = (-100.0, 100.0);

#[OpenApi]
impl Settings {
    pub(super) fn new(cast: Cast) -> Self {
        Self { cast }
    }

    /// Look at the settings
    ///
    /// As they are now, for every process.
    #[oai(
        path = "/api/config",
        method = "get",
        tag = "Tag::System",
        operation_id = "get_character_config"
    )]
    async fn settings(&self) -> Result<Json<ConfigView>, Fail<()>> {
        let world = self.cast.world().await?;
        Ok(Json(ConfigView::of(&world.config)))
    }

    /// Change the settings
    ///
    /// Takes effect at once on every process, without a restart. What is not said stays as it is; nothing changes when one value cannot be.
    #[oai(
        path = "/api/config",
        method = "post",
        tag = "Tag::System",
        operation_id = "update_character_config"
    )]
    async fn configure(&self, body: Strict<Change>) -> Result<Json<Updated>, Fail<Invalid>> {
        let change = body.0;
        // Tried on a copy first: a fault is found before anything is changed.
        change.apply_to(&mut Config::default())?;
        let mut fault = None;
        let changed = self.cast.configure(|config| {
            let mut wanted = *config;
            match change
                .apply_to(&mut wanted)
                .and_then(|()| consistent(&wanted))
            {
                Ok(()) => *config = wanted,
                Err(problem) => fault = Some(problem),
            }
        });
        let changed = changed.await?;
        match fault {
            Some(problem) => Err(problem.into()),
            None => Ok(Json(Updated {
                updated: true,
                config: ConfigView::of(&changed.after),
            })),
        }
    }
}

fn consistent(config: &Config) -> Result<(), Problem> {
    let proximity = &config.proximity;
    match proximity.background_threshold <= proximity.promotion_threshold {
        true => Ok(()),
        false => Err(refusals::bad_field(
            "proximity.backgroundThreshold",
            "must not be above promotionThreshold",
        )),
    }
}

impl Change {
    fn apply_to(&self, config: &mut Config) -> Result<(), Problem> {
        if let Some(tick) = &self.tick {
            let now = &mut config.tick;
            whole(
                "tick.fastTickMs",
                tick.fast_tick_ms,
                TICK_MS,
                &mut now.fast_tick_ms,
            )?;
            whole(
                "tick.slowTickMs",
                tick.slow_tick_ms,
                TICK_MS,
                &mut now.slow_tick_ms,
            )?;
            whole(
                "tick.batchSize",
                tick.batch_size,
                (1.0, 1_000.0),
                &mut now.batch_size,
            )?;
            let most = (0.0, 100_000.0);
            let field = "tick.maxDormantPerSlowTick";
            whole(
                field,
                tick.max_dormant_per_slow_tick,
                most,
                &mut now.max_dormant_per_slow_tick,
            )?;
            now.running = tick.running.unwrap_or(now.running);
        }
        if let Some(wish) = &self.proximity {
            let now = &mut config.proximity;
            for (field, wanted, range, value) in [
                (
                    "decayRatePerTick",
                    wish.decay_rate_per_tick,
                    CLOSENESS,
                    &mut now.decay_rate_per_tick,
                ),
                (
                    "interactionBoost",
                    wish.interaction_boost,
                    BOOST,
                    &mut now.interaction_boost,
                ),
                ("chatBoost", wish.chat_boost, BOOST, &mut now.chat_boost),
                (
                    "promotionThreshold",
                    wish.promotion_threshold,
                    CLOSENESS,
                    &mut now.promotion_threshold,
                ),
                (
                    "backgroundThreshold",
                    wish.background_threshold,
                    CLOSENESS,
                    &mut now.background_threshold,
                ),
                (
                    "chatMinCloseness",
                    wish.chat_min_closeness,
                    CLOSENESS,
                    &mut now.chat_min_closeness,
                ),
                (
                    "highWaterDecayMultiplier",
                    wish.high_water_decay_multiplier,
                    (0.0, 1.0),
                    &mut now.high_water_decay_multiplier,
                ),
            ] {
                within(&format!("proximity.{field}"), wanted, range, value)?;
            }
        }
        Ok(())
    }
}

fn within(
    field: &str,
    wanted: Option<f64>,
    (least, most): (f64, f64),
    value: &mut f64,
) -> Result<(), Problem> {
    match wanted {
        None => {}
        Some(wanted) if (least..=most).contains(&wanted) => *value = wanted,
        Some(_) => {
            let reason = format!("must be from {least} to {most}");
            return Err(refusals::bad_field(field, &reason));
        }
    }
    Ok(())
}

/// JavaScript clients send whole numbers as they send others.
fn whole<T: TryFrom<u64>>(
    field: &str,
    wanted: Option<f64>,
    range: (f64, f64),
    value: &mut T,
) -> Result<(), Problem> {
    let Some(wanted) = wanted else { return Ok(()) };
    let mut checked = 0.0;
    within(field, Some(wanted), range, &mut checked)?;
    let whole = (checked.fract() == 0.0).then_some(checked as u64);
    match whole.and_then(|whole| T::try_from(whole).ok()) {
        Some(whole) => *value = whole,
        None => return Err(refusals::bad_field(field, "must be a whole number")),
    }
    Ok(())
}

impl ConfigView {
    fn of(config: &Config) -> Self {
        let Config { tick, proximity } = *config;
        Self {
            tick: TickView {
                fast_tick_ms: tick.fast_tick_ms,
                slow_tick_ms: tick.slow_tick_ms,
                batch_size: tick.batch_size,
                max_dormant_per_slow_tick: tick.max_dormant_per_slow_tick,
                running: tick.running,
            },
            proximity: ProximityConfigView {
                decay_rate_per_tick: proximity.decay_rate_per_tick,
                interaction_boost: proximity.interaction_boost,
                chat_boost: proximity.chat_boost,
                promotion_threshold: proximity.promotion_threshold,
                background_threshold: proximity.background_threshold,
                chat_min_closeness: proximity.chat_min_closeness,
                high_water_decay_multiplier: proximity.high_water_decay_multiplier,
            },
        }
    }
}

impl Example for Change {
    fn example() -> Self {
        Self {
            tick: Some(TickChange {
                fast_tick_ms: Some(3_000.0),
                batch_size: Some(8.0),
                ..TickChange::default()
            }),
            proximity: None,
        }
    }
}

impl Example for Updated {
    fn example() -> Self {
        Self {
            updated: true,
            config: ConfigView::example(),
        }
    }
}

impl Example for ConfigView {
    fn example() -> Self {
        Self::of(&Config::default())
    }
}
