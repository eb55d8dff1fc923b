package dev.kerrera.db.migration;

import static dev.kerrera.db.migration.Migrator.OBAN_VERSION;

import dev.kerrera.config.Prefix;
import dev.kerrera.db.migration.SchemaStatus.Refused;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Decides whether a schema may be worked with as it is found, and says what to do when it may not. */
record Admission(Prefix schema, Inventory found) {

    /** Oban's version record for a schema that someone else manages and keeps current. */
    private static final String MANAGED_ELSEWHERE = "∞";

    /** Why {@code migrate} must keep its hands off; empty when it may go on. */
    Optional<Refused> refusal() {
        if (!found.schemaExists() && schema.isPublic()) {
            return refused(
                    List.of("schema public does not exist"), "Create it, or point kerrera.prefix at another schema");
        }
        return found.withoutOban() ? ownRefusal() : obanRefusal().or(this::ownRefusal);
    }

    /** What {@code migrate} would still have to create; empty when there is nothing left to do. */
    Optional<Refused> incomplete() {
        List<String> missing = new ArrayList<>();
        if (!found.schemaExists()) {
            missing.add("schema " + schema + " does not exist");
        }
        if (found.withoutOban()) {
            missing.add("oban's tables are missing, needs oban v" + OBAN_VERSION);
        }
        if (!found.pending().isEmpty()) {
            missing.add("found kerrera v" + found.ownVersion() + ", needs v" + OwnMigration.LATEST);
        }
        return missing.isEmpty()
                ? Optional.empty()
                : refused(
                        missing,
                        "Start one node with kerrera.migrate=true, or have the missing part of"
                                + " Migrator.script run by a role that may create tables");
    }

    private Optional<Refused> obanRefusal() {
        String comment = found.comment();
        if (comment != null && comment.matches("\\d{1,9}") && Integer.parseInt(comment) != OBAN_VERSION) {
            return otherVersion(Integer.parseInt(comment));
        }
        boolean recorded = String.valueOf(OBAN_VERSION).equals(comment) || MANAGED_ELSEWHERE.equals(comment);
        List<String> shape = ObanShape.problems(found);
        List<String> problems = new ArrayList<>();
        if (!recorded && found.tables().containsKey(Inventory.JOBS)) {
            problems.add(unreadable(comment));
        }
        problems.addAll(shape);
        return problems.isEmpty() ? Optional.empty() : refused(problems, shapeRemedy(shape));
    }

    private Optional<Refused> otherVersion(int version) {
        List<String> problem = List.of("found oban v" + version + ", needs v" + OBAN_VERSION);
        if (version > OBAN_VERSION) {
            return refused(
                    problem, "Use a Kerrera that knows oban v" + version + ", or keep the schema at v" + OBAN_VERSION);
        }
        return refused(
                problem,
                "Run Oban's own migrations up to " + OBAN_VERSION
                        + " from the Elixir application: Oban.Migration.up(version: " + OBAN_VERSION + ", prefix: \""
                        + schema + "\"). Kerrera does not upgrade older Oban schemas");
    }

    private static String unreadable(@Nullable String comment) {
        return comment == null
                ? "table oban_jobs carries no version comment"
                : "the comment on table oban_jobs is '" + comment + "', which is no version";
    }

    private String shapeRemedy(List<String> shape) {
        return shape.isEmpty()
                ? "The tables are complete and only their version record is lost. Restore it by hand: COMMENT ON TABLE "
                        + schema.quoted() + ".oban_jobs IS '" + OBAN_VERSION + "'"
                : "Bring the schema to oban v" + OBAN_VERSION
                        + " by what made it (Oban's own migrations, a backup), or point"
                        + " kerrera.prefix at another schema. Kerrera does not repair partial schemas";
    }

    private Optional<Refused> ownRefusal() {
        List<String> changed = OwnMigration.ALL.stream()
                .filter(this::installedFromAnotherScript)
                .map(step -> "kerrera v%d (%s) was installed from another script"
                        .formatted(step.version(), step.description()))
                .toList();
        return changed.isEmpty()
                ? Optional.empty()
                : refused(changed, "Use the Kerrera that installed it, or restore kerrera_migrations if it was edited");
    }

    private boolean installedFromAnotherScript(OwnMigration step) {
        String installed = found.ownChecksums().get(step.version());
        return installed != null && !installed.equals(step.script().checksum());
    }

    private Optional<Refused> refused(List<String> problems, String remedy) {
        return Optional.of(new Refused(schema.name(), problems, remedy));
    }
}
