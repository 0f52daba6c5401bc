//! Repositories that strangers made: with programs to run, with parts missing, damaged or huge.

use std::fs;
use std::os::unix::fs::PermissionsExt as _;
use std::path::{Path, PathBuf};

use gix::ObjectId;
use gix::objs::tree::{Entry, EntryKind};
use gix::objs::{Commit, Tree};

use super::repository::{BEGINNING, Repository as Builder};
use super::{GitRepository, NotedLine, SnapshotRequest};
use crate::domain::activity::{Event, Repository, RepositorySnapshot, Window};
use crate::domain::clock::Timestamp;
use crate::domain::ids::ProjectId;
use crate::sources::{SourceError, Watch};

const DAY: i64 = 86_400;

fn opened(path: &Path) -> GitRepository {
    let wanted = Repository { path: String::new(), source: None };
    GitRepository::open(path, &wanted).expect("it opens")
}

/// All that is ever read of a repository: the events, and the tree with every text in it.
fn read(git: &GitRepository) -> Result<(Vec<Event>, RepositorySnapshot), SourceError> {
    let at = |seconds: i64| Timestamp::from_ms((BEGINNING + seconds) * 1_000);
    let window = Window { start: at(-DAY), end: at(30 * DAY) };
    let history = git.history(window, Watch::nobody())?;
    let events = git.read(ProjectId::from_bytes([1; 16]), &history.commits, Watch::nobody())?;
    let noted = events.iter().filter_map(|event| event.facts.commit());
    let noted = noted.flat_map(|commit| commit.lines.iter().map(|line| (&commit.sha, line)));
    let noted = noted.map(|(sha, line)| NotedLine {
        path: line.path.clone(),
        text: line.text.clone(),
        sha: sha.clone(),
    });
    let request = SnapshotRequest { wants: &|_| true, history: 100, noted: noted.collect() };
    let snapshot = git.snapshot(history, request, Watch::nobody())?;
    Ok((events, snapshot))
}

fn event<'e>(events: &'e [Event], sha: &str) -> &'e Event {
    events.iter().find(|event| event.external_id == sha).expect("it was read")
}

/// Where an object lies that was never packed.
fn loose(path: &Path, id: &str) -> PathBuf {
    path.join("objects").join(&id[..2]).join(&id[2..])
}

/// A commit on `main` whose tree has these entries and no others.
fn commit(path: &Path, entries: Vec<Entry>, author: &[u8]) -> String {
    let git = gix::open(path).expect("a repository");
    let signature = gix::actor::Signature {
        name: author.into(),
        email: "a@example.org".into(),
        time: gix::date::Time { seconds: BEGINNING + 5 * DAY, offset: 0 },
    };
    let parent = git.head_id().ok().map(gix::Id::detach);
    let commit = Commit {
        tree: git.write_object(&Tree { entries }).expect("written").detach(),
        parents: parent.into_iter().collect(),
        author: signature.clone(),
        committer: signature,
        encoding: None,
        message: [b"Change it for ", author].concat().into(),
        extra_headers: Vec::new(),
    };
    let id = git.write_object(&commit).expect("written").to_string();
    fs::write(path.join("refs/heads/main"), format!("{id}\n")).expect("written");
    id
}

fn blob(path: &Path, bytes: &[u8]) -> ObjectId {
    gix::open(path).expect("a repository").write_blob(bytes).expect("written").detach()
}

fn entry(name: &[u8], kind: EntryKind, oid: ObjectId) -> Entry {
    Entry { mode: kind.into(), filename: name.into(), oid }
}

