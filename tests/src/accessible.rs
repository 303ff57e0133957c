//! What axe-core says of a screen of the real app against WCAG 2.2 AA.

use crate::App;
use serde_json::Value;
use std::path::Path;

const TAGS: &str = "['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa']";

impl App {
    /// Each element on the screen that breaks a rule, and how. A link in a paper is as large as the line that it stands in
    /// (2.5.8 excepts it): the outline and the zoom are there for who cannot hit it.
    pub async fn breaches(&self, screen: &str) -> Vec<String> {
        if self.run("return typeof window.axe", Vec::new()).await != Value::from("object") {
            let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../ui/node_modules/axe-core/axe.min.js");
            self.run(&std::fs::read_to_string(path).expect("scripts/ui.sh has run"), Vec::new()).await;
        }
        let look = format!(
            // What is still coming in has colours of its own for a moment.
            "const coming = document.getAnimations().filter(each => each.effect.getComputedTiming().endTime < 5000);
            return Promise.allSettled(coming.map(each => each.finished)).then(() => axe.run(document,
                {{ runOnly: {TAGS}, resultTypes: ['violations'] }}).then(({{ violations }}) =>
                violations.flatMap(({{ id, help, nodes }}) => nodes
                    .filter(node => id !== 'target-size' || !node.html.includes('class=\"link'))
                    .map(node => `${{id}}: ${{help}}\\n  ${{node.html.slice(0, 200)}}\\n  ${{node.failureSummary}}`))))"
        );
        let found = self.run(&look, Vec::new()).await;
        let found = found.as_array().expect("axe answers").iter().filter_map(Value::as_str);
        let breaches: Vec<String> = found.map(|breach| format!("{screen}: {breach}")).collect();
        breaches.iter().for_each(|breach| eprintln!("{breach}"));
        breaches
    }
}
