package dev.kerrera.config;

import static java.nio.charset.StandardCharsets.UTF_8;

/**
 * The schema everything lives in, Oban's <em>prefix</em>, checked once and quoted for SQL.
 *
 * @param name name of the schema as PostgreSQL stores it, without quotes
 */
public record Prefix(String name) {

    /** PostgreSQL takes 63 bytes for a channel, and {@code cronitor} is the longest channel Oban uses. */
    static final int MAX_BYTES = 63 - ".oban_cronitor".length();

    private static final String SCHEMA = "${schema}";

    /**
     * Checks the name.
     *
     * @throws IllegalArgumentException if it is blank, contains a dot or NUL, begins with {@code pg_} or is too long
     */
    public Prefix {
        require(!name.isBlank(), "must name a schema, was blank", name);
        require(name.indexOf('\0') < 0, "must not contain a NUL character", name);
        require(name.indexOf('.') < 0, "must not contain a dot: Oban splits channel names at the first one", name);
        require(!name.startsWith("pg_"), "must not start with pg_: PostgreSQL keeps those names for itself", name);
        int bytes = name.getBytes(UTF_8).length;
        require(
                bytes <= MAX_BYTES,
                "must be at most " + MAX_BYTES + " bytes, was " + bytes
                        + ": the channel \"<prefix>.oban_cronitor\" has to fit PostgreSQL's 63",
                name);
    }

    /** The name as an SQL identifier, always double-quoted. */
    public String quoted() {
        return '"' + name.replace("\"", "\"\"") + '"';
    }

    /** Puts the schema where a statement says <code>$&#123;schema}</code>. */
    public String in(String sql) {
        return sql.replace(SCHEMA, quoted());
    }

    /** Whether it is the schema every database has. */
    public boolean isPublic() {
        return name.equals("public");
    }

    private static void require(boolean holds, String rule, String name) {
        if (!holds) {
            throw new IllegalArgumentException("prefix " + rule + " (prefix: \"" + name + "\")");
        }
    }

    @Override
    public String toString() {
        return name;
    }
}