#[test]
fn nothing_that_a_repository_names_is_run() {
    let dir = tempfile::tempdir().expect("a directory");
    let ran = dir.path().join("ran");
    let program = dir.path().join("program");
    let script = format!("#!/bin/sh\necho \"$0 $*\" >> {}\ncat\n", ran.display());
    fs::write(&program, &script).expect("written");
    fs::set_permissions(&program, fs::Permissions::from_mode(0o755)).expect("it may run");
    let path = dir.path().join("mill.git");
    let mut git = Builder::new(&path);
    let attributes = "* filter=own diff=own merge=own\n*.rs working-tree-encoding=UTF-16\n";
    let first = [(".gitattributes", Some(attributes)), ("a.rs", Some("one\n"))];
    git.commit("main", "Ada", 0, "begin", &first);
    let second = git.commit("main", "Ada", DAY, "turn", &[("a.rs", Some("one\n// TODO: two\n"))]);
    fs::create_dir_all(path.join("info")).expect("made");
    fs::write(path.join("info/attributes"), attributes).expect("written");
    fs::create_dir_all(path.join("hooks")).expect("made");
    for hook in
        ["post-checkout", "fsmonitor-watchman", "reference-transaction", "post-index-change"]
    {
        fs::copy(&program, path.join("hooks").join(hook)).expect("copied");
    }
    let program = program.display();
    let config = format!(
        "[core]\n\tfsmonitor = {program}\n\thooksPath = {0}\n\tpager = {program}\n\
         \tsshCommand = {program}\n\taskPass = {program}\n\tattributesFile = {0}/attributes\n\
         [diff]\n\texternal = {program}\n\
         [diff \"own\"]\n\tcommand = {program}\n\ttextconv = {program}\n\
         [filter \"own\"]\n\tclean = {program}\n\tsmudge = {program}\n\tprocess = {program}\n\
         \trequired = true\n\
         [merge \"own\"]\n\tdriver = {program}\n[credential]\n\thelper = {program}\n\
         [uploadpack]\n\tpackObjectsHook = {program}\n[extensions]\n\tpartialClone = origin\n\
         [remote \"origin\"]\n\turl = ext::{program}\n\tpromisor = true\n",
        path.join("hooks").display()
    );
    fs::write(path.join("config"), config).expect("written");
    // An object that is missing is not asked for where the settings say that it can be had.
    let git = opened(&path);
    let (events, snapshot) = read(&git).expect("it is read");
    let turn = event(&events, &second).facts.commit().expect("a commit");
    assert_eq!((turn.paths[0].added, turn.lines.len()), (1, 1), "as it is stored, not as filtered");
    assert_eq!(snapshot.text("a.rs"), Some("one\n// TODO: two\n"));
    let gone = blob(&path, b"nobody has it\n");
    let last = commit(&path, vec![entry(b"a.rs", EntryKind::Blob, gone)], b"Ada");
    fs::remove_file(loose(&path, &gone.to_string())).expect("it was there");
    let (events, snapshot) = read(&opened(&path)).expect("it is read");
    assert_eq!(event(&events, &last).facts.commit().expect("a commit").paths_total, 2);
    assert!(snapshot.texts.is_empty());
    let said = fs::read_to_string(&ran).unwrap_or_default();
    assert!(!ran.exists(), "a program was run: {said}");
}

#[test]
fn a_submodule_is_neither_a_file_nor_followed() {
    let dir = tempfile::tempdir().expect("a directory");
    Builder::new(dir.path()).commit("main", "Ada", 0, "begin", &[("a.rs", Some("one\n"))]);
    let elsewhere = ObjectId::from_hex(&[b'a'; 40]).expect("an id");
    let modules = blob(dir.path(), b"[submodule \"s\"]\n\tpath = s\n\turl = ext::sh -c false\n");
    let entries = vec![
        entry(b".gitmodules", EntryKind::Blob, modules),
        entry(b"link", EntryKind::Link, blob(dir.path(), b"/etc/passwd")),
        entry(b"s", EntryKind::Commit, elsewhere),
    ];
    let sha = commit(dir.path(), entries, b"Ada");
    let (events, snapshot) = read(&opened(dir.path())).expect("it is read");
    let paths = &event(&events, &sha).facts.commit().expect("a commit").paths;
    let paths: Vec<&str> = paths.iter().map(|change| change.path.as_str()).collect();
    assert_eq!(paths, [".gitmodules", "a.rs"]);
    let files: Vec<&str> = snapshot.files.iter().map(|file| file.path.as_str()).collect();
    assert_eq!(files, [".gitmodules"], "what a link leads to is not the repository's");
}

#[test]
fn a_shallow_clone_tells_what_it_has() {
    let dir = tempfile::tempdir().expect("a directory");
    let mut git = Builder::new(dir.path());
    let first = git.commit("main", "Ada", 0, "begin", &[("a.rs", Some("one\n"))]);
    let second = git.commit("main", "Ada", DAY, "turn", &[("b.rs", Some("two\n"))]);
    let third = git.commit("main", "Bob", 2 * DAY, "oil", &[("b.rs", Some("two\nthree\n"))]);
    fs::write(dir.path().join("shallow"), format!("{second}\n")).expect("written");
    fs::remove_file(loose(dir.path(), &first)).expect("it was there");
    let (events, snapshot) = read(&opened(dir.path())).expect("it is read");
    let shas: Vec<&str> = events.iter().map(|event| event.external_id.as_str()).collect();
    assert_eq!(shas, [third.as_str(), second.as_str()]);
    assert_eq!(event(&events, &third).facts.commit().expect("a commit").paths[0].added, 1);
    assert_eq!(snapshot.files.len(), 2);
}

