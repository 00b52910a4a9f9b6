//! One style sheet out of many: follows `@import`, keeps layers, leaves out blanks and comments.

use std::fs;
use std::path::Path;

use anyhow::{Context, bail};
use lightningcss::bundler::{Bundler, FileProvider};
use lightningcss::printer::PrinterOptions;
use lightningcss::stylesheet::{MinifyOptions, ParserOptions};
use lightningcss::targets::Targets;

use super::kilobytes;
use crate::project::Web;

/// Writes `NAME.css` beside the wasm.
pub fn bundle(web: &Web, package: &Path) -> anyhow::Result<String> {
    if !web.style.is_file() {
        bail!("there is no style sheet {}", web.style.display());
    }
    let css = minified(&web.style)?;
    let file = package.join(&web.output).with_extension("css");
    // Its time stays while nothing changed, and so does what a browser has in its cache.
    if fs::read_to_string(&file).is_ok_and(|last| last == css) {
        return Ok("unchanged".to_owned());
    }
    fs::write(file, &css)?;
    Ok(kilobytes(css.len() as u64))
}

/// The style sheet with everything it imports.
fn minified(entry: &Path) -> anyhow::Result<String> {
    // No targets: current browsers know nesting and `light-dark()`. Rewriting the latter would
    // freeze it to variables that a dialog or a `color-scheme` further down does not set.
    let targets = Targets::default();
    let files = FileProvider::new();
    let mut bundler = Bundler::new(&files, None, ParserOptions::default());
    let mut sheet = match bundler.bundle(entry) {
        Ok(sheet) => sheet,
        Err(error) => bail!("style: {error}"),
    };
    let options = MinifyOptions { targets, ..MinifyOptions::default() };
    if let Err(error) = sheet.minify(options) {
        bail!("style: {error}");
    }
    let printed = sheet.to_css(PrinterOptions { minify: true, targets, ..PrinterOptions::default() });
    Ok(printed.context("printing the style sheet")?.code)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn imports_are_followed_and_modern_css_stays() -> anyhow::Result<()> {
        let folder = std::env::temp_dir().join(format!("xtask-style-{}", std::process::id()));
        fs::create_dir_all(&folder)?;
        fs::write(
            folder.join("main.css"),
            "@layer reset, tokens, components;\n\
             @import \"button.css\" layer(components);\n\
             @layer tokens { :root { color-scheme: light dark; --ink: light-dark(#111, #eee) } }\n",
        )?;
        fs::write(
            folder.join("button.css"),
            "/* a button */ .button { color: light-dark(black, white); &:hover { margin-inline: 1px } }\n",
        )?;
        let css = minified(&folder.join("main.css"));
        fs::remove_dir_all(&folder)?;
        let css = css?;
        for part in [
            "@layer components{.button{",
            "color:light-dark(",
            "--ink:light-dark(#111,#eee)",
            "&:hover{margin-inline:1px}",
        ] {
            assert!(css.contains(part), "{part} is not in {css}");
        }
        // The import stands first, and its layer comes last all the same.
        let places = ["reset", "tokens", "components"].map(|layer| css.find(layer));
        assert!(places.is_sorted(), "{css}");
        assert!(!css.contains("@import"), "{css}");
        assert!(!css.contains("a button"), "{css}");
        Ok(())
    }
}
