package dev.kerrera.db.migration;

import static java.nio.charset.StandardCharsets.UTF_8;

/** The schema everything lives in, Oban's <em>prefix</em>, checked once and quoted for SQL. */
record SchemaName(String value) {

    /** PostgreSQL takes 63 bytes for a channel, and {@code cronitor} is the longest channel Oban uses. */
    static final int MAX_BYTES = 63 - ".oban_cronitor".length();

    SchemaName {
        require(!value.isBlank(), "must name a schema, was blank", value);
        require(value.indexOf('\0') < 0, "must not contain a NUL character", value);
        require(value.indexOf('.') < 0, "must not contain a dot: Oban splits channel names at the first one", value);
        require(!value.startsWith("pg_"), "must not start with pg_: PostgreSQL keeps those names for itself", value);
        int bytes = value.getBytes(UTF_8).length;
        require(
                bytes <= MAX_BYTES,
                "must be at most " + MAX_BYTES + " bytes, was " + bytes
                        + ": the channel \"<prefix>.oban_cronitor\" has to fit PostgreSQL's 63",
                value);
    }

    /** The name as an SQL identifier, always double-quoted. */
    String quoted() {
        return '"' + value.replace("\"", "\"\"") + '"';
    }

    boolean isPublic() {
        return value.equals("public");
    }

    private static void require(boolean holds, String rule, String value) {
        if (!holds) {
            throw new IllegalArgumentException("prefix " + rule + " (prefix: \"" + value + "\")");
        }
    }

    @Override
    public String toString() {
        return value;
    }
}
