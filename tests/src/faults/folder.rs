//! A folder of one test, gone with it. Its name is short: a socket's path may have 107 bytes.

use std::fs::Permissions;
use std::os::unix::fs::PermissionsExt as _;
use std::path::{Path, PathBuf};

use uuid::Uuid;

pub struct Folder {
    path: PathBuf,
}

impl Folder {
    pub fn new() -> anyhow::Result<Self> {
        let name = Uuid::new_v4().simple().to_string();
        let path = PathBuf::from("/tmp").join(format!("rk-{}", &name[..12]));
        std::fs::create_dir(&path)?;
        // Postgres runs as another user where the tests run as root.
        std::fs::set_permissions(&path, Permissions::from_mode(0o711))?;
        Ok(Self { path })
    }

    pub fn path(&self) -> &Path {
        &self.path
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        // Best effort: it lies among the temporary files.
        let _ = std::fs::remove_dir_all(&self.path);
    }
}
