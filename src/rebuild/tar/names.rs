//! User and group names of a Debian host: docker as Debian packaged it up to 20.10 wrote the host's names into layers.
//! The numbers are those of Debian's `base-passwd`, which every Debian system has.

#[rustfmt::skip]
const USERS: &[(u32, &str)] = &[
    (0, "root"), (1, "daemon"), (2, "bin"), (3, "sys"), (4, "sync"), (5, "games"), (6, "man"), (7, "lp"), (8, "mail"), (9, "news"),
    (10, "uucp"), (13, "proxy"), (33, "www-data"), (34, "backup"), (38, "list"), (39, "irc"), (41, "gnats"), (65534, "nobody"),
];

#[rustfmt::skip]
const GROUPS: &[(u32, &str)] = &[
    (0, "root"), (1, "daemon"), (2, "bin"), (3, "sys"), (4, "adm"), (5, "tty"), (6, "disk"), (7, "lp"), (8, "mail"), (9, "news"),
    (10, "uucp"), (12, "man"), (13, "proxy"), (15, "kmem"), (20, "dialout"), (21, "fax"), (22, "voice"), (24, "cdrom"),
    (25, "floppy"), (26, "tape"), (27, "sudo"), (29, "audio"), (30, "dip"), (33, "www-data"), (34, "backup"), (37, "operator"),
    (38, "list"), (39, "irc"), (40, "src"), (41, "gnats"), (42, "shadow"), (43, "utmp"), (44, "video"), (45, "sasl"),
    (46, "plugdev"), (50, "staff"), (60, "games"), (100, "users"), (65534, "nogroup"),
];

/// The user's name, empty where Debian has none for the number.
pub(super) fn user(uid: u32) -> &'static str {
    find(USERS, uid)
}

/// The group's name, empty where Debian has none for the number.
pub(super) fn group(gid: u32) -> &'static str {
    find(GROUPS, gid)
}

fn find(table: &[(u32, &'static str)], id: u32) -> &'static str {
    table.binary_search_by_key(&id, |(id, _)| *id).map_or("", |index| table[index].1)
}
