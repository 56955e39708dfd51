//! The analysis "Evolutionary Stability": who invades whom in a finite population, and where it spends its time.

use serde_json::{Map, Value, json};

use super::replicator::{population, strategies};
use super::{
    AnalysisError, AnalysisInfo, AnalysisResult, Config, Control, Progress, Unfit,
    nothing_to_check, options,
};
use crate::evolution::{Encounters, Selection, Stability, log_fixation, stability, stationary};
use crate::game::{Format, Game};

pub const INFO: AnalysisInfo = AnalysisInfo {
    name: "Evolutionary Stability",
    description: "Analyses evolutionary stability: fixation probabilities and the stationary distribution of a finite population, and evolutionarily stable strategies",
    applicable_to: &[Format::Normal],
    continuous: false,
    options: &[
        &options::POPULATION_SIZE,
        &options::MUTATION_RATE,
        &options::INTENSITY_OF_SELECTION,
    ],
    run,
    fit,
    check: nothing_to_check,
};

/// Every pair of strategies has two entries in the result.
const MOST_STRATEGIES: usize = 300;

const METHOD: &str = "pairwise comparison with the Fermi function; stationary distribution in the limit of rare mutations, where mutation_rate sets the pace only";

fn fit(game: &Game) -> Result<(), Unfit> {
    let count = population(game, INFO.name)?.size();
    if count > MOST_STRATEGIES {
        return Err(Unfit(format!(
            "{} takes at most {MOST_STRATEGIES} strategies; this game has {count}",
            INFO.name
        )));
    }
    Ok(())
}

fn run(
    game: &Game,
    config: &Config,
    control: &Control<'_>,
) -> Result<AnalysisResult, AnalysisError> {
    let encounters = population(game, INFO.name)?;
    let (labels, note) = strategies(game);
    let selection = Selection {
        population: config.whole(&options::POPULATION_SIZE).unwrap_or(100),
        intensity: config
            .number(&options::INTENSITY_OF_SELECTION)
            .unwrap_or(1.0),
    };
    let invasions = invasions(&encounters, &selection, control).ok_or(AnalysisError::Stopped)?;
    let stationary = stationary(&invasions, control.stop).ok_or(AnalysisError::Stopped)?;
    let mut details = Map::from_iter([
        (
            "stationary_distribution".to_owned(),
            labels
                .iter()
                .zip(&stationary)
                .map(|(label, share)| (label.clone(), json!(share)))
                .collect::<Map<_, _>>()
                .into(),
        ),
        (
            "fixation_probabilities".to_owned(),
            fixation_probabilities(labels, &invasions),
        ),
        ("population_size".to_owned(), json!(selection.population)),
        (
            "mutation_rate".to_owned(),
            json!(config.number(&options::MUTATION_RATE)),
        ),
        (
            "intensity_of_selection".to_owned(),
            json!(selection.intensity),
        ),
        ("strategy_labels".to_owned(), json!(labels)),
        ("method".to_owned(), json!(METHOD)),
    ]);
    put_stable(&encounters, labels, &mut details);
    if let Some(note) = note {
        details.insert("note".to_owned(), json!(note));
    }
    Ok(AnalysisResult {
        summary: summary(labels, &stationary),
        details,
    })
}

/// By resident, then mutant: the logarithm of the probability that the mutant takes over. `None` when stopped.
fn invasions(
    encounters: &Encounters,
    selection: &Selection,
    control: &Control<'_>,
) -> Option<Vec<Vec<f64>>> {
    let count = encounters.size();
    let mut rows = Vec::with_capacity(count);
    for resident in 0..count {
        let mut row = vec![f64::NEG_INFINITY; count];
        for mutant in (0..count).filter(|mutant| *mutant != resident) {
            if control.stopped() {
                return None;
            }
            row[mutant] = log_fixation(encounters, (mutant, resident), selection, control.stop)?;
        }
        rows.push(row);
        (control.progress)(Progress {
            fraction: Some(rows.len() as f64 / count as f64),
            message: format!("{} of {count} strategies invaded", rows.len()),
            partial: None,
        });
    }
    Some(rows)
}

fn fixation_probabilities(labels: &[String], invasions: &[Vec<f64>]) -> Value {
    let mut shown = Map::new();
    for (mutant, invader) in labels.iter().enumerate() {
        for (resident, invaded) in labels
            .iter()
            .enumerate()
            .filter(|(place, _)| *place != mutant)
        {
            shown.insert(
                format!("{invader}_invades_{invaded}"),
                json!(invasions[resident][mutant].exp()),
            );
        }
    }
    Value::Object(shown)
}

/// The evolutionarily stable strategies of the infinite population, pure ones, decided exactly.
fn put_stable(encounters: &Encounters, labels: &[String], details: &mut Map<String, Value>) {
    let verdicts: Vec<Stability> = (0..labels.len())
        .map(|strategy| stability(encounters, strategy))
        .collect();
    let with = |wanted: Stability| -> Vec<&String> {
        labels
            .iter()
            .zip(&verdicts)
            .filter(|(_, verdict)| **verdict == wanted)
            .map(|(label, _)| label)
            .collect()
    };
    details.insert("ess".to_owned(), json!(with(Stability::Stable)));
    let undecided = with(Stability::Undecided);
    if !undecided.is_empty() {
        details.insert("ess_undecided".to_owned(), json!(undecided));
    }
}

fn summary(labels: &[String], stationary: &[f64]) -> String {
    let most = labels
        .iter()
        .zip(stationary)
        .max_by(|one, other| one.1.total_cmp(other.1));
    match most {
        Some((label, share)) if *share > 0.9 => {
            format!("{label} dominates ({:.1}%)", share * 100.0)
        }
        Some((label, share)) if *share > 0.5 => {
            format!("{label} prevails ({:.1}%)", share * 100.0)
        }
        _ => "Mixed evolutionary stable state".to_owned(),
    }
}
