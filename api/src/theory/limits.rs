//! How large an uploaded game may be.

use clap::Args;
use rookery_theory::Limits;

/// The size of a file that the contract names.
pub const CONTRACT_FILE_MB: u64 = 5;

/// Limits of an uploaded game, checked before any work is done on it.
#[derive(Args, Clone, Copy, Debug)]
pub struct UploadLimits {
    /// Size of a game file in MiB. A tree takes up to ten times its file in memory while it is read.
    #[arg(id = "theory_max_file_mb", long = "theory-max-file-mb", env = "ROOKERY_THEORY_MAX_FILE_MB",
          default_value_t = CONTRACT_FILE_MB, value_parser = clap::value_parser!(u64).range(1..=1024))]
    pub file_mb: u64,

    /// Payoffs of a table: strategy profiles times players.
    #[arg(
        id = "theory_max_cells",
        long = "theory-max-cells",
        env = "ROOKERY_THEORY_MAX_CELLS",
        default_value_t = Limits::default().cells
    )]
    pub cells: usize,

    /// Nodes of a tree, its ends included.
    #[arg(
        id = "theory_max_nodes",
        long = "theory-max-nodes",
        env = "ROOKERY_THEORY_MAX_NODES",
        default_value_t = Limits::default().nodes
    )]
    pub nodes: usize,

    /// Players of a game.
    #[arg(
        id = "theory_max_players",
        long = "theory-max-players",
        env = "ROOKERY_THEORY_MAX_PLAYERS",
        default_value_t = Limits::default().players
    )]
    pub players: usize,
}

impl UploadLimits {
    pub fn file_bytes(&self) -> usize {
        usize::try_from(self.file_mb << 20).unwrap_or(usize::MAX)
    }

    pub fn of_games(&self) -> Limits {
        Limits {
            bytes: self.file_bytes(),
            players: self.players,
            cells: self.cells,
            nodes: self.nodes,
        }
    }
}

/// What is said of a larger file.
pub fn too_large(file_mb: u64) -> String {
    format!("File too large. Maximum size is {file_mb}.0MB")
}
