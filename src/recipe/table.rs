use super::classic::{self, Expose, Health};
use super::{Family, Recipe, Rules, buildah, buildkit};

/// The classic builder of Docker 17.10 to 23, from which the others are described.
const CLASSIC: classic::Rules = classic::Rules {
    two_blanks: true,
    workdir_two_blanks: false,
    plain_commands: false,
    expose: Expose::Words,
    listed_words: false,
    address: "",
    chown_glued: true,
    keeps_slash: true,
    health: Health::Three,
};

/// BuildKit 0.5 to 0.11, from which the others are described.
const BUILDKIT: buildkit::Rules = buildkit::Rules {
    workdir_empty: false,
    copy_flags: false,
    effective_arguments: false,
    arguments_once: false,
    expose_map: true,
    health: Health::Three,
};
const BUILDKIT_0_12: buildkit::Rules = buildkit::Rules { health: Health::Four, ..BUILDKIT };
const BUILDKIT_0_13: buildkit::Rules = buildkit::Rules { copy_flags: true, ..BUILDKIT_0_12 };
const BUILDKIT_0_14: buildkit::Rules = buildkit::Rules { effective_arguments: true, ..BUILDKIT_0_13 };
const BUILDKIT_0_18: buildkit::Rules = buildkit::Rules { arguments_once: true, ..BUILDKIT_0_14 };
const BUILDKIT_0_25: buildkit::Rules = buildkit::Rules { expose_map: false, ..BUILDKIT_0_18 };
const BUILDKIT_0_30: buildkit::Rules = buildkit::Rules { health: Health::Named, ..BUILDKIT_0_25 };

const CLASSIC_1_6: classic::Rules =
    classic::Rules { two_blanks: false, expose: Expose::Ports, listed_words: true, address: "tarsum.v1+sha256:", ..CLASSIC };
const CLASSIC_1_13: classic::Rules =
    classic::Rules { expose: Expose::Ports, listed_words: true, address: "tarsum.v1+sha256:", ..CLASSIC };

/// The docker release with which each way of the classic builder began.
pub(super) const CLASSIC_SINCE: [((u16, u16), &str); 11] = [
    ((1, 0), "classic-1.0"),
    ((1, 4), "classic-1.4"),
    ((1, 6), "classic-1.6"),
    ((1, 8), "classic-1.8"),
    ((1, 12), "classic-1.12"),
    ((1, 13), "classic-1.13"),
    ((17, 6), "classic-17.06"),
    ((17, 10), "classic-17.10"),
    ((24, 0), "classic-24"),
    ((25, 0), "classic-25"),
    ((29, 0), "classic-29"),
];

/// Every recipe, newest first within its builder: among equals the first one names the builder.
pub const RECIPES: &[Recipe] = &[
    recipe("classic-29", "the classic builder of Docker 29", classic::Rules { health: Health::Named, ..CLASSIC_25 }),
    recipe("classic-25", "the classic builder of Docker 25 to 28", CLASSIC_25),
    recipe("classic-24", "the classic builder of Docker 24", classic::Rules { keeps_slash: false, ..CLASSIC }),
    recipe("classic-17.10", "the classic builder of Docker 17.10 to 23", CLASSIC),
    recipe("classic-17.06", "the classic builder of Docker 17.06 to 17.09", classic::Rules { address: "", ..CLASSIC_1_13 }),
    recipe("classic-1.13", "the classic builder of Docker 1.13 to 17.05", CLASSIC_1_13),
    recipe("classic-1.12", "the classic builder of Docker 1.12", classic::Rules { workdir_two_blanks: true, ..CLASSIC_1_13 }),
    recipe("classic-1.8", "the classic builder of Docker 1.8 to 1.11", CLASSIC_1_6),
    recipe(
        "classic-1.6",
        "the classic builder of Docker 1.6 and 1.7",
        classic::Rules { address: "tarsum+sha256:", ..CLASSIC_1_6 },
    ),
    recipe("classic-1.4", "the classic builder of Docker 1.4 and 1.5", CLASSIC_1_4),
    recipe("classic-1.0", "the classic builder of Docker 1.0 to 1.3", classic::Rules { expose: Expose::List, ..CLASSIC_1_4 }),
    front_end("buildkit-0.30", "BuildKit 0.30 or later (Docker 29.7)", BUILDKIT_0_30),
    front_end("buildkit-0.25", "BuildKit 0.25 to 0.29 (Docker 28.5 to 29.6)", BUILDKIT_0_25),
    front_end("buildkit-0.18", "BuildKit 0.18 to 0.24 (Docker 28.0 to 28.4)", BUILDKIT_0_18),
    front_end("buildkit-0.14", "BuildKit 0.14 to 0.17 (Docker 27)", BUILDKIT_0_14),
    front_end("buildkit-0.13", "BuildKit 0.13 (Docker 26)", BUILDKIT_0_13),
    front_end("buildkit-0.12", "BuildKit 0.12 (Docker 25)", BUILDKIT_0_12),
    front_end("buildkit-0.5", "BuildKit 0.5 to 0.11 (Docker 19.03 to 24)", BUILDKIT),
    front_end("buildkit-0.3", "BuildKit 0.3 and 0.4 (Docker 18.09)", buildkit::Rules { workdir_empty: true, ..BUILDKIT }),
    Recipe {
        id: "buildah-1.41",
        family: Family::Buildah,
        versions: "buildah 1.41 or later (Podman 5.6)",
        rules: Rules::Buildah(buildah::Rules { slots: true }),
    },
    Recipe {
        id: "buildah-1.28",
        family: Family::Buildah,
        versions: "buildah up to 1.40 (Podman up to 5.5)",
        rules: Rules::Buildah(buildah::Rules { slots: false }),
    },
    Recipe { id: "kaniko", family: Family::Kaniko, versions: "kaniko", rules: Rules::Kaniko },
];

const CLASSIC_25: classic::Rules = classic::Rules { chown_glued: false, keeps_slash: false, health: Health::Four, ..CLASSIC };
const CLASSIC_1_4: classic::Rules = classic::Rules { plain_commands: true, address: "tarsum+sha256:", ..CLASSIC_1_6 };

const fn recipe(id: &'static str, versions: &'static str, rules: classic::Rules) -> Recipe {
    Recipe { id, family: Family::Classic, versions, rules: Rules::Classic(rules) }
}

const fn front_end(id: &'static str, versions: &'static str, rules: buildkit::Rules) -> Recipe {
    Recipe { id, family: Family::BuildKit, versions, rules: Rules::BuildKit(rules) }
}
