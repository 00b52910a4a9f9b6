//! Files that are served as they are: icons, favicon, fonts.

use std::fs;
use std::path::Path;

/// Copies a folder, leaving alone what is the same already. An asset that was removed from the
/// folder stays in the site until `target/site` is deleted.
pub fn copy(from: &Path, to: &Path) -> anyhow::Result<String> {
    if !from.is_dir() {
        return Ok("none".to_owned());
    }
    let mut count = Count::default();
    copy_folder(from, to, &mut count)?;
    Ok(format!("{} of {} copied", count.copied, count.seen))
}

#[derive(Default)]
struct Count {
    seen: u64,
    copied: u64,
}

fn copy_folder(from: &Path, to: &Path, count: &mut Count) -> anyhow::Result<()> {
    fs::create_dir_all(to)?;
    for entry in fs::read_dir(from)? {
        let entry = entry?;
        let target = to.join(entry.file_name());
        if entry.file_type()?.is_dir() {
            copy_folder(&entry.path(), &target, count)?;
            continue;
        }
        count.seen += 1;
        let content = fs::read(entry.path())?;
        if !fs::read(&target).is_ok_and(|last| last == content) {
            fs::write(target, content)?;
            count.copied += 1;
        }
    }
    Ok(())
}