#[test]
fn a_damaged_object_is_an_error_or_a_gap_and_never_a_panic() {
    let dir = tempfile::tempdir().expect("a directory");
    let mut git = Builder::new(dir.path());
    git.commit("main", "Ada", 0, "begin", &[("a.rs", Some("one\n"))]);
    let second = git.commit("main", "Ada", DAY, "turn", &[("a.rs", Some("one\ntwo\n"))]);
    git.commit("main", "Bob", 2 * DAY, "oil", &[("b.rs", Some("three\n"))]);
    let damage = |id: &str, bytes: &[u8]| {
        let path = loose(dir.path(), id);
        let whole = fs::read(&path).expect("it is there");
        fs::remove_file(&path).expect("it may go");
        fs::write(&path, bytes).expect("written");
        move || {
            fs::remove_file(&path).expect("it may go");
            fs::write(&path, whole).expect("written");
        }
    };
    // A text: the commit is told without its lines.
    let text = blob(dir.path(), b"one\ntwo\n").to_string();
    for bytes in [&b""[..], b"no zlib at all", &[0x78, 0x9c, 0x4b]] {
        let mend = damage(&text, bytes);
        let (events, _) = read(&opened(dir.path())).expect("the rest is read");
        let turn = event(&events, &second).facts.commit().expect("a commit");
        assert_eq!((events.len(), turn.paths[0].added), (3, 0));
        mend();
    }
    // A commit on the way: nobody knows what came before it.
    let mend = damage(&second, b"no zlib at all");
    let refused = read(&opened(dir.path())).map(drop).expect_err("refused").to_string();
    assert!(refused.starts_with("the repository cannot be read"), "{refused}");
    mend();
    assert_eq!(read(&opened(dir.path())).expect("it is whole again").0.len(), 3);
    // The newest one: nothing of a repository is not the same as an empty one.
    let tip = fs::read_to_string(dir.path().join("refs/heads/main")).expect("a branch");
    let mend = damage(tip.trim(), b"no zlib at all");
    let refused = read(&opened(dir.path())).map(drop).expect_err("refused").to_string();
    assert!(refused.starts_with("the repository cannot be read"), "{refused}");
    mend();
    // A branch that leads nowhere.
    fs::write(dir.path().join("refs/heads/gone"), format!("{}\n", "b".repeat(40)))
        .expect("written");
    fs::write(dir.path().join("refs/heads/odd"), "no id\n").expect("written");
    assert_eq!(read(&opened(dir.path())).expect("passed over").1.branches.len(), 1);
}

#[test]
fn a_huge_file_is_listed_and_its_text_is_not_read() {
    let dir = tempfile::tempdir().expect("a directory");
    let mut git = Builder::new(dir.path());
    let noted = "// TODO: split it\n";
    git.commit("main", "Ada", 0, "begin", &[("a.rs", Some(noted))]);
    let huge = noted.repeat((2 << 20) / noted.len());
    let sha = git.commit("main", "Ada", DAY, "grow", &[("a.rs", Some(&huge))]);
    let (events, snapshot) = read(&opened(dir.path())).expect("it is read");
    let grow = event(&events, &sha).facts.commit().expect("a commit");
    assert_eq!((grow.paths[0].added, grow.lines.len()), (0, 0));
    assert_eq!(snapshot.files[0].bytes, huge.len() as u64);
    assert!(snapshot.texts.is_empty() && snapshot.standing.is_empty());
}

#[test]
fn names_that_are_no_text_are_shown_as_well_as_can_be() {
    let dir = tempfile::tempdir().expect("a directory");
    drop(Builder::new(dir.path()));
    let text = blob(dir.path(), b"caf\xe9\nau lait\n");
    let entries = vec![
        entry(b"a\n\x1b[31m.rs", EntryKind::Blob, text),
        entry(b"caf\xe9.rs", EntryKind::Blob, text),
    ];
    let sha = commit(dir.path(), entries, b"Ren\xe9e \x07");
    let (events, snapshot) = read(&opened(dir.path())).expect("it is read");
    let found = event(&events, &sha);
    assert!(found.author.name.starts_with("Ren\u{fffd}e"), "{:?}", found.author);
    assert!(found.title.starts_with("Change it for Ren\u{fffd}e"), "{:?}", found.title);
    let paths = &found.facts.commit().expect("a commit").paths;
    assert_eq!((paths[1].path.as_str(), paths[1].added), ("caf\u{fffd}.rs", 2));
    assert_eq!(snapshot.text("caf\u{fffd}.rs"), Some("caf\u{fffd}\nau lait\n"));
}

/// An object of this name that is not what it says, written as git writes them.
fn write_loose(path: &Path, id: &str, bytes: &[u8]) {
    let length = u16::try_from(bytes.len()).expect("a short one");
    let (mut low, mut high) = (1_u32, 0_u32);
    for byte in bytes {
        low = (low + u32::from(*byte)) % 65_521;
        high = (high + low) % 65_521;
    }
    let mut stored = vec![0x78, 0x01, 0x01];
    stored.extend(length.to_le_bytes());
    stored.extend((!length).to_le_bytes());
    stored.extend(bytes);
    stored.extend(((high << 16) | low).to_be_bytes());
    let file = loose(path, id);
    fs::create_dir_all(file.parent().expect("below it")).expect("made");
    fs::write(file, stored).expect("written");
}

