package dev.kerrera.db.migration;

import java.io.Serializable;
import java.util.List;

/**
 * What a {@link Migrator} found in a schema, or made of it: fit for work, or refused. Immutable; {@link #describe()} gives
 * the text a health check or a log shows.
 */
public sealed interface SchemaStatus {

    /** The schema looked at: Oban's <em>prefix</em>, as configured and unquoted. */
    String schema();

    /** One line when ready, one line per problem when refused. */
    String describe();

    /**
     * This status, if the schema is fit for work.
     *
     * @throws SchemaRefusedException if it is not
     */
    Ready orElseThrow();

    /** Whether Kerrera found Oban's tables or created them. */
    enum Origin {
        FOUND,
        CREATED;

        @Override
        public String toString() {
            return this == FOUND ? "found" : "created";
        }
    }

    /**
     * The schema is fit for work.
     *
     * @param obanVersion Oban's version record: {@code 14}, or {@code ∞} for a schema managed elsewhere
     * @param origin whether Oban's tables were there already
     * @param kerreraVersion the newest of Kerrera's own migrations in the schema; higher than this Kerrera knows while a
     *     newer node runs beside it
     */
    record Ready(String schema, String obanVersion, Origin origin, int kerreraVersion) implements SchemaStatus {

        @Override
        public String describe() {
            return "schema %s, oban v%s (%s), kerrera v%d".formatted(schema, obanVersion, origin, kerreraVersion);
        }

        @Override
        public Ready orElseThrow() {
            return this;
        }
    }

    /**
     * The schema is not fit for work, and nothing in it was changed.
     *
     * @param problems all that is missing or different, never empty
     * @param remedy what an operator can do about it
     */
    record Refused(String schema, List<String> problems, String remedy) implements SchemaStatus, Serializable {

        /** Copies the list. */
        public Refused {
            problems = List.copyOf(problems);
        }

        @Override
        public String describe() {
            return "schema %s refused:\n  - %s\nRemedy: %s".formatted(schema, String.join("\n  - ", problems), remedy);
        }

        @Override
        public Ready orElseThrow() {
            throw new SchemaRefusedException(this);
        }
    }
}
