//! How the person wants it. Kept beside the vault, in plain: needed before it is open, and nothing of it is secret.

use super::Desk;
use crate::error::Result;
use ecabinet_protocol::ui::{Language, Settings, Theme};
use std::fs;

impl Desk {
    pub(super) fn settings(&self) -> Settings {
        let text = fs::read(self.home.join("settings.json")).unwrap_or_default();
        serde_json::from_slice(&text).unwrap_or(Settings {
            language: Language::Vi,
            theme: Theme::Light,
            text_size: 100,
            dim_pages: true,
            lock_after_minutes: 10,
            tools: Default::default(),
            hidden_layers: Vec::new(),
        })
    }

    pub(super) fn keep_settings(&self, settings: &Settings) -> Result<()> {
        fs::create_dir_all(&self.home)?;
        let next = self.home.join("settings.json.next");
        fs::write(&next, serde_json::to_vec_pretty(settings).expect("plain data"))?;
        fs::rename(next, self.home.join("settings.json"))?;
        Ok(())
    }
}