#[test]
fn an_object_that_says_it_is_huge_is_not_made_room_for() {
    let dir = tempfile::tempdir().expect("a directory");
    let mut git = Builder::new(dir.path());
    let first = git.commit("main", "Ada", 0, "begin", &[("a.rs", Some("one\n"))]);
    for kind in ["tree", "commit"] {
        let id = "d".repeat(40);
        write_loose(dir.path(), &id, format!("{kind} 900000000000\0").as_bytes());
        let text = if kind == "tree" {
            let last = commit(dir.path(), Vec::new(), b"Ada");
            let text = gix::open(dir.path()).expect("it opens");
            let commit = text.find_commit(ObjectId::from_hex(last.as_bytes()).expect("an id"));
            let own = commit.expect("it is there").data.clone();
            let own = String::from_utf8(own).expect("a text");
            let tree = own.lines().next().expect("a tree").to_owned();
            own.replace(&tree, &format!("tree {id}"))
        } else {
            format!(
                "tree {id}\nparent {id}\nauthor A <a> 1790000000 +0000\ncommitter A <a> \
                     1790000000 +0000\n\nx\n"
            )
        };
        let tip = "e".repeat(40);
        write_loose(dir.path(), &tip, format!("commit {}\0{text}", text.len()).as_bytes());
        fs::write(dir.path().join("refs/heads/main"), format!("{tip}\n")).expect("written");
        let refused = read(&opened(dir.path())).map(drop).expect_err("refused").to_string();
        assert!(refused.starts_with("the repository cannot be read"), "{kind}: {refused}");
        fs::write(dir.path().join("refs/heads/main"), format!("{first}\n")).expect("written");
        fs::remove_file(loose(dir.path(), &tip)).expect("it was there");
    }
    assert_eq!(read(&opened(dir.path())).expect("it is whole").0.len(), 1);
}

#[test]
fn a_head_that_is_at_no_branch_is_read_from_where_it_is() {
    let dir = tempfile::tempdir().expect("a directory");
    let mut git = Builder::new(dir.path());
    let first = git.commit("main", "Ada", 0, "begin", &[("a.rs", Some("one\n"))]);
    let second = git.commit("main", "Ada", DAY, "turn", &[("b.rs", Some("two\n"))]);
    fs::write(dir.path().join("HEAD"), format!("{first}\n")).expect("written");
    let (events, snapshot) = read(&opened(dir.path())).expect("it is read");
    assert_eq!((snapshot.default_branch.as_str(), snapshot.head.as_str()), ("", first.as_str()));
    assert_eq!(snapshot.files.len(), 1);
    assert_eq!(event(&events, &second).branches, ["main"]);
    assert_eq!(events.len(), 2);
    // At a commit that is not there.
    fs::write(dir.path().join("HEAD"), format!("{}\n", "b".repeat(40))).expect("written");
    let found = read(&opened(dir.path())).map(|(events, _)| events.len());
    assert_eq!(found, Ok(2), "the branches are there all the same");
    // At a branch that nobody ever pushed.
    fs::write(dir.path().join("HEAD"), "ref: refs/heads/master\n").expect("written");
    git.branch("wheel", "main");
    git.commit("wheel", "Bob", 2 * DAY, "oil", &[("c.rs", Some("three\n"))]);
    let (events, snapshot) = read(&opened(dir.path())).expect("it is read");
    assert_eq!((snapshot.default_branch.as_str(), snapshot.head.as_str()), ("main", &*second));
    assert_eq!(events.len(), 3);
}

#[test]
fn a_damaged_pack_is_an_error_and_never_a_panic() {
    let dir = tempfile::tempdir().expect("a directory");
    let mut git = Builder::new(dir.path());
    git.commit("main", "Ada", 0, "begin", &[("a.rs", Some("one\n"))]);
    let packs = dir.path().join("objects/pack");
    fs::create_dir_all(&packs).expect("made");
    let name = format!("pack-{}", "a".repeat(40));
    for (index, pack) in [
        (&b""[..], &b""[..]),
        (b"\xfftOc\0\0\0\x02", b"PACK\0\0\0\x02\0\0\0\x01"),
        (b"no index at all, but long enough to be taken for one", b"PACK"),
    ] {
        fs::write(packs.join(format!("{name}.idx")), index).expect("written");
        fs::write(packs.join(format!("{name}.pack")), pack).expect("written");
        // What lies beside it may be read or not; the reader stays whole.
        match read(&opened(dir.path())) {
            Ok((events, _)) => assert_eq!(events.len(), 1),
            Err(error) => assert!(error.to_string().starts_with("the repository cannot be read")),
        }
    }
}
